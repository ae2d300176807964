// Boxes on the map that are taken, found quickly.

/** @import { Box } from "./labels.js" */
/** @import { Size } from "./viewport.js" */

const CELL_PX = 48;

export class BoxGrid {
  /** @param {Size} size Of the map, in pixels. Outside it nothing is free. */
  constructor({ width, height }) {
    this.width = width;
    this.height = height;
    this.columns = Math.max(Math.ceil(width / CELL_PX), 1);
    this.lines = Math.max(Math.ceil(height / CELL_PX), 1);
    /** @type {Box[][]} */
    this.cells = Array.from({ length: this.columns * this.lines }, () => []);
  }

  /**
   * Tell whether a box lies on the map and covers none that is taken.
   *
   * @param {Box} box
   */
  isFree(box) {
    return this.isWithin(box) &&
      this.#cellsOf(box).every((cell) => cell.every((other) => isApart(box, other)));
  }

  /**
   * Tell whether a box lies on the map.
   *
   * @param {Box} box
   */
  isWithin({ left, top, width, height }) {
    return left >= 0 && top >= 0 && left + width <= this.width && top + height <= this.height;
  }

  /** @param {Box} box */
  take(box) {
    for (const cell of this.#cellsOf(box)) cell.push(box);
  }

  /** @param {Box} box */
  #cellsOf({ left, top, width, height }) {
    const [first, last] = [left, left + width].map((one) => within(one, this.columns));
    const [upper, lower] = [top, top + height].map((one) => within(one, this.lines));
    const cells = [];
    for (let line = upper; line <= lower; line++) {
      for (let column = first; column <= last; column++) {
        cells.push(this.cells[line * this.columns + column]);
      }
    }
    return cells;
  }
}

/**
 * @param {number} pixel
 * @param {number} count Of cells.
 */
function within(pixel, count) {
  return Math.min(Math.max(Math.floor(pixel / CELL_PX), 0), count - 1);
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function isApart(one, other) {
  return one.left + one.width <= other.left || other.left + other.width <= one.left ||
    one.top + one.height <= other.top || other.top + other.height <= one.top;
}
