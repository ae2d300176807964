// What lies around a city, beyond the square that is known.

/** @import { Areas } from "./areas.js" */

import { UNITS } from "../message/format.js";
import { crossings } from "./zones.js";

/** Points looked at on each edge of the square, and how far inside it, in units. */
const POINTS = 16;
const INSET = 900;
/** A kind lies around the city where it lies at this share of the points at least. */
const LEAST_SHARE = 0.6;

/**
 * Return the kind of area that lies along the edges of the square, -1 where it is none or several.
 *
 * @param {Areas} areas
 */
export function groundKind(areas) {
  const points = edgePoints();
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const [x, y] of points) {
    const kind = kindAt(areas, x, y);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const found = [...counts].find(([, count]) => count >= LEAST_SHARE * points.length);
  return found ? found[0] : -1;
}

/**
 * Return the kind of the uppermost area at a point, -1 for none.
 *
 * @param {Areas} areas
 * @param {number} x In units.
 * @param {number} y
 */
function kindAt({ count, points, ringStart, firstRing, kinds, boxes }, x, y) {
  for (let area = count - 1; area >= 0; area--) {
    const [left, top, right, bottom] = boxes.subarray(4 * area, 4 * area + 4);
    if (x < left || x > right || y < top || y > bottom) continue;
    let crossed = 0;
    for (let ring = firstRing[area]; ring < firstRing[area + 1]; ring++) {
      crossed += crossings(points.subarray(ringStart[ring], ringStart[ring + 1]), x, y);
    }
    if (crossed % 2 === 1) return kinds[area];
  }
  return -1;
}

function edgePoints() {
  const [low, high] = [INSET, UNITS - INSET];
  return Array.from({ length: POINTS }, (_, at) => low + ((at + 0.5) / POINTS) * (high - low))
    .flatMap((along) => [[along, low], [along, high], [low, along], [high, along]]);
}
