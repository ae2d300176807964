// The selected place of a replay: who is there, and when people came.

/** @import { Run } from "./run.js" */

import { presentIn } from "./moments.js";
import { element, keepingFocus, renew } from "../shared/dom.js";
import { grouped } from "../shared/numbers.js";
import { DAY, HOUR } from "../shared/time.js";

const MOST_SHOWN = 40;
const HOURS = DAY / HOUR;

/**
 * Return the rows of those who are at a place.
 *
 * @param {Run} run
 * @param {Int32Array} rows Of the moment.
 * @param {number} place Id of the place.
 */
export function peopleAt({ track }, rows, place) {
  return Array.from(presentIn(rows)).filter((person) => track.place[rows[person]] === place);
}

/**
 * Return how many stays at a place had begun by a minute, by hour of the day.
 *
 * @param {Run} run
 * @param {number} place Id of the place.
 * @param {number} minute
 */
export function arrivalsAt({ track }, place, minute) {
  const counts = new Uint32Array(HOURS);
  track.place.forEach((one, row) => {
    if (one !== place || track.start[row] >= minute) return;
    counts[Math.floor((track.start[row] % DAY) / HOUR)] += 1;
  });
  return counts;
}

export class PlaceCard {
  /**
   * @param {HTMLElement} node Its contents are replaced.
   * @param {Run} run
   * @param {(id: number) => void} choose Selects a person.
   */
  constructor(node, run, choose) {
    this.node = node;
    this.run = run;
    this.choose = choose;
    /** What is shown, so that the same is not made twice. */
    this.shown = "";
  }

  /**
   * @param {number} row Of the selected place on the map, -1 for none.
   * @param {Int32Array} rows Of the moment.
   * @param {number} minute
   */
  show(row, rows, minute) {
    const place = this.run.payload.map_places[row] ?? -1;
    const wanted = `${place} ${minute}`;
    if (wanted === this.shown) return;
    this.shown = wanted;
    const here = place < 0 ? [] : peopleAt(this.run, rows, place);
    const content = place < 0 ? [] : this.#content(row, place, here, minute);
    keepingFocus(this.node, "data-person", () => renew(this.node, content));
  }

  /**
   * @param {number} row
   * @param {number} place
   * @param {number[]} here
   * @param {number} minute
   */
  #content(row, place, here, minute) {
    const { payload } = this.run;
    const kind = payload.map.place_look[this.run.mapColumns.place_kinds[row]]?.label ?? "";
    const told = here.length ? `Here now: ${grouped(here.length)}` : "Nobody is here now.";
    const rest = here.length - MOST_SHOWN;
    return [
      element("h2", {}, payload.places[place]),
      element("p", {}, kind),
      element("h3", {}, told),
      element("div", { class: "people" }, ...here.slice(0, MOST_SHOWN).map((one) => this.#link(one))),
      ...(rest > 0 ? [element("p", {}, `and ${grouped(rest)} more`)] : []),
      element("h3", {}, "Arrivals by hour of the day"),
      barsOf(arrivalsAt(this.run, place, minute)),
    ];
  }

  /** @param {number} person Row. */
  #link(person) {
    const { ids, names } = this.run.payload;
    const choose = () => this.choose(ids[person]);
    const about = { type: "button", "data-person": String(person), onclick: choose };
    return element("button", about, names[person]);
  }
}

/** @param {Uint32Array} counts */
function barsOf(counts) {
  const most = Math.max(...counts, 1);
  const total = counts.reduce((sum, one) => sum + one, 0);
  const label = `Arrivals by hour of the day: ${grouped(total)} in all`;
  return element("div", { class: "hours", role: "img", "aria-label": label },
    ...Array.from(counts, (count, hour) => {
      const bar = element("span", { title: `${hour}:00 to ${hour + 1}:00: ${grouped(count)}` });
      bar.style.height = `${(100 * count) / most}%`;
      return bar;
    }));
}
