// Tells in which zone a point lies.

import { lerp } from "../../shared/numbers.js";

/** @typedef {{ outline: Uint16Array, left: number, top: number, right: number, bottom: number }} Zone */

/**
 * Return a function that gives the number of the zone at a point, -1 for none.
 *
 * Where zones overlap, it is the first.
 *
 * @param {Uint16Array[]} outlines x and y by turns, in units.
 * @returns {(x: number, y: number) => number}
 */
export function zoneFinder(outlines) {
  const zones = outlines.map(boxed);
  return (x, y) => zones.findIndex((zone) => isInside(zone, x, y));
}

/**
 * @param {Uint16Array} outline
 * @returns {Zone}
 */
function boxed(outline) {
  const zone = { outline, left: Infinity, top: Infinity, right: -1, bottom: -1 };
  for (let at = 0; at < outline.length; at += 2) {
    zone.left = Math.min(zone.left, outline[at]);
    zone.right = Math.max(zone.right, outline[at]);
    zone.top = Math.min(zone.top, outline[at + 1]);
    zone.bottom = Math.max(zone.bottom, outline[at + 1]);
  }
  return zone;
}

/**
 * @param {Zone} zone
 * @param {number} x
 * @param {number} y
 */
function isInside({ outline, left, top, right, bottom }, x, y) {
  if (x < left || x > right || y < top || y > bottom) return false;
  return crossings(outline, x, y) % 2 === 1;
}

/**
 * Count how often the ray from a point to the right crosses an outline.
 *
 * @param {Uint16Array} outline
 * @param {number} x
 * @param {number} y
 */
export function crossings(outline, x, y) {
  let count = 0;
  for (let at = 0, last = outline.length - 2; at < outline.length; last = at, at += 2) {
    const [top, bottom] = [outline[at + 1], outline[last + 1]];
    if (top > y === bottom > y) continue;
    const share = (y - top) / (bottom - top);
    if (x < lerp(outline[at], outline[last], share)) count += 1;
  }
  return count;
}
