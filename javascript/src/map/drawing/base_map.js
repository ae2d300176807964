// Draws what does not move: land, zones, streets, homes and places.

/** @import { MapState } from "../state.js" */
/** @import { Edges } from "../data/areas.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Look } from "../data/look.js" */
/** @import { BaseMap } from "../message/read_city.js" */
/** @import { Seen } from "./places.js" */

import { onScreen } from "../data/viewport.js";
import { dotScale } from "../data/places.js";
import { paintLand } from "./land.js";
import { paintLines } from "./lines.js";
import { paintBuiltUp } from "./built_up.js";
import { paintHomes, paintPlaces } from "./places.js";
import { paintSurroundings } from "./surroundings.js";

/** Opacity of the outlines of zones over the land. */
const FAINT = 0.5;
/** The same of squares of a grid, which are no more than a help to count. */
const FAINT_GRID = 0.22;
/** Numbers of an outline with four corners, the first of them twice. */
const SQUARE = 10;
/**
 * What reaches the edges of the rectangle that is known fades out over this share of its shorter
 * side: how far from the edge how much of it is gone.
 */
const FADE_SHARE = 0.09;
const FADING = [[0, 1], [0.15, 0.93], [0.35, 0.7], [0.6, 0.32], [0.8, 0.1], [1, 0]];
/** No kind of area lies all around. */
const SEVERAL = -1;

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
  const ground = groundColour(baseMap, look);
  paintGround(context, state, baseMap, hasLand ? ground : "");
  if (layers.has("streets")) {
    paintLines(context, baseMap.lines, baseMap.lineLooks, camera, { isDark, land: theme.land });
  }
  if (hasLand) {
    fadeOut(context, camera, baseMap.extent);
    paintAround(context, baseMap, camera, { isDark, ground });
  }
  if (!layers.has("places")) return [];
  paintHomes(context, baseMap.homes, camera, theme.home);
  return paintPlaces(context, baseMap.places, camera, look, dotScale(baseMap));
}

/**
 * Draw what streets lie on: land, or else zones and where they are built up, and outlines of zones.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {BaseMap} baseMap
 * @param {string} ground Colour of the ground under land; "" where there is no land.
 */
function paintGround(context, { camera, look, layers }, baseMap, ground) {
  if (ground) paintAreas(context, baseMap, camera, look, ground);
  else if (layers.has("zones")) fillZones(context, baseMap.zones, camera, look.theme.land);
  if (!ground && layers.has("land")) paintBuiltUp(context, baseMap, camera, look);
  if (layers.has("zones")) outlineZones(context, baseMap, camera, look.theme.edge);
}

/**
 * Return the colour of the ground: of what lies all around the city, or of land.
 *
 * @param {BaseMap} baseMap
 * @param {Look} look
 */
function groundColour({ areaLooks, groundKind }, { theme, isDark }) {
  return areaLooks[groundKind]?.[isDark ? "dark" : "light"] ?? theme.land;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {Look} look
 * @param {string} ground Its colour.
 */
function paintAreas(context, baseMap, camera, look, ground) {
  const { areas, areaLooks, extent } = baseMap;
  context.fillStyle = ground;
  context.fillRect(...onMap(extent, camera));
  if (baseMap.isBare) paintBuiltUp(context, baseMap, camera, look);
  const { isDark, theme: { edge } } = look;
  paintLand(context, areas, areaLooks, camera, { isDark, edge });
}

/**
 * Draw what lies around, behind the map that fades out at its edges.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {{ isDark: boolean, ground: string }} look
 */
function paintAround(context, baseMap, { view, size }, look) {
  if (baseMap.groundKind === SEVERAL && !baseMap.isBare) paintSurroundings(context, view, baseMap, look);
  context.save();
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = look.ground;
  context.fillRect(0, 0, size.width, size.height);
  context.restore();
}

/**
 * Let land and streets fade out at the edges of what is known, where they are cut off.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Edges} extent
 */
function fadeOut(context, camera, extent) {
  const [left, top, width, height] = onMap(extent, camera);
  const depth = FADE_SHARE * Math.min(width, height);
  // Nothing is seen further away than this.
  const far = camera.size.width + camera.size.height + width + height;
  context.save();
  context.globalCompositeOperation = "destination-out";
  context.translate(left + width / 2, top + height / 2);
  for (const across of [height, width, height, width]) {
    context.rotate(Math.PI / 2);
    // Turned by a quarter: the edge on the left.
    const gradient = context.createLinearGradient(-across / 2, 0, depth - across / 2, 0);
    for (const [away, gone] of FADING) gradient.addColorStop(away, `rgba(0,0,0,${gone})`);
    context.fillStyle = gradient;
    context.fillRect(-across / 2 - far, -far, far + depth, 2 * far);
  }
  context.restore();
}

/**
 * Return left, top, width and height of a part of the city, in pixels.
 *
 * @param {Edges} edges
 * @param {Camera} camera
 * @returns {[number, number, number, number]}
 */
function onMap({ left, top, right, bottom }, { view }) {
  const [x, y] = onScreen(view, left, top);
  return [x, y, (right - left) * view.scale, (bottom - top) * view.scale];
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
  context.globalAlpha = zones.every(({ length }) => length <= SQUARE) ? FAINT_GRID : FAINT;
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
