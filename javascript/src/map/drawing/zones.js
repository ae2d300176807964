// Draws zones in the colours of what is measured there.

/** @import { MapState } from "../state.js" */
/** @import { View } from "../data/viewport.js" */

import { context2d, offscreen } from "../../shared/dom.js";
import { shadesOf } from "../data/look.js";
import { onScreen } from "../data/viewport.js";

const ALPHA = 0.72;
/** Zones of which nothing is known are hatched: lines this far apart, in pixels, so opaque. */
const HATCH_PX = 7;
const HATCH_ALPHA = 0.55;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintZoneColours(context, { zoneColours: { codes, look: colours }, baseMap, look, camera }) {
  if (!baseMap) return;
  const shades = shadesOf(colours, look.isDark);
  const hatch = hatched(context, look.theme.unknown);
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
 * Return slanting lines to fill with.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 */
function hatched(context, colour) {
  const tile = offscreen(HATCH_PX, HATCH_PX);
  const pen = context2d(tile);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2;
  pen.beginPath();
  // The two short lines make the corners of neighbouring tiles meet.
  for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
    pen.moveTo(shift - 1, HATCH_PX + 1);
    pen.lineTo(shift + HATCH_PX + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
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
