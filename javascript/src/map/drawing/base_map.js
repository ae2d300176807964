// Draws what does not move: land, zones, streets, homes and places.

/** @import { MapState } from "../state.js" */
/** @import { Edges } from "../data/areas.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Look } from "../data/look.js" */
/** @import { BaseMap } from "../message/read_city.js" */
/** @import { Seen } from "./places.js" */

import { css, rgb } from "../data/colours.js";
import { onScreen } from "../data/viewport.js";
import { paintLand } from "./land.js";
import { paintLines } from "./lines.js";
import { paintHomes, paintPlaces } from "./places.js";

/** Opacity of the outlines of zones over the land. */
const FAINT = 0.5;
/**
 * What reaches the edges of the rectangle that is known fades out over this share of its shorter
 * side: how far from the edge how much of it is covered.
 */
const FADE_SHARE = 0.09;
const FADING = [[0, 1], [0.15, 0.93], [0.35, 0.7], [0.6, 0.32], [0.8, 0.1], [1, 0]];
/** What is a little beyond these edges, in pixels, as half the width of a street, is covered. */
const BEYOND_PX = 12;

/**
 * Draw the base map and return the places that are drawn as icons.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @returns {Seen[]}
 */
export function paintBaseMap(context, state) {
  const { baseMap, camera, look, layers } = state;
  if (!baseMap) return [];
  const { theme, isDark } = look;
  const hasLand = layers.has("land") && baseMap.areas.count > 0;
  const around = colourAround(baseMap, look);
  if (hasLand) paintAreas(context, baseMap, camera, look, around);
  else if (layers.has("zones")) fillZones(context, baseMap.zones, camera, theme.land);
  if (layers.has("zones")) outlineZones(context, baseMap, camera, theme.edge);
  if (layers.has("streets")) {
    paintLines(context, baseMap.lines, baseMap.lineLooks, camera, { isDark, land: theme.land });
  }
  if (hasLand) fadeOut(context, camera, baseMap.extent, around);
  if (!layers.has("places")) return [];
  paintHomes(context, baseMap.homes, camera, theme.home);
  return paintPlaces(context, baseMap.places, camera, look);
}

/**
 * Return the colour of what lies around the city.
 *
 * @param {BaseMap} baseMap
 * @param {Look} look
 */
function colourAround({ areaLooks, groundKind }, { theme, isDark }) {
  return areaLooks[groundKind]?.[isDark ? "dark" : "light"] ?? theme.land;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {Look} look
 * @param {string} around Colour of what lies around.
 */
function paintAreas(context, { areas, areaLooks }, camera, { theme, isDark }, around) {
  paintGround(context, camera, around);
  paintLand(context, areas, areaLooks, camera, { isDark, edge: theme.edge });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {string} land
 */
function paintGround(context, { size }, land) {
  context.fillStyle = land;
  context.fillRect(0, 0, size.width, size.height);
}

/**
 * Let rivers and streets fade out at the edges of what is known, where they are cut off.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Edges} extent
 * @param {string} around Colour of what lies around.
 */
function fadeOut(context, { view }, extent, around) {
  const [left, top] = onScreen(view, extent.left, extent.top);
  const [right, bottom] = onScreen(view, extent.right, extent.bottom);
  const [width, height] = [right - left, bottom - top];
  const depth = FADE_SHARE * Math.min(width, height);
  context.save();
  context.translate((left + right) / 2, (top + bottom) / 2);
  for (const [along, across] of [[width, height], [height, width], [width, height], [height, width]]) {
    context.rotate(Math.PI / 2);
    // Turned by a quarter: the edge on the left is as long as the map is in the other direction.
    const gradient = context.createLinearGradient(-across / 2, 0, depth - across / 2, 0);
    for (const [far, cover] of FADING) gradient.addColorStop(far, css(rgb(around), cover));
    context.fillStyle = gradient;
    context.fillRect(-across / 2 - BEYOND_PX, -along / 2 - BEYOND_PX, depth + BEYOND_PX,
      along + 2 * BEYOND_PX);
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array[]} zones Outlines.
 * @param {Camera} camera
 * @param {string} land
 */
function fillZones(context, zones, camera, land) {
  traceZones(context, zones, camera);
  context.fillStyle = land;
  context.fill("evenodd");
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {string} edge
 */
function outlineZones(context, { zones }, camera, edge) {
  traceZones(context, zones, camera);
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.globalAlpha = FAINT;
  context.setLineDash([6, 4]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint16Array[]} zones
 * @param {Camera} camera
 */
function traceZones(context, zones, { view }) {
  context.beginPath();
  for (const outline of zones) {
    for (let at = 0; at < outline.length; at += 2) {
      const [x, y] = onScreen(view, outline[at], outline[at + 1]);
      if (at) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }
}
