// A note on what the map shows of the marked hours, with a button that takes the mark away.

/** @import { Actions } from "../actions.js" */
/** @import { MapState } from "../state.js" */

import { element } from "../../shared/dom.js";
import { grouped } from "../../shared/numbers.js";

const MEANING = "Of trips and visits that began in these hours, trips that have ended.";

export class HoursNote {
  /** @param {Actions} actions */
  constructor(actions) {
    this.text = element("span", { title: MEANING });
    const clear = element("button", {
      type: "button", "aria-label": "Show all hours again", title: "Show all hours again",
      onclick: () => actions.clearHours(),
    }, "×");
    this.node = element("div", { class: "mlc-panel mlc-hours", role: "status" }, this.text, clear);
    this.node.hidden = true;
  }

  /** @param {MapState} state */
  show(state) {
    const followers = hoursFollowers(state);
    this.node.hidden = !followers.length;
    this.text.textContent = `${state.hours.label}: ${followers.join(", ")}`;
  }
}

/**
 * Return what on the map is of the marked hours, in words; nothing while none are marked.
 *
 * @param {Pick<MapState, "hours" | "layers">} state
 */
export function hoursFollowers({ hours: { label, trips, drawn, hasVisits }, layers }) {
  if (!label) return [];
  const some = drawn < trips ? ` (${grouped(drawn)} drawn)` : "";
  return [
    ...(layers.has("trips") ? [`${grouped(trips)} ${trips === 1 ? "trip" : "trips"}${some}`] : []),
    ...(layers.has("flows") ? ["flows"] : []),
    ...(hasVisits ? ["visits"] : []),
  ];
}
