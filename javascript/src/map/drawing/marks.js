// Draws rings around the people under the pointer, under the keyboard's cursor and selected, and
// marks the places under the pointer and selected.

/** @import { MapState } from "../state.js" */

import { NOWHERE } from "../data/places.js";
import { onScreen } from "../data/viewport.js";
import { NOBODY } from "../state.js";
import { DISC_PX, paintIcon } from "./icons.js";
import { writeOutlined } from "./pen.js";
import { colourOf } from "./places.js";

/** From the edge of a dot or icon to its ring, and to its name, in pixels. */
const RING_PX = 4.5;
const PLACE_RING_PX = 2.5;
const NAME_PX = 9;
/** The icon of a marked place is larger than the others by this factor. */
const STRETCH = 1.15;

/**
 * Tell whether anybody or anything is marked.
 *
 * @param {MapState} state
 */
export function hasMarks({ hovered, cursor, selected, hoveredPlace, place }) {
  return [hovered, cursor, selected].some((row) => row !== NOBODY)
    || [hoveredPlace, place].some((row) => row !== NOWHERE);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} nowMs
 */
export function paintMarks(context, state, nowMs) {
  const { hovered, cursor, selected, people, look: { theme } } = state;
  paintPlaceMarks(context, state);
  for (const [row, colour] of /** @type {const} */ ([
    [hovered, theme.text], [cursor, theme.text], [selected, theme.accent],
  ])) {
    if (row === NOBODY || row >= people.count) continue;
    paintRing(context, state.screenPosition(row, nowMs), state.dotRadius + RING_PX, colour);
  }
  if (selected !== NOBODY) {
    const point = state.screenPosition(selected, nowMs);
    writeName(context, state, people.nameOf(selected), point, state.dotRadius + NAME_PX);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
function paintPlaceMarks(context, state) {
  const { hoveredPlace, place, look: { theme } } = state;
  if (hoveredPlace !== place) paintPlace(context, state, hoveredPlace, theme.text);
  const point = paintPlace(context, state, place, theme.accent);
  const name = state.baseMap?.places.nameOf(place) ?? "";
  if (point) writeName(context, state, name, point, STRETCH * DISC_PX + NAME_PX);
}

/**
 * Draw a place with a ring, and return where it is; null if there is none.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} row
 * @param {string} ring Its colour.
 */
function paintPlace(context, { baseMap, camera, look }, row, ring) {
  if (!baseMap || row === NOWHERE || row >= baseMap.places.count) return null;
  const icon = baseMap.places.lookOf(row)?.icon ?? "";
  const point = onScreen(camera.view, ...baseMap.places.position(row));
  const colour = colourOf(baseMap.places, row, look);
  paintIcon(context, icon, point, { colour, disc: look.theme.panel, stretch: STRETCH });
  paintRing(context, point, STRETCH * DISC_PX + PLACE_RING_PX, ring);
  return point;
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
 * Write the name of what is selected beside it: to the left where there is no room on the right.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {string} name
 * @param {[number, number]} point
 * @param {number} far From the point to the name, in pixels.
 */
function writeName(context, { look: { theme }, camera }, name, [x, y], far) {
  context.font = "600 12px system-ui,sans-serif";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const width = context.measureText(name).width;
  const left = x + far + width > camera.size.width ? x - far - width : x + far;
  writeOutlined(context, name, [left, y], { fill: theme.text, outline: theme.panel, width: 4 });
}
