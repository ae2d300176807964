// Draws zones in the colours of what is measured there.

/** @import { MapState } from "../state.js" */
/** @import { View } from "../data/viewport.js" */

import { hatching } from "./hatching.js";
import { shadesOf } from "../data/look.js";
import { onScreen } from "../data/viewport.js";

const ALPHA = 0.72;
/** Zones of which nothing is known are hatched: lines so far apart and so wide, in pixels, so opaque. */
const HATCH_PX = 7;
const HATCH_LINE_PX = 1.2;
const HATCH_ALPHA = 0.55;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintZoneColours(context, { zoneColours: { codes, look: colours }, baseMap, look, camera }) {
  if (!baseMap) return;
  const shades = shadesOf(colours, look.isDark);
  const lines = { colour: look.theme.unknown, apart: HATCH_PX, width: HATCH_LINE_PX };
  const hatch = hatching(context, lines);
  context.strokeStyle = look.theme.land;
  context.lineWidth = 1;
  baseMap.zones.forEach((outline, row) => {
    const code = codes[baseMap.zoneAreas[row]] ?? shades.length;
    context.fillStyle = shades[code] ?? hatch;
    context.globalAlpha = code < shades.length ? ALPHA : HATCH_ALPHA;
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
