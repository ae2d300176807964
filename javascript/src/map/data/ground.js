// Tells what lies around a city, where its map ends.

/** @import { Areas } from "./areas.js" */

import { crossings } from "./zones.js";

/** Just inside the corners of the square, in units. */
const NEAR = 8;
const FAR = 65535 - NEAR;
const CORNERS = [[NEAR, NEAR], [FAR, NEAR], [NEAR, FAR], [FAR, FAR]];
/** Kind that stands for none. */
export const NO_KIND = -1;

/**
 * Return the kind of the area in which all corners of the square lie, such as the fields around a
 * town, or `NO_KIND` where they lie in several or in none.
 *
 * @param {Areas} areas
 */
export function kindAround(areas) {
  for (let area = 0; area < areas.count; area++) {
    if (CORNERS.every(([x, y]) => isInside(areas, area, x, y))) return areas.kinds[area];
  }
  return NO_KIND;
}

/**
 * @param {Areas} areas
 * @param {number} area
 * @param {number} x
 * @param {number} y
 */
function isInside({ points, ringStart, firstRing, boxes }, area, x, y) {
  const at = 4 * area;
  if (x < boxes[at] || y < boxes[at + 1] || x > boxes[at + 2] || y > boxes[at + 3]) return false;
  let count = 0;
  for (let ring = firstRing[area]; ring < firstRing[area + 1]; ring++) {
    count += crossings(points.subarray(ringStart[ring], ringStart[ring + 1]), x, y);
  }
  return count % 2 === 1;
}
