// What is marked, each with a button that takes the mark away; and hours to choose.

/** @import { Focus } from "./focus.js" */
/** @import { Run } from "./run.js" */
/** @import { LocalModel } from "./local_model.js" */
/** @import { Traits } from "../map/message/traits.js" */
/** @import { HoursBrush } from "./hours_brush.js" */

import { marksPeople, toggle } from "./focus.js";
import { marksOf } from "./mark_chips.js";
import { rangeBetween, timeText } from "./time_range.js";
import { readHours } from "../map/message/read.js";
import { hoursFollowers } from "../map/panels/hours.js";
import { offer } from "../minds/offer.js";
import { element } from "../shared/dom.js";
import { DAY, HOUR } from "../shared/time.js";

/** Times are offered in steps of so many minutes. */
const OFFERED_MIN = 30;
const HINTS = {
  usual: "Click a colour at the charts to see those people on the map; mark hours for the trips, flows, "
    + "visits and feed of these.",
  hidden: "Turn on Trips or Flows, or colour zones by visits, to see them on the map.",
};
const HOW = { marking: "Drag over the bar, or choose", marked: "Marked hours" };

export class FocusBar {
  /**
   * @param {HTMLElement} node
   * @param {Run} run
   * @param {Focus} focus
   * @param {HoursBrush} brush
   * @param {LocalModel<Traits>} map
   */
  constructor(node, run, focus, brush, map) {
    this.marks = marksOf(run);
    this.focus = focus;
    this.brush = brush;
    this.map = map;
    this.chips = element("span", { class: "chips" });
    this.how = element("span");
    this.from = this.#times("from");
    this.to = this.#times("to");
    const clear = element("button", {
      type: "button", title: "Show all hours again", "aria-label": "Show all hours again",
      onclick: () => this.#clear(),
    }, "×");
    this.hours = element("span", { class: "hours", role: "group", "aria-label": "Marked hours" },
      this.how, element("span", { class: "times" }, this.from, "to", this.to, clear));
    this.hint = element("span", { class: "hint" });
    node.append(this.chips, this.hours, this.hint);
    for (const name of ["hours", "groups", "modes"]) focus.on(`change:${name}`, () => this.#show());
    map.on("change:hours", () => this.#hint());
    brush.changed = () => this.#show();
    this.#show();
  }

  #show() {
    const { focus, brush } = this;
    const hours = focus.get("hours");
    const marks = this.marks.filter(({ kind, code }) => focus.get(kind).includes(code));
    this.chips.replaceChildren(...marks.map(({ kind, code, label }) => element("button", {
      type: "button", class: "mark", "aria-label": `Show others than ${label} again`,
      onclick: () => toggle(focus, kind, code),
    }, `${label} ×`)));
    this.hours.hidden = !hours && !brush.isOn;
    this.how.textContent = brush.isOn ? HOW.marking : HOW.marked;
    offer(this.from, offered(0, hours?.start), String(hours?.start ?? ""));
    offer(this.to, offered(OFFERED_MIN, hours?.end), String(hours?.end ?? ""));
    this.#hint();
  }

  /** Say how to mark something, or how to see what is marked. */
  #hint() {
    const { focus, map } = this;
    const shown = { hours: readHours(map), layers: new Set(map.get("layers")) };
    const isUnseen = Boolean(focus.get("hours")) && !hoursFollowers(shown).length;
    const isUnused = this.hours.hidden && !marksPeople(focus);
    this.hint.textContent = isUnseen ? HINTS.hidden : isUnused ? HINTS.usual : "";
  }

  /** @param {"from" | "to"} name */
  #times(name) {
    return element("select", { "aria-label": `hours ${name}`, onchange: () => this.#choose(name) });
  }

  /**
   * Mark the hours that are chosen; what is not chosen, or does not fit, is an hour away.
   *
   * @param {"from" | "to"} name Which was chosen last.
   */
  #choose(name) {
    const [from, to] = [this.from, this.to].map(({ value }) => (value ? Number(value) : -1));
    if ((name === "from" ? from : to) < 0) return;
    const fits = from >= 0 && from < to;
    const other = name === "from" ? Math.min(from + HOUR, DAY) : Math.max(to - HOUR, 0);
    const range = fits ? rangeBetween(from, to) : rangeBetween(other, name === "from" ? from : to);
    this.focus.set("hours", range);
  }

  #clear() {
    this.focus.set("hours", null);
    this.brush.turn(false);
    this.brush.button.focus();
  }
}

/**
 * Return the times that are offered, as keys and labels, and one that is marked already.
 *
 * @param {number} first In minutes of the day.
 * @param {number | undefined} marked
 * @returns {[string, string][]}
 */
function offered(first, marked) {
  const times = Array.from({ length: DAY / OFFERED_MIN }, (_, at) => first + at * OFFERED_MIN);
  const all = marked === undefined ? times : [...new Set([...times, marked])].sort((a, b) => a - b);
  const none = /** @type {[string, string]} */ (["", "–"]);
  return [...(marked === undefined ? [none] : []),
    ...all.map((minute) => /** @type {[string, string]} */ ([String(minute), timeText(minute)]))];
}
