// Draws where a city of points is built up: what lies near its homes and places.

/** @import { Camera } from "../data/camera.js" */
/** @import { Look } from "../data/look.js" */
/** @import { BaseMap } from "../message/read_city.js" */

import { css, mixed } from "../data/colours.js";
import { onScreen } from "../data/viewport.js";

/**
 * What lies nearer to a home or place than so many metres has this share of the colour of what
 * stands there; the further rings first.
 */
const RINGS = [[330, 0.16], [190, 0.3], [90, 0.46]];
/** The nearest ring is at least this wide, in pixels. */
const LEAST_PX = 4;
/** Of points nearer to one another than this share of the ring, one stands for all. */
const NEAR_SHARE = 0.35;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {Look} look
 */
export function paintBuiltUp(context, { homes, places }, camera, { theme }) {
  const stretch = Math.max(LEAST_PX / (RINGS[RINGS.length - 1][0] * camera.metrePx), 1);
  for (const [metres, share] of RINGS) {
    const radius = metres * stretch * camera.metrePx;
    context.beginPath();
    for (const [x, y] of apart([homes, places.points], NEAR_SHARE * radius, camera)) {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fillStyle = css(mixed(theme.land, theme.edge, share));
    context.fill();
  }
}

/**
 * Return points in pixels, one in each square that has any.
 *
 * @param {Uint16Array[]} some x and y by turns, in units.
 * @param {number} side Of a square, in pixels.
 * @param {Camera} camera
 */
function apart(some, side, { view }) {
  /** @type {Map<string, [number, number]>} */
  const found = new Map();
  for (const points of some) {
    for (let at = 0; at < points.length; at += 2) {
      const [x, y] = onScreen(view, points[at], points[at + 1]);
      const square = `${Math.floor(x / side)},${Math.floor(y / side)}`;
      if (!found.has(square)) found.set(square, [x, y]);
    }
  }
  return found.values();
}
