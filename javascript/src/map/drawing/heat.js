// Draws how many people there are per area.

/** @import { MapState } from "../state.js" */
/** @import { Channels } from "../data/colours.js" */

import { rgb } from "../data/colours.js";
import { blurred, countedInCells, tinted } from "../data/heat.js";
import { onScreen } from "../data/viewport.js";
import { context2d, offscreen } from "../../shared/dom.js";

const CELL_PX = 6;
/** Colours of few and of many people, on a light and on a dark background. */
export const HEAT_RAMP = { light: ["#fdbe6e", "#960028"], dark: ["#501e78", "#ffec96"] };
/** The same as channels. @type {Channels[][]} */
const [LIGHT, DARK] = [HEAT_RAMP.light, HEAT_RAMP.dark].map((ramp) => ramp.map(rgb));

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintHeat(context, state) {
  const { width, height } = state.camera.size;
  const columns = Math.ceil(width / CELL_PX) + 1;
  const lines = Math.ceil(height / CELL_PX) + 1;
  const grid = blurred(countedInCells(shownPoints(state), columns, lines, CELL_PX));
  const [low, high] = state.look.isDark ? DARK : LIGHT;
  const small = offscreen(columns, lines);
  context2d(small).putImageData(new ImageData(tinted(grid, { low, high }), columns, lines), 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, columns * CELL_PX, lines * CELL_PX);
}

/**
 * Draw how dense people are who have no dot of their own.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintDensity(context, { density: { steps, look: about }, look, camera: { view } }) {
  const { box, columns = 0, lines = 0 } = about;
  if (!box || steps.length !== columns * lines || !steps.length) return;
  // A step is the root of a share. People stand at places; blurred, they are a texture.
  const counts = Float32Array.from(steps, (step) => step * step);
  const grid = blurred({ counts, columns, lines });
  const [low, high] = look.isDark ? DARK : LIGHT;
  const small = offscreen(columns, lines);
  const pixels = tinted(grid, { low, high });
  context2d(small).putImageData(new ImageData(pixels, columns, lines), 0, 0);
  const [left, top] = onScreen(view, box[0], box[1]);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, left, top, box[2] * view.scale, box[3] * view.scale);
}

/**
 * Return where the people are that are shown, in pixels, x and y by turns.
 *
 * @param {MapState} state
 */
function shownPoints({ people, look, camera: { view } }) {
  const { after } = people.motion;
  const points = new Float64Array(2 * people.count);
  let at = 0;
  for (let row = 0; row < people.count; row++) {
    if (!look.isShown(people.colour[row])) continue;
    points[at++] = (after[2 * row] - view.x) * view.scale;
    points[at++] = (after[2 * row + 1] - view.y) * view.scale;
  }
  return points.subarray(0, at);
}
