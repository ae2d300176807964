// Draws the areas of the base map: water, parks, land use, buildings.

/** @import { Areas } from "../data/areas.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { AreaLook } from "../message/traits.js" */
/** @import { View } from "../data/viewport.js" */

import { edgesOf, isInView } from "../data/areas.js";

/** Areas smaller than this, and turns nearer than that, in pixels, are not seen. */
const SPECK_PX = 0.8;
const NEAR_PX = 0.6;
/** Areas that are drawn from near only, as buildings, get an edge at this multiple of that scale. */
const EDGE_FROM = 3;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Areas} areas
 * @param {AreaLook[]} looks
 * @param {Pick<Camera, "view" | "size" | "metrePx">} camera
 * @param {{ isDark: boolean, edge: string }} theme Whether the background is dark; colour of the
 *   edges of buildings.
 */
export function paintLand(context, areas, looks, camera, { isDark, edge }) {
  const { view, size, metrePx } = camera;
  const edges = edgesOf(view, size);
  for (const { kind, from, to } of areas.runs) {
    const look = looks[kind];
    if (!look || metrePx < look.min_scale) continue;
    context.beginPath();
    for (let area = from; area < to; area++) {
      if (isInView(areas.boxes, area, edges, SPECK_PX / view.scale)) trace(context, areas, area, view);
    }
    context.fillStyle = isDark ? look.dark : look.light;
    context.fill();
    if (look.min_scale && metrePx > EDGE_FROM * look.min_scale) outline(context, edge);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} edge
 */
function outline(context, edge) {
  context.strokeStyle = edge;
  context.lineWidth = 0.8;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Areas} areas
 * @param {number} area
 * @param {View} view
 */
function trace(context, { points, ringStart, firstRing }, area, view) {
  for (let ring = firstRing[area]; ring < firstRing[area + 1]; ring++) {
    // A ring ends where it began. `closePath` would take longer the more there is in the path.
    traceLine(context, points, { from: ringStart[ring], to: ringStart[ring + 1] }, view);
  }
}

/**
 * Add a line to the path, without turns that are too near to be seen.
 *
 * @param {CanvasRenderingContext2D | Path2D} path
 * @param {Uint16Array} points x and y by turns, in units.
 * @param {{ from: number, to: number }} part
 * @param {View} view
 */
export function traceLine(path, points, { from, to }, { x, y, scale }) {
  let [lastX, lastY] = [-1e9, -1e9];
  for (let at = from; at < to; at += 2) {
    const left = (points[at] - x) * scale;
    const top = (points[at + 1] - y) * scale;
    const isNear = Math.abs(left - lastX) + Math.abs(top - lastY) < NEAR_PX;
    if (isNear && at < to - 2) continue;
    if (at === from) path.moveTo(left, top);
    else path.lineTo(left, top);
    [lastX, lastY] = [left, top];
  }
}
