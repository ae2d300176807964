// The places where people go: shops, schools, offices. Homes are not among them.

/** @import { PlaceLook } from "../message/traits.js" */
/** @import { View } from "./viewport.js" */

/** Row of no place. */
export const NOWHERE = -1;
/** From this scale on places are dots, and from that one icons, in pixels per metre. */
export const DOT_SCALE = 0.09;
export const ICON_SCALE = 0.4;
/** Without streets and land, places are dots from this scale on: there is nothing else to see. */
const BARE_SCALE = 0.03;

/**
 * Return from which scale on places are dots, in pixels per metre.
 *
 * @param {{ areas: { count: number }, lines: { count: number } }} baseMap
 */
export function dotScale({ areas, lines }) {
  return areas.count || lines.count > 0 ? DOT_SCALE : BARE_SCALE;
}

export class Places {
  /**
   * @param {object} sent
   * @param {Uint16Array} sent.points x and y by turns, in units.
   * @param {Uint8Array} sent.kinds Rows of `looks`.
   * @param {string[]} sent.names
   * @param {PlaceLook[]} sent.looks
   */
  constructor({ points, kinds, names, looks }) {
    this.points = points;
    this.kinds = kinds;
    this.names = names;
    this.looks = looks;
  }

  get count() {
    return Math.min(this.points.length / 2, this.kinds.length);
  }

  /**
   * @param {number} row
   * @returns {[number, number]} In units.
   */
  position(row) {
    return [this.points[2 * row], this.points[2 * row + 1]];
  }

  /** @param {number} row */
  lookOf(row) {
    return this.looks[this.kinds[row]];
  }

  /** @param {number} row */
  nameOf(row) {
    return this.names[row] || this.kindOf(row);
  }

  /** @param {number} row */
  kindOf(row) {
    return this.lookOf(row)?.label ?? "";
  }

  /**
   * Return the row of the nearest place to a point, -1 if there is none within reach.
   *
   * @param {View} view
   * @param {[number, number]} point In pixels.
   * @param {number} reach In pixels.
   */
  nearest(view, [x, y], reach) {
    const { points, count } = this;
    let best = NOWHERE;
    let least = reach * reach;
    for (let row = 0; row < count; row++) {
      const left = (points[2 * row] - view.x) * view.scale;
      const top = (points[2 * row + 1] - view.y) * view.scale;
      const far = (left - x) ** 2 + (top - y) ** 2;
      if (far < least) [best, least] = [row, far];
    }
    return best;
  }
}
