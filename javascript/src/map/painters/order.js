// In which order people are drawn: those who stand still, those who move, and above all those under
// way.

/** @import { Scene } from "./scene.js" */

import { MOVING } from "../data/people.js";

/**
 * @typedef {object} Order
 * @property {Uint32Array} rows Of people, in the order in which they are drawn.
 * @property {number} still How many of them, from the first, stand still.
 */

/**
 * @param {Pick<Scene, "codes" | "moved">} scene
 * @returns {Order}
 */
export function drawingOrder({ codes, moved }) {
  const rank = (/** @type {number} */ row) => (codes[row] & MOVING ? 2 : moved[row] ? 1 : 0);
  const count = [0, 0, 0];
  for (let row = 0; row < codes.length; row++) count[rank(row)] += 1;
  const next = [0, count[0], count[0] + count[1]];
  const rows = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) rows[next[rank(row)]++] = row;
  return { rows, still: count[0] };
}
