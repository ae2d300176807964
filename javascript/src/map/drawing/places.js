// Draws places: dots from afar, icons from close by where there is room for them.

/** @import { Camera } from "../data/camera.js" */
/** @import { Places } from "../data/places.js" */
/** @import { Look } from "../data/look.js" */

import { edgesOf } from "../data/areas.js";
import { BoxGrid } from "../data/box_grid.js";
import { DOT_SCALE, ICON_SCALE } from "../data/places.js";
import { onScreen } from "../data/viewport.js";
import { DISC_PX, paintIcon, rankOf } from "./icons.js";
import { clamp } from "../../shared/numbers.js";

/** Icons this far outside the map, in pixels, are still drawn. */
const MARGIN_PX = 10;
/** Room around an icon, in pixels: where icons begin, and the least; it shrinks with the scale. */
const MOST_FREE_PX = 9;
const FREE_PX = 1;
/** Opacity of dots, so that people are seen on them. */
const DOT_ALPHA = 0.65;
/** Radius of a dot where dots begin, and the largest, in pixels. */
const LEAST_PX = 1.1;
const MOST_PX = 1.7;
const HOME_PX = 1.3;
/** Homes are dots from this scale on, in pixels per metre. */
const HOME_SCALE = 0.18;

/** @typedef {{ row: number, x: number, y: number }} Seen A place in view, in pixels. */

/**
 * Draw places and return those that have an icon.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Places} places
 * @param {Camera} camera
 * @param {Look} look
 * @param {number} from Scale from which on they are drawn, in pixels per metre.
 * @returns {Seen[]}
 */
export function paintPlaces(context, places, camera, look, from) {
  const { metrePx } = camera;
  if (metrePx < from) return [];
  const seen = inView(places, camera);
  paintDots(context, seen, places, camera, look);
  if (metrePx < ICON_SCALE) return [];
  const roomy = withRoom(seen, places, camera);
  for (const { row, x, y } of roomy) {
    const colour = colourOf(places, row, look);
    paintIcon(context, places.lookOf(row)?.icon ?? "", [x, y], { colour, disc: look.theme.panel });
  }
  return roomy;
}

/**
 * Return the colour of a place.
 *
 * @param {Places} places
 * @param {number} row
 * @param {Look} look
 */
export function colourOf(places, row, { theme, isDark }) {
  return places.lookOf(row)?.[isDark ? "dark" : "light"] ?? theme.place;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Seen[]} seen
 * @param {Places} places
 * @param {Camera} camera
 * @param {Look} look
 */
function paintDots(context, seen, places, { metrePx }, look) {
  const radius = clamp(LEAST_PX * (metrePx / DOT_SCALE) ** 0.6, LEAST_PX, MOST_PX);
  context.globalAlpha = DOT_ALPHA;
  for (const { row, x, y } of seen) {
    context.fillStyle = colourOf(places, row, look);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array} homes x and y by turns, in units.
 * @param {Camera} camera
 * @param {string} colour
 */
export function paintHomes(context, homes, { view, size, metrePx }, colour) {
  if (metrePx < HOME_SCALE) return;
  context.fillStyle = colour;
  const side = 2 * HOME_PX;
  for (let at = 0; at < homes.length; at += 2) {
    const [x, y] = onScreen(view, homes[at], homes[at + 1]);
    if (x < 0 || y < 0 || x > size.width || y > size.height) continue;
    context.fillRect(x - HOME_PX, y - HOME_PX, side, side);
  }
}

/**
 * @param {Places} places
 * @param {Camera} camera
 */
function inView(places, { view, size }) {
  const { left, top, right, bottom } = edgesOf(view, size, MARGIN_PX);
  /** @type {Seen[]} */
  const seen = [];
  for (let row = 0; row < places.count; row++) {
    const [x, y] = places.position(row);
    if (x < left || x > right || y < top || y > bottom) continue;
    seen.push({ row, x: (x - view.x) * view.scale, y: (y - view.y) * view.scale });
  }
  return seen;
}

/**
 * Return the places whose icons cover no others, the most telling kinds first.
 *
 * @param {Seen[]} seen
 * @param {Places} places
 * @param {Camera} camera
 */
function withRoom(seen, places, { size, metrePx }) {
  const ranks = places.looks.map(({ icon }) => rankOf(icon));
  const rank = (/** @type {Seen} */ { row }) => ranks[places.kinds[row]] ?? ranks.length;
  const side = 2 * (DISC_PX + MOST_FREE_PX + MARGIN_PX);
  const grid = new BoxGrid({ width: size.width + side, height: size.height + side });
  const half = DISC_PX + clamp(MOST_FREE_PX * (ICON_SCALE / metrePx) ** 1.5, FREE_PX, MOST_FREE_PX);
  return seen.toSorted((one, other) => rank(one) - rank(other) || one.row - other.row)
    .filter(({ x, y }) => {
      const [left, top] = [x - half + side / 2, y - half + side / 2];
      const box = { left, top, width: 2 * half, height: 2 * half };
      if (!grid.isFree(box)) return false;
      grid.take(box);
      return true;
    });
}
