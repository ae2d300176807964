// What lies around a city, beyond the rectangle that is known.

/** @import { Areas, Edges } from "./areas.js" */

import { crossings } from "./zones.js";

/** Points looked at on each edge of the rectangle, and how far inside, as a share of its sides. */
const POINTS = 16;
const INSET_SHARE = 0.012;
/** A kind lies around the city where it lies at this share of the points at least. */
const LEAST_SHARE = 0.6;

/** Areas that cover less than this share of what is known show no city. */
const BARE_SHARE = 0.15;

/**
 * Tell whether areas leave most of what is known bare.
 *
 * @param {Areas} areas
 * @param {Edges} extent Of what is known.
 */
export function isBare({ boxes }, { left, top, right, bottom }) {
  let covered = 0;
  for (let at = 0; at < boxes.length; at += 4) {
    covered += (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
  }
  return covered < BARE_SHARE * Math.max(right - left, 0) * Math.max(bottom - top, 0);
}

/**
 * Return the kind of area that lies along the edges of what is known, -1 where it is none or several.
 *
 * @param {Areas} areas
 * @param {Edges} extent Of what is known.
 */
export function groundKind(areas, extent) {
  const points = edgePoints(extent);
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

/** @param {Edges} extent */
function edgePoints({ left, top, right, bottom }) {
  const [width, height] = [right - left, bottom - top];
  const at = (/** @type {number} */ across, /** @type {number} */ down) =>
    [left + across * width, top + down * height];
  const [low, high] = [INSET_SHARE, 1 - INSET_SHARE];
  return Array.from({ length: POINTS }, (_, row) => low + ((row + 0.5) / POINTS) * (high - low))
    .flatMap((along) => [at(along, low), at(along, high), at(low, along), at(high, along)]);
}
