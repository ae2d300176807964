// A sketch on the map: one point, or the corners of an area, set one after the other.

import { UNITS } from "../message/format.js";
import { clamp } from "../../shared/numbers.js";

/** More corners are not taken. */
const MOST_POINTS = 200;

export class Sketch {
  constructor() {
    /** Whether a click on the map sets a point. */
    this.isOn = false;
    /** x and y by turns, in units. @type {number[]} */
    this.points = [];
  }

  get count() {
    return this.points.length / 2;
  }

  /** Begin a new one. */
  begin() {
    this.isOn = true;
    this.points = [];
  }

  /**
   * Set a point; one outside the square of the map is set at its edge. A second click at the same
   * spot, as of a double click, sets none.
   *
   * @param {[number, number]} point In units.
   */
  add(point) {
    const [x, y] = point.map((one) => Math.round(clamp(one, 0, UNITS)));
    const [lastX, lastY] = this.points.slice(-2);
    if (this.count < MOST_POINTS && (x !== lastX || y !== lastY)) this.points.push(x, y);
  }

  undo() {
    this.points.splice(-2);
  }

  /** Whether the points are something: a point, or an area of three corners or more. */
  get isWhole() {
    return this.count === 1 || this.count >= 3;
  }
}
