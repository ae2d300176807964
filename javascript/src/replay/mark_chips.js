// The colours of activities and modes beside the charts: those people are marked on the map.

/** @import { Focus } from "./focus.js" */
/** @import { Run } from "./run.js" */
/** @import { Colouring } from "../map/message/traits.js" */

import { toggle } from "./focus.js";
import { element } from "../shared/dom.js";

/**
 * @typedef {object} Mark Somebody to mark.
 * @property {"groups" | "modes"} kind
 * @property {number} code
 * @property {string} label
 * @property {string} light Colour, on light and on dark ground.
 * @property {string} dark
 */

/**
 * Return what can be marked: activities and modes that occur in the run.
 *
 * @param {Run} run
 * @returns {Mark[]}
 */
export function marksOf({ payload: { colourings, groups }, track }) {
  const does = new Set([...new Set(track.doing)].map((row) => groups[row]));
  const goes = new Set(track.mode);
  return [
    ...marks("groups", colourings.activity, "").filter(({ code }) => does.has(code)),
    ...marks("modes", colourings.mode, "by ").filter(({ code }) => goes.has(code)),
  ];
}

/**
 * @param {Mark["kind"]} kind
 * @param {Partial<Colouring> | undefined} colouring
 * @param {string} before Put before each label.
 * @returns {Mark[]}
 */
function marks(kind, colouring, before) {
  const { labels = [], light = [], dark = [] } = colouring ?? {};
  return labels.map((label, code) => ({
    kind, code, label: before + label, light: light[code], dark: dark[code],
  }));
}

export class MarkChips {
  /**
   * @param {Run} run
   * @param {Focus} focus
   */
  constructor(run, focus) {
    this.focus = focus;
    this.marks = marksOf(run);
    this.buttons = this.marks.map((mark) => chipOf(mark, () => toggle(focus, mark.kind, mark.code)));
    this.node = element("div", {
      class: "legend", role: "group", "aria-label": "Show those people on the map",
    }, ...this.buttons);
    for (const kind of ["groups", "modes"]) focus.on(`change:${kind}`, () => this.#show());
    this.#show();
  }

  #show() {
    this.marks.forEach(({ kind, code }, at) => {
      this.buttons[at].setAttribute("aria-pressed", String(this.focus.get(kind).includes(code)));
    });
  }
}

/**
 * @param {Mark} mark
 * @param {() => void} onclick
 */
function chipOf({ label, light, dark }, onclick) {
  const dot = element("i");
  dot.style.setProperty("--light", light);
  dot.style.setProperty("--dark", dark);
  return element("button", { type: "button", class: "mark", onclick }, dot, label);
}
