// How many people there are per area: counted in cells, blurred, coloured.

/** @import { Channels } from "./colours.js" */

import { lerp } from "../../shared/numbers.js";

/** @typedef {{ counts: Float32Array, columns: number, lines: number }} Grid Line by line. */

/** The blur is a mean over this many cells on either side. */
const REACH = 2;
const PASSES = 3;
/** Shares of the highest density below this one stay without colour. */
const LEAST_SHARE = 0.03;
const MOST_ALPHA = 0.85;

/**
 * Count points in cells; those outside are left out.
 *
 * @param {Float64Array} points In pixels, x and y by turns.
 * @param {number} columns
 * @param {number} lines
 * @param {number} cellPx Side of a cell.
 * @returns {Grid}
 */
export function countedInCells(points, columns, lines, cellPx) {
  const counts = new Float32Array(columns * lines);
  for (let at = 0; at < points.length; at += 2) {
    const column = Math.floor(points[at] / cellPx);
    const line = Math.floor(points[at + 1] / cellPx);
    const isInside = column >= 0 && line >= 0 && column < columns && line < lines;
    if (isInside) counts[line * columns + column] += 1;
  }
  return { counts, columns, lines };
}

/**
 * Blur counts; close to a Gaussian after three passes.
 *
 * @param {Grid} grid
 * @returns {Grid}
 */
export function blurred(grid) {
  for (let pass = 0; pass < PASSES; pass++) grid = averaged(averaged(grid));
  return grid;
}

/**
 * Return the means over five cells along lines, with lines and columns exchanged.
 *
 * @param {Grid} grid
 * @returns {Grid}
 */
export function averaged({ counts, columns, lines }) {
  const out = new Float32Array(counts.length);
  for (let line = 0; line < lines; line++) {
    const row = counts.subarray(line * columns, (line + 1) * columns);
    for (let column = 0; column < columns; column++) {
      out[column * lines + line] = meanAround(row, column);
    }
  }
  return { counts: out, columns: lines, lines: columns };
}

/**
 * Return the mean around a cell; beyond an end, the last cell counts again.
 *
 * @param {Float32Array} row
 * @param {number} column
 */
function meanAround(row, column) {
  let sum = 0;
  for (let step = -REACH; step <= REACH; step++) {
    sum += row[Math.min(Math.max(column + step, 0), row.length - 1)];
  }
  return sum / (2 * REACH + 1);
}

/**
 * Return the pixels of a grid, four bytes a cell: from clear to the colour of the densest cell.
 *
 * @param {Grid} grid
 * @param {{ low: Channels, high: Channels }} ramp
 */
export function tinted({ counts }, { low, high }) {
  const most = counts.reduce((top, one) => Math.max(top, one), 1e-6);
  const pixels = new Uint8ClampedArray(4 * counts.length);
  counts.forEach((count, at) => {
    const share = Math.sqrt(count / most);
    for (const channel of [0, 1, 2]) {
      pixels[4 * at + channel] = 255 * lerp(low[channel], high[channel], share);
    }
    const isSeen = share > LEAST_SHARE;
    pixels[4 * at + 3] = isSeen ? 255 * Math.min(1.6 * share, MOST_ALPHA) : 0;
  });
  return pixels;
}
