// Draws the trips of the last hour as curves in the colours of their modes.

/** @import { MapState } from "../state.js" */
/** @import { View } from "../data/viewport.js" */

import { shadesOf } from "../data/look.js";
import { onScreen } from "../data/viewport.js";
import { clamp } from "../../shared/numbers.js";

/** A curve leaves the straight line by this share of its length, over two. */
const BEND = 0.12;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintTrips(context, { trips: { ends, modes }, modeLook, look, camera }) {
  context.globalAlpha = clamp(9 / Math.sqrt(modes.length + 1), 0.08, 0.55);
  context.lineWidth = 1.2;
  shadesOf(modeLook, look.isDark).forEach((shade, mode) => {
    context.strokeStyle = shade;
    modes.forEach((one, row) => {
      if (one === mode) paintTrip(context, ends.subarray(4 * row, 4 * row + 4), camera.view);
    });
  });
  context.globalAlpha = 1;
}

/**
 * Draw a trip bent to the left of its way, so that there and back are told apart.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array} ends
 * @param {View} view
 */
function paintTrip(context, ends, view) {
  const [x, y] = onScreen(view, ends[0], ends[1]);
  const [u, v] = onScreen(view, ends[2], ends[3]);
  context.beginPath();
  context.moveTo(x, y);
  context.quadraticCurveTo((x + u) / 2 + (v - y) * BEND, (y + v) / 2 - (u - x) * BEND, u, v);
  context.stroke();
}
