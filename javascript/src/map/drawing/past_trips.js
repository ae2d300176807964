// Draws the trips that began in the marked hours as still lines, in the colours of their modes.

/** @import { MapState } from "../state.js" */

import { shadesOf } from "../data/look.js";

const WIDTH_PX = 1.6;
/** Many lines are paler than few, so that it is seen where most of them lead. */
const ALPHA = { least: 0.16, most: 0.75, few: 6 };

/**
 * Return how opaque each of so many lines is.
 *
 * @param {number} count
 */
export function alphaOf(count) {
  return Math.min(Math.max(ALPHA.few / Math.sqrt(Math.max(count, 1)), ALPHA.least), ALPHA.most);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintPastTrips(context, { hours: { lines, modes }, modeLook, look, camera: { view } }) {
  const shades = shadesOf(modeLook, look.isDark);
  context.lineWidth = WIDTH_PX;
  context.lineJoin = context.lineCap = "round";
  context.globalAlpha = alphaOf(lines.length);
  lines.forEach((points, row) => {
    context.strokeStyle = shades[modes[row]] ?? look.theme.faint;
    // Each by itself, so that streets that many go along are stronger.
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) {
      context.lineTo((points[at] - view.x) * view.scale, (points[at + 1] - view.y) * view.scale);
    }
    context.stroke();
  });
  context.globalAlpha = 1;
}
