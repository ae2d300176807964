// Draws what is being sketched: corners, edges, and the area between them.

/** @import { MapState } from "../state.js" */

import { onScreen } from "../data/viewport.js";

const CORNER_PX = 4;
const EDGE_PX = 2.5;
const DASH_PX = [7, 4];
/** How much of the area's colour covers the map. */
const COVER = 0.16;

/**
 * Tell whether anything is being sketched.
 *
 * @param {MapState} state
 */
export function hasSketch({ sketch }) {
  return sketch.count > 0 || sketch.isOn;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintSketch(context, state) {
  if (!hasSketch(state)) return;
  const { sketch, camera, look: { theme } } = state;
  const corners = cornersOf(sketch.points).map(([x, y]) => onScreen(camera.view, x, y));
  context.save();
  context.strokeStyle = context.fillStyle = theme.accent;
  context.lineWidth = EDGE_PX;
  if (corners.length > 1) paintArea(context, corners, sketch.isOn);
  for (const corner of corners) paintCorner(context, corner, theme.panel);
  if (sketch.isOn) paintCross(context, camera.size);
  context.restore();
}

/** @param {number[]} points x and y by turns. */
function cornersOf(points) {
  return Array.from({ length: points.length / 2 }, (_, row) => [points[2 * row], points[2 * row + 1]]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} corners In pixels.
 * @param {boolean} isOpen Whether more corners may follow.
 */
function paintArea(context, corners, isOpen) {
  context.beginPath();
  corners.forEach(([x, y]) => context.lineTo(x, y));
  context.closePath();
  context.globalAlpha = COVER;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash(isOpen ? DASH_PX : []);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} corner In pixels.
 * @param {string} outline
 */
function paintCorner(context, [x, y], outline) {
  context.beginPath();
  context.arc(x, y, CORNER_PX, 0, 2 * Math.PI);
  context.fill();
  context.save();
  context.strokeStyle = outline;
  context.lineWidth = 1.5;
  context.stroke();
  context.restore();
}

/**
 * Mark the middle of the map, where the space bar sets a point.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{ width: number, height: number }} size
 */
function paintCross(context, { width, height }) {
  const [x, y] = [width / 2, height / 2];
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x - 2 * CORNER_PX, y);
  context.lineTo(x + 2 * CORNER_PX, y);
  context.moveTo(x, y - 2 * CORNER_PX);
  context.lineTo(x, y + 2 * CORNER_PX);
  context.stroke();
}
