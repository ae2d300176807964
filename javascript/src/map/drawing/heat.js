// Draws how many people there are per area.

/** @import { MapState } from "../state.js" */
/** @import { Channels } from "../data/colours.js" */

import { rgb } from "../data/colours.js";
import { blurred, countedInCells, tinted } from "../data/heat.js";
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
