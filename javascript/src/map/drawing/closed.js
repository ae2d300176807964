// Draws what is closed: areas hatched, places crossed out.

/** @import { MapState } from "../state.js" */

import { hatching } from "./hatching.js";
import { onScreen } from "../data/viewport.js";

const COLOUR = { light: "#b3261e", dark: "#ff6f61" };
const EDGE_PX = 2;
const HATCH_PX = 8;
const HATCH_LINE_PX = 1.5;
const CROSS_PX = 4;
/** How much of the colour of the hatching is seen. */
const COVER = 0.4;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintClosed(context, { closed, camera, look }) {
  const colour = look.isDark ? COLOUR.dark : COLOUR.light;
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = EDGE_PX;
  if (closed.areas.length) {
    const lines = hatching(context, { colour, apart: HATCH_PX, width: HATCH_LINE_PX });
    for (const area of closed.areas) paintArea(context, screenPoints(area, camera), lines);
  }
  paintCrosses(context, screenPoints(closed.places, camera));
  context.restore();
}

/**
 * @param {Uint16Array} points x and y by turns, in units.
 * @param {MapState["camera"]} camera
 */
function screenPoints(points, { view }) {
  return Array.from({ length: points.length / 2 }, (_, row) =>
    onScreen(view, points[2 * row], points[2 * row + 1]));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} corners In pixels.
 * @param {CanvasPattern | string} lines
 */
function paintArea(context, corners, lines) {
  context.beginPath();
  corners.forEach(([x, y]) => context.lineTo(x, y));
  context.closePath();
  context.globalAlpha = COVER;
  context.fillStyle = lines;
  context.fill();
  context.globalAlpha = 1;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number][]} points In pixels.
 */
function paintCrosses(context, points) {
  context.beginPath();
  for (const [x, y] of points) {
    context.moveTo(x - CROSS_PX, y - CROSS_PX);
    context.lineTo(x + CROSS_PX, y + CROSS_PX);
    context.moveTo(x + CROSS_PX, y - CROSS_PX);
    context.lineTo(x - CROSS_PX, y + CROSS_PX);
  }
  context.stroke();
}
