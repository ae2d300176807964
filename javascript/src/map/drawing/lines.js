// Draws streets, rails and rivers: casings first, then what lies on them, the largest last.

/** @import { Camera } from "../data/camera.js" */
/** @import { Lines } from "../data/lines.js" */
/** @import { LineLook } from "../message/traits.js" */

import { edgesOf, isInView } from "../data/areas.js";
import { css, mixed } from "../data/colours.js";
import { traceLine } from "./land.js";
import { clamp } from "../../shared/numbers.js";

/** Lines shorter than this, in pixels, are not seen. */
const SPECK_PX = 0.7;
/** Lines this far outside the map, in pixels, reach into it by their width. */
const MARGIN_PX = 20;
/** A line has its full width in pixels from this scale on, in pixels per metre. */
const FULL_SCALE = 0.15;
const THINNING = 0.5;
const LEAST_SHARE = 0.4;
/** Width of a casing on either side, as a share of the line and in pixels. */
const CASING_SHARE = 0.3;
const LEAST_CASING_PX = 0.45;
const CASING_PX = 1;
/** The least width of a line that has a casing, and of a rail that has ties, in pixels. */
const CASED_FROM_PX = 1.2;
const TIES_FROM_PX = 2.4;
/** On light land, a line that is too thin for a casing has this share of the colour of one. */
const THIN_TINT = 0.65;
const RAIL = "rail";

/**
 * Return how wide a line is drawn, in pixels: the more of the city is in view, the thinner; from
 * close by as wide as it is.
 *
 * @param {LineLook} look
 * @param {number} metrePx Pixels per metre.
 */
export function lineWidth({ width_px: widthPx, width_m: widthM }, metrePx) {
  const share = clamp((metrePx / FULL_SCALE) ** THINNING, LEAST_SHARE, 1);
  return Math.max(widthPx * share, widthM * metrePx);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Lines} lines
 * @param {LineLook[]} looks In the order in which they are drawn.
 * @param {Camera} camera
 * @param {{ isDark: boolean, land: string }} theme Whether the background is dark, and its colour.
 */
export function paintLines(context, lines, looks, camera, { isDark, land }) {
  const drawn = looks.flatMap((look, kind) =>
    camera.metrePx < look.min_scale ? [] : [layerOf(lines, look, kind, camera, isDark)]);
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const { path, width, casing } of drawn) {
    if (width < CASED_FROM_PX || !casing) continue;
    const edge = clamp(CASING_SHARE * width, LEAST_CASING_PX, CASING_PX);
    stroke(context, path, width + 2 * edge, casing);
  }
  for (const { path, width, colour, casing, isRail } of drawn) {
    const isThin = casing && !isDark && width < CASED_FROM_PX;
    stroke(context, path, width, isThin ? css(mixed(colour, casing, THIN_TINT)) : colour);
    if (isRail && width >= TIES_FROM_PX) paintTies(context, path, width, land);
  }
}

/**
 * @param {Lines} lines
 * @param {LineLook} look
 * @param {number} kind
 * @param {Camera} camera
 * @param {boolean} isDark
 */
function layerOf(lines, look, kind, { view, size, metrePx }, isDark) {
  const path = new Path2D();
  const edges = edgesOf(view, size, MARGIN_PX);
  for (const row of lines.ofKind[kind] ?? []) {
    if (!isInView(lines.boxes, row, edges, SPECK_PX / view.scale)) continue;
    traceLine(path, lines.points, { from: lines.start[row], to: lines.start[row + 1] }, view);
  }
  return {
    path, width: lineWidth(look, metrePx), isRail: look.kind === RAIL,
    colour: isDark ? look.dark : look.light,
    casing: isDark ? look.casing_dark : look.casing_light,
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {number} width
 * @param {string} colour
 */
function stroke(context, path, width, colour) {
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke(path);
}

/**
 * Draw a rail as maps do: with light pieces on it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {number} width
 * @param {string} land
 */
function paintTies(context, path, width, land) {
  context.lineCap = "butt";
  context.setLineDash([3 * width, 3 * width]);
  stroke(context, path, Math.max(width - 1.6, 0.8), land);
  context.setLineDash([]);
  context.lineCap = "round";
}
