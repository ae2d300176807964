// Draws what does not move: zones, streets, homes and places.

/** @import { MapState } from "../state.js" */
/** @import { Camera } from "../data/camera.js" */

import { onScreen } from "../data/viewport.js";

/** Dots this far outside the map, in pixels, are still drawn. */
const MARGIN_PX = 4;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintBaseMap(context, { baseMap, camera, look: { theme }, layers }) {
  if (!baseMap) return;
  const near = camera.magnification;
  if (layers.has("zones")) paintZones(context, baseMap.zones, camera, theme.land, theme.edge);
  if (layers.has("streets")) {
    paintStreets(context, baseMap.streets, camera, theme.street);
  }
  if (layers.has("places")) {
    paintDots(context, baseMap.homes, camera, theme.home, Math.min(1.6 + 0.25 * near, 4));
    paintDots(context, baseMap.places, camera, theme.place, Math.min(1.8 + 0.3 * near, 5));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array[]} zones Outlines.
 * @param {Camera} camera
 * @param {string} land
 * @param {string} edge
 */
function paintZones(context, zones, { view }, land, edge) {
  context.beginPath();
  for (const outline of zones) {
    for (let at = 0; at < outline.length; at += 2) {
      const [x, y] = onScreen(view, outline[at], outline[at + 1]);
      if (at) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }
  context.fillStyle = land;
  context.fill("evenodd");
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array} ends Of segments, four numbers each.
 * @param {Camera} camera
 * @param {string} colour
 */
function paintStreets(context, ends, camera, colour) {
  const { view, size } = camera;
  context.beginPath();
  for (let at = 0; at < ends.length; at += 4) {
    const [x, y] = onScreen(view, ends[at], ends[at + 1]);
    const [u, v] = onScreen(view, ends[at + 2], ends[at + 3]);
    if (Math.max(x, u) < 0 || Math.min(x, u) > size.width) continue;
    if (Math.max(y, v) < 0 || Math.min(y, v) > size.height) continue;
    context.moveTo(x, y);
    context.lineTo(u, v);
  }
  context.strokeStyle = colour;
  context.lineCap = "round";
  context.lineWidth = Math.min(0.7 + 0.22 * camera.magnification, 6);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array} points
 * @param {Camera} camera
 * @param {string} colour
 * @param {number} side Of a dot, in pixels.
 */
function paintDots(context, points, { view, size }, colour, side) {
  context.fillStyle = colour;
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = onScreen(view, points[at], points[at + 1]);
    const isAcross = x > -MARGIN_PX && x < size.width + MARGIN_PX;
    const isDown = y > -MARGIN_PX && y < size.height + MARGIN_PX;
    if (isAcross && isDown) context.fillRect(x - side / 2, y - side / 2, side, side);
  }
}
