// Draws rings around the people under the pointer, under the keyboard's cursor and selected.

/** @import { MapState } from "../state.js" */

import { NOBODY } from "../state.js";
import { writeOutlined } from "./pen.js";

/** From the edge of a dot to its ring, and to its name, in pixels. */
const RING_PX = 4.5;
const NAME_PX = 9;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} nowMs
 */
export function paintMarks(context, state, nowMs) {
  const { hovered, cursor, selected, people, look: { theme } } = state;
  for (const [row, colour] of /** @type {const} */ ([
    [hovered, theme.text], [cursor, theme.text], [selected, theme.accent],
  ])) {
    if (row === NOBODY || row >= people.count) continue;
    paintRing(context, state.screenPosition(row, nowMs), state.dotRadius + RING_PX, colour);
  }
  if (selected !== NOBODY) writeName(context, state, nowMs);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} point
 * @param {number} radius
 * @param {string} colour
 */
function paintRing(context, [x, y], radius, colour) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = 2.5;
  context.strokeStyle = colour;
  context.stroke();
}

/**
 * Write the name of the selected person beside the dot: to the left where there is no room on
 * the right.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} nowMs
 */
function writeName(context, state, nowMs) {
  const { selected, people, look: { theme }, camera } = state;
  const [x, y] = state.screenPosition(selected, nowMs);
  const far = state.dotRadius + NAME_PX;
  const name = people.nameOf(selected);
  context.font = "600 12px system-ui,sans-serif";
  context.textBaseline = "middle";
  const width = context.measureText(name).width;
  const left = x + far + width > camera.size.width ? x - far - width : x + far;
  writeOutlined(context, name, [left, y], { fill: theme.text, outline: theme.panel, width: 4 });
}
