// Draws zones in the colours of what is measured there.

/** @import { MapState } from "../state.js" */
/** @import { View } from "../data/viewport.js" */

import { shadesOf } from "../data/look.js";
import { onScreen } from "../data/viewport.js";

const ALPHA = 0.72;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintZoneColours(context, { zoneColours: { codes, look: colours }, baseMap, look, camera }) {
  if (!baseMap) return;
  const shades = shadesOf(colours, look.isDark);
  context.globalAlpha = ALPHA;
  context.strokeStyle = look.theme.land;
  context.lineWidth = 1;
  baseMap.zones.forEach((outline, row) => {
    const code = codes[baseMap.zoneAreas[row]] ?? shades.length;
    context.fillStyle = shades[code] ?? look.theme.unknown;
    // A zone of which nothing is known is hardly tinted.
    context.globalAlpha = code < shades.length ? ALPHA : ALPHA / 4;
    trace(context, outline, camera.view);
    context.fill();
    context.stroke();
  });
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array} outline x and y by turns.
 * @param {View} view
 */
function trace(context, outline, view) {
  context.beginPath();
  for (let at = 0; at < outline.length; at += 2) {
    context.lineTo(...onScreen(view, outline[at], outline[at + 1]));
  }
  context.closePath();
}
