// What is told of the mark under the pointer.

/** @typedef {{ marktype?: string, items?: Item[], group?: Item }} Mark */
/** @typedef {{ x?: number, datum?: unknown, tooltip?: unknown, mark?: Mark }} Item Of a scene of Vega. */

import { element } from "../shared/dom.js";

/** Marks that are one shape for many rows. */
const LONG = ["area", "line", "trail"];
/** Distance to the pointer, in pixels. */
const AWAY = 14;

/**
 * Return the part of a mark that is nearest to the pointer: a line is one mark for many rows.
 *
 * @param {Item} item
 * @param {number} x Of the pointer, in the coordinates of the mark.
 * @returns {Item}
 */
export function partAt(item, x) {
  const items = LONG.includes(item.mark?.marktype ?? "") ? (item.mark?.items ?? []) : [];
  const far = (/** @type {Item} */ one) => Math.abs((one.x ?? 0) - x);
  return items.reduce((best, one) => (far(one) < far(best) ? one : best), items[0] ?? item);
}

export class Tip {
  /** @param {HTMLElement} host Positioned; the tip stays inside. */
  constructor(host) {
    this.host = host;
    this.box = element("div", { class: "mlv-tip", role: "status" });
    this.box.hidden = true;
    host.append(this.box);
  }

  /**
   * @param {MouseEvent} event
   * @param {unknown} told A text, or texts by their names; nothing hides the tip.
   */
  show(event, told) {
    const isEmpty = told === null || told === undefined || told === "";
    this.box.hidden = isEmpty;
    if (isEmpty) return;
    this.box.replaceChildren(...linesOf(told));
    const { host, box } = this;
    const frame = host.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const left = x + AWAY + box.offsetWidth > frame.width ? x - AWAY - box.offsetWidth : x + AWAY;
    box.style.left = `${Math.max(0, left)}px`;
    box.style.top = `${Math.max(0, y - AWAY - box.offsetHeight)}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}

/** @param {unknown} told */
function linesOf(told) {
  if (typeof told !== "object" || told === null) return [String(told)];
  return Object.entries(told).map(([name, value]) =>
    element("div", {}, element("span", {}, `${name} `), element("b", {}, String(value))));
}
