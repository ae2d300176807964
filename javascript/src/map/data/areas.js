// Areas of the base map: land use, water, parks, buildings.

/** @import { Size, View } from "./viewport.js" */

/**
 * @typedef {object} Areas Areas in the order in which they are drawn.
 * @property {number} count
 * @property {Uint16Array} points x and y by turns, in units: of outer rings clockwise on the
 *   screen, of holes the other way round.
 * @property {Uint32Array} ringStart Where each ring begins among the points, and where the last
 *   ends, in numbers.
 * @property {Uint32Array} firstRing Of each area, and of the one after the last.
 * @property {Uint8Array} kinds
 * @property {Uint16Array} boxes Left, top, right and bottom of each area, in units.
 * @property {Run[]} runs
 */
/** @typedef {{ kind: number, from: number, to: number }} Run Areas of one kind in a row. */
/** @typedef {{ left: number, top: number, right: number, bottom: number }} Edges In units. */

/**
 * Return the areas of a message.
 *
 * All rings are turned so that the areas of a run can be filled at once by the rule of winding
 * numbers: where two overlap both are filled, and holes stay open.
 *
 * @param {object} sent
 * @param {Uint16Array} sent.points x and y by turns.
 * @param {ArrayLike<number>} sent.rings Points in each ring.
 * @param {ArrayLike<number>} sent.shapes Rings in each area, the outer one first.
 * @param {Uint8Array} sent.kinds
 * @returns {Areas}
 */
export function areasOf({ points, rings, shapes, kinds }) {
  const ringStart = startsOf(rings, 2);
  const firstRing = startsOf(shapes, 1);
  const boxes = new Uint16Array(4 * kinds.length);
  for (let area = 0; area < kinds.length; area++) {
    for (let ring = firstRing[area]; ring < firstRing[area + 1]; ring++) {
      turn(points.subarray(ringStart[ring], ringStart[ring + 1]), ring === firstRing[area]);
    }
    const outer = firstRing[area];
    boxes.set(boxOf(points, ringStart[outer], ringStart[outer + 1]), 4 * area);
  }
  return { count: kinds.length, points, ringStart, firstRing, kinds, boxes, runs: runsOf(kinds) };
}

/**
 * Return where each of some things begins, and where the last ends.
 *
 * @param {ArrayLike<number>} sizes
 * @param {number} width Numbers of one of the things that are counted.
 */
export function startsOf(sizes, width) {
  const starts = new Uint32Array(sizes.length + 1);
  for (let at = 0; at < sizes.length; at++) starts[at + 1] = starts[at] + width * sizes[at];
  return starts;
}

/**
 * Return left, top, right and bottom of some points.
 *
 * @param {Uint16Array} points
 * @param {number} from
 * @param {number} to
 */
export function boxOf(points, from, to) {
  let [left, top, right, bottom] = [65535, 65535, 0, 0];
  for (let at = from; at < to; at += 2) {
    const x = points[at];
    const y = points[at + 1];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return [left, top, right, bottom];
}

/**
 * Return which part of the city is in view.
 *
 * @param {View} view
 * @param {Size} size
 * @param {number} [marginPx] How far beyond the edges of the map, in pixels.
 * @returns {Edges} In units.
 */
export function edgesOf(view, size, marginPx = 0) {
  const margin = marginPx / view.scale;
  return {
    left: view.x - margin, top: view.y - margin,
    right: view.x + size.width / view.scale + margin,
    bottom: view.y + size.height / view.scale + margin,
  };
}

/**
 * Tell whether a box is in view and larger than a speck.
 *
 * @param {Uint16Array} boxes
 * @param {number} row
 * @param {Edges} edges
 * @param {number} least Width or height at least, in units.
 */
export function isInView(boxes, row, { left, top, right, bottom }, least) {
  const at = 4 * row;
  return boxes[at] <= right && boxes[at + 2] >= left && boxes[at + 1] <= bottom &&
    boxes[at + 3] >= top && Math.max(boxes[at + 2] - boxes[at], boxes[at + 3] - boxes[at + 1]) >= least;
}

/**
 * Return the box around some boxes.
 *
 * @param {...Uint16Array} some Left, top, right and bottom of each box.
 * @returns {Edges}
 */
export function extentOf(...some) {
  const extent = { left: 65535, top: 65535, right: 0, bottom: 0 };
  for (const boxes of some) {
    for (let at = 0; at < boxes.length; at += 4) {
      extent.left = Math.min(extent.left, boxes[at]);
      extent.top = Math.min(extent.top, boxes[at + 1]);
      extent.right = Math.max(extent.right, boxes[at + 2]);
      extent.bottom = Math.max(extent.bottom, boxes[at + 3]);
    }
  }
  return extent;
}

/** @param {Uint8Array} kinds */
function runsOf(kinds) {
  /** @type {Run[]} */
  const runs = [];
  kinds.forEach((kind, row) => {
    const last = runs.at(-1);
    if (last?.kind === kind) last.to = row + 1;
    else runs.push({ kind, from: row, to: row + 1 });
  });
  return runs;
}

/**
 * Turn a ring, in place, so that it goes the way that is wanted.
 *
 * @param {Uint16Array} ring
 * @param {boolean} isClockwise On the screen, whose y goes down.
 */
function turn(ring, isClockwise) {
  let twice = 0;
  for (let at = 0, last = ring.length - 2; at < ring.length; last = at, at += 2) {
    twice += ring[last] * ring[at + 1] - ring[at] * ring[last + 1];
  }
  if (twice > 0 === isClockwise) return;
  for (let low = 0, high = ring.length - 2; low < high; low += 2, high -= 2) {
    [ring[low], ring[high]] = [ring[high], ring[low]];
    [ring[low + 1], ring[high + 1]] = [ring[high + 1], ring[low + 1]];
  }
}
