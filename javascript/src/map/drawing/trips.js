// Draws the trips under way as trails that fade behind people, in the colours of their modes.

/** @import { MapState } from "../state.js" */
/** @import { Journey } from "../data/journeys.js" */
/** @import { Camera } from "../data/camera.js" */

import { TRAIL_MIN, stretch } from "../data/journeys.js";
import { shadesOf } from "../data/look.js";
import { onScreen } from "../data/viewport.js";

/** Opacity of the pieces of a trail, from its end to its head. */
const FADE = [0.1, 0.22, 0.4, 0.65, 0.95];

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} minute
 */
export function paintTrips(context, { journeys, modeLook, look, camera }, minute) {
  const shades = shadesOf(modeLook, look.isDark);
  const shown = [...journeys.all()].filter((one) => one.start < minute && one.end > minute - TRAIL_MIN);
  const piece = TRAIL_MIN / FADE.length;
  context.lineCap = "butt";
  context.lineJoin = "bevel";
  context.lineWidth = camera.magnification > 2 ? 3 : 2;
  FADE.forEach((alpha, at) => {
    const from = minute - TRAIL_MIN + at * piece;
    context.globalAlpha = alpha;
    shades.forEach((shade, mode) => {
      const some = shown.filter((one) => one.mode === mode);
      context.strokeStyle = shade;
      paintStretches(context, some, { from, to: from + piece }, camera);
    });
  });
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Journey[]} journeys
 * @param {{ from: number, to: number }} minutes
 * @param {Camera} camera
 */
function paintStretches(context, journeys, { from, to }, { view, size }) {
  context.beginPath();
  for (const journey of journeys) {
    const part = stretch(journey, from, to);
    if (!part.length) continue;
    const [x, y] = onScreen(view, part[0], part[1]);
    const reach = (journey.along[journey.along.length - 1] / (journey.end - journey.start)) * (to - from);
    if (isOutside(x, y, reach * view.scale, size)) continue;
    context.moveTo(x, y);
    for (let at = 2; at < part.length; at += 2) {
      context.lineTo((part[at] - view.x) * view.scale, (part[at + 1] - view.y) * view.scale);
    }
  }
  context.stroke();
}

/**
 * @param {number} x In pixels.
 * @param {number} y In pixels.
 * @param {number} reach What begins there leads at most so far, in pixels.
 * @param {import("../data/viewport.js").Size} size
 */
function isOutside(x, y, reach, { width, height }) {
  return x < -reach || y < -reach || x > width + reach || y > height + reach;
}
