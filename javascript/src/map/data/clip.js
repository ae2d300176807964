// Cuts lines at the edges of the map.

/** @import { Size, View } from "./viewport.js" */

/**
 * Return the parts of a line that are in view, x and y by turns, in pixels.
 *
 * @param {Uint16Array} points x and y by turns, in units.
 * @param {View} view
 * @param {Size} size
 * @returns {number[][]}
 */
export function partsInView(points, { x, y, scale }, size) {
  /** @type {number[][]} */
  const parts = [];
  let isOpen = false;
  for (let at = 2; at < points.length; at += 2) {
    const from = [(points[at - 2] - x) * scale, (points[at - 1] - y) * scale];
    const to = [(points[at] - x) * scale, (points[at + 1] - y) * scale];
    const [first, last] = sharesInside(from, to, size);
    if (first >= last) {
      isOpen = false;
      continue;
    }
    if (!isOpen || first > 0) parts.push(between(from, to, first));
    parts[parts.length - 1].push(...between(from, to, last));
    isOpen = last === 1;
  }
  return parts;
}

/**
 * Return the shares of a segment at which it comes into and goes out of a rectangle from (0, 0):
 * the parametric clipping of Liang and Barsky (1984).
 *
 * @param {number[]} from
 * @param {number[]} to
 * @param {Size} size
 * @returns {[number, number]} The first is not below the last where nothing is inside.
 */
function sharesInside(from, to, { width, height }) {
  let [first, last] = [0, 1];
  for (const [axis, end] of [[0, width], [1, height]]) {
    const way = to[axis] - from[axis];
    if (way === 0 && (from[axis] < 0 || from[axis] > end)) return [1, 0];
    if (way === 0) continue;
    const shares = [-from[axis] / way, (end - from[axis]) / way];
    first = Math.max(first, Math.min(...shares));
    last = Math.min(last, Math.max(...shares));
  }
  return [first, last];
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} share
 */
function between(from, to, share) {
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}
