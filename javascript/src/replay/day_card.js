// The day of the selected person, as a list.

/** @import { Run } from "./run.js" */

import { element } from "../shared/dom.js";
import { DAY, clock } from "../shared/time.js";

/** @typedef {{ text: string, status: "done" | "now" | "next", shade: string }} DayEntry */

/**
 * Return what a person does on the day of a minute.
 *
 * @param {Run} run
 * @param {number} person
 * @param {number} now Row that holds at that minute.
 * @param {number} minute
 * @returns {DayEntry[]}
 */
export function dayEntries({ payload, track }, person, now, minute) {
  const { first, start, end, doing, place } = track;
  const morning = dayOf(minute) * DAY;
  /** @type {DayEntry[]} */
  const entries = [];
  for (let row = first[person]; row < first[person + 1]; row++) {
    if (end[row] <= morning || start[row] >= morning + DAY) continue;
    const status = row < now ? "done" : row === now ? "now" : "next";
    const where = place[row] < 0 ? "" : ` · ${payload.places[place[row]]}`;
    const text = `${clock(start[row])}-${clock(end[row])} ${payload.activities[doing[row]]}${where}`;
    entries.push({ text, status, shade: payload.shades[payload.groups[doing[row]]] });
  }
  return entries;
}

/**
 * Return the number of the day, from 0; a midnight belongs to the day before.
 *
 * @param {number} minute
 */
function dayOf(minute) {
  return Math.floor(Math.max(minute - 1, 0) / DAY);
}

export class DayCard {
  /**
   * @param {HTMLElement} node Its contents are replaced.
   * @param {Run} run
   */
  constructor(node, run) {
    this.node = node;
    this.run = run;
    /** What is shown, so that the same is not made twice. */
    this.shown = "";
  }

  /**
   * @param {number} person Row of the selected person, -1 for nobody.
   * @param {Int32Array} rows Of the moment.
   * @param {number} minute
   */
  show(person, rows, minute) {
    const wanted = person < 0 ? "nobody" : `${person} ${rows[person]} ${dayOf(minute)}`;
    if (wanted === this.shown) return;
    this.shown = wanted;
    const content = person < 0 ? [hint()] : this.#day(person, rows[person], minute);
    this.node.replaceChildren(...content);
  }

  /**
   * @param {number} person
   * @param {number} now
   * @param {number} minute
   */
  #day(person, now, minute) {
    const { names, described } = this.run.payload;
    const entries = dayEntries(this.run, person, now, minute);
    return [
      element("h2", {}, names[person]),
      element("p", {}, described[person]),
      element("ol", {}, ...entries.map(itemOf)),
    ];
  }
}

function hint() {
  const text = "Click a dot or a place, or search for a name, to see a person's day or who is where.";
  return element("p", { class: "hint" }, text);
}

/** @param {DayEntry} entry */
function itemOf({ text, status, shade }) {
  const item = element("li", { class: status }, text);
  item.style.borderColor = shade;
  if (status === "now") item.setAttribute("aria-current", "time");
  return item;
}
