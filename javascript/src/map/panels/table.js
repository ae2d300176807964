// The map as tables.

/** @import { MapState } from "../state.js" */

import { activityRows, zoneRows } from "../data/counts.js";
import { element } from "../../shared/dom.js";

/** While the city moves, the tables are filled anew after this time, in milliseconds. */
const PAUSE_MS = 900;

export class TablePanel {
  /** @param {MapState} state */
  constructor(state) {
    this.state = state;
    this.node = element("div", { class: "mlc-panel mlc-table", role: "region", tabindex: "0",
      "aria-label": "The map as a table" });
    this.isOpen = false;
    this.filledMs = 0;
    this.moment = "";
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    this.isOpen = isOpen;
    this.node.style.display = isOpen ? "block" : "none";
    if (isOpen) this.#fill();
  }

  /** @param {string} moment What the map shows, and when. */
  show(moment) {
    this.moment = moment;
    if (this.isOpen && performance.now() - this.filledMs > PAUSE_MS) this.#fill();
  }

  #fill() {
    this.filledMs = performance.now();
    const { people, baseMap } = this.state;
    const zoneAt = baseMap?.zoneAt ?? (() => -1);
    this.node.replaceChildren(
      tableOf(`What people do \u2013 ${this.moment}`, ["Activity", "People", "Share"],
        activityRows(people)),
      tableOf("Where they are", ["Zone", "People", "Most are at", "Under way"],
        zoneRows(people, baseMap?.zoneNames ?? [], zoneAt)),
    );
  }
}

/**
 * @param {string} caption
 * @param {string[]} header
 * @param {string[][]} rows The first cell of each is its heading.
 */
function tableOf(caption, header, rows) {
  return element("table", {}, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...header.map(
      (one) => element("th", { scope: "col" }, one)))),
    element("tbody", {}, ...rows.map(rowOf)));
}

/** @param {string[]} row */
function rowOf([name, ...cells]) {
  const heading = element("th", { scope: "row" }, name);
  return element("tr", {}, heading, ...cells.map((cell) => element("td", {}, cell)));
}
