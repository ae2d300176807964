// Draws rings around the people under the pointer, under the keyboard's cursor and selected, and
// marks the places under the pointer and selected.

/** @import { Box } from "../data/labels.js" */
/** @import { Theme } from "../message/traits.js" */
/** @import { MapState } from "../state.js" */

import { NOWHERE } from "../data/places.js";
import { onScreen } from "../data/viewport.js";
import { NOBODY } from "../state.js";
import { DISC_PX, paintIcon } from "./icons.js";
import { colourOf } from "./places.js";

/** From the edge of a dot or icon to its ring, and to its name, in pixels. */
const RING_PX = 4.5;
const PLACE_RING_PX = 2.5;
const NAME_PX = 6;
/** From the edge of a name's ground to the name, its height, and how much of it is seen. */
const TAG_PX = 7;
const TAG_HIGH_PX = 20;
const TAG_ALPHA = 0.92;
const FONT = "600 12px system-ui,sans-serif";
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
  for (const tag of nameTags(context, state, nowMs)) paintTag(context, tag, theme);
}

/** @typedef {Box & { name: string }} Tag The name of what is selected, and what it covers. */

/**
 * Return the names of the selected person and place, and what they cover.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} nowMs
 * @returns {Tag[]}
 */
export function nameTags(context, state, nowMs) {
  const { selected, place, people, baseMap, camera: { view, size } } = state;
  const named = [];
  if (baseMap && place !== NOWHERE && place < baseMap.places.count) {
    const point = onScreen(view, ...baseMap.places.position(place));
    named.push({ name: baseMap.places.nameOf(place), point, far: STRETCH * DISC_PX + NAME_PX });
  }
  if (selected !== NOBODY && selected < people.count) {
    const point = state.screenPosition(selected, nowMs);
    named.push({ name: people.nameOf(selected), point, far: state.dotRadius + NAME_PX });
  }
  context.font = FONT;
  return named.map(({ name, point: [x, y], far }) => {
    const width = context.measureText(name).width + 2 * TAG_PX;
    // To the left where there is no room on the right.
    const beside = x + far + width > size.width ? x - far - width : x + far;
    // On a map on which there is none on either side, the beginning of the name is seen.
    const left = x < 0 ? beside : Math.max(beside, 0);
    return { name, left, top: y - TAG_HIGH_PX / 2, width, height: TAG_HIGH_PX };
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
function paintPlaceMarks(context, state) {
  const { hoveredPlace, place, look: { theme } } = state;
  if (hoveredPlace !== place) paintPlace(context, state, hoveredPlace, theme.text);
  paintPlace(context, state, place, theme.accent);
}

/**
 * Draw a place with a ring, if there is one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {number} row
 * @param {string} ring Its colour.
 */
function paintPlace(context, { baseMap, camera, look }, row, ring) {
  if (!baseMap || row === NOWHERE || row >= baseMap.places.count) return;
  const icon = baseMap.places.lookOf(row)?.icon ?? "";
  const point = onScreen(camera.view, ...baseMap.places.position(row));
  const colour = colourOf(baseMap.places, row, look);
  paintIcon(context, icon, point, { colour, disc: look.theme.panel, stretch: STRETCH });
  paintRing(context, point, STRETCH * DISC_PX + PLACE_RING_PX, ring);
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
 * Write a name on a ground of its own, so that names below are not read into it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Tag} tag
 * @param {Theme} theme
 */
function paintTag(context, { name, left, top, width, height }, theme) {
  context.beginPath();
  context.roundRect(left, top, width, height, height / 2);
  context.globalAlpha = TAG_ALPHA;
  context.fillStyle = theme.panel;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.strokeStyle = theme.accent;
  context.stroke();
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = FONT;
  context.fillStyle = theme.text;
  context.fillText(name, left + TAG_PX, top + height / 2 + 0.5);
}
