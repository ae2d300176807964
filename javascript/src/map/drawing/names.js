// Writes names where there is room: of stations first, then of districts, parks and waters, of
// streets, and of places.

/** @import { MapState } from "../state.js" */
/** @import { BaseMap } from "../message/read_city.js" */
/** @import { AreaName, Theme } from "../message/traits.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Box } from "../data/labels.js" */
/** @import { Seen } from "./places.js" */
/** @import { Station } from "./stations.js" */

import { BoxGrid } from "../data/box_grid.js";
import { css, mixed } from "../data/colours.js";
import { centredBox, placedLabels, twoLines } from "../data/labels.js";
import { onScreen } from "../data/viewport.js";
import { DISC_PX } from "./icons.js";
import { nameTags } from "./marks.js";
import { writeOutlined } from "./pen.js";
import { boxOfStation, paintStations, stationsInView } from "./stations.js";
import { writeStreetNames } from "./street_names.js";
import { clamp } from "../../shared/numbers.js";

const FAMILY = "system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif";
/** Height of a line, and from a station to its name, in pixels. */
const LINE_PX = 13;
const STATION_GAP_PX = 7;
const HALO_PX = 3;
/** How much of the colour of quiet text the names of stations around the city have. */
const AROUND_SHARE = 0.75;
/** The name of an area is written where the area is this much of the width of the name. */
const AREA_SHARE = 0.75;
/** An area that is wider than this share of the map is the whole map: its name tells nothing. */
const WHOLE_SHARE = 2.5;
/** Longer names are written in two lines. */
const ONE_LINE = 14;
const DISTRICT = "district";
const DISTRICT_PX = 12.5;
/** Names of places are written from this scale on, in pixels per metre, so many letters long. */
const PLACE_SCALE = 0.9;
const PLACE_LETTERS = 24;
/** How much of the colour of an area its name has. */
const TINT = 0.35;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {Seen[]} icons Places that are drawn as icons.
 */
export function paintNames(context, state, icons) {
  const { baseMap, camera, look, layers } = state;
  if (!baseMap) return;
  const stations = stationsInView(baseMap, camera);
  const tags = nameTags(context, state, performance.now());
  if (layers.has("names")) writeAll(context, state, baseMap, { stations, icons, tags });
  paintStations(context, stations, look.theme);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 * @param {BaseMap} baseMap
 * @param {{ stations: Station[], icons: Seen[], tags: Box[] }} drawn
 */
function writeAll(context, { camera, look, layers }, baseMap, { stations, icons, tags }) {
  const { theme, isDark } = look;
  const grid = new BoxGrid(camera.size);
  for (const box of [...camera.covered, ...tags]) grid.take(box);
  for (const one of stations) grid.take(boxOfStation(one));
  Object.assign(context, { lineJoin: "round", textBaseline: "middle", textAlign: "left" });
  writeStations(context, stations, grid, theme);
  if (layers.has("land")) writeAreas(context, baseMap, camera, grid, look);
  if (layers.has("streets")) writeStreetNames(context, baseMap, camera, grid, { theme, isDark });
  if (camera.metrePx >= PLACE_SCALE) writePlaces(context, baseMap, icons, grid, theme);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Station[]} stations
 * @param {BoxGrid} grid
 * @param {Theme} theme
 */
function writeStations(context, stations, grid, theme) {
  const named = stations.filter(({ name, x, y }) =>
    name && grid.isWithin({ left: x, top: y, width: 0, height: 0 }));
  const fontOf = (/** @type {boolean} */ isAround) => `${isAround ? 500 : 600} 11px ${FAMILY}`;
  const labels = named.map(({ x, y, name, isAround }) => {
    context.font = fontOf(isAround);
    return { x, y, width: context.measureText(name).width };
  });
  placedLabels(labels, { height: LINE_PX, gap: STATION_GAP_PX }, grid).forEach((box, at) => {
    if (!box) return;
    const { name, isAround } = named[at];
    context.font = fontOf(isAround);
    const fill = isAround ? css(mixed(theme.land, theme.faint, AROUND_SHARE)) : theme.station;
    const style = { fill, outline: theme.land, width: HALO_PX };
    writeOutlined(context, name, [box.left, box.top + LINE_PX / 2], style);
  });
}

/**
 * Write the names of areas: districts first, then the large before the small.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {BoxGrid} grid
 * @param {MapState["look"]} look
 */
function writeAreas(context, { areaNames, areaLooks }, camera, grid, { theme, isDark }) {
  const isDistrict = (/** @type {AreaName} */ { kind }) => Number(kind === DISTRICT);
  const names = areaNames.toSorted(
    (one, other) => isDistrict(other) - isDistrict(one) || other.size - one.size);
  for (const area of names) {
    const look = areaLooks.find(({ kind }) => kind === area.kind);
    const tint = look && mixed(theme.text, isDark ? look.dark : look.light, TINT);
    const style = { fill: css(tint ?? mixed(theme.text, theme.faint, 1)), outline: theme.land };
    writeArea(context, area, camera, grid, style);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {AreaName} area
 * @param {Camera} camera
 * @param {BoxGrid} grid
 * @param {{ fill: string, outline: string }} style
 */
function writeArea(context, { x, y, name, kind, size }, camera, grid, style) {
  const isDistrict = kind === DISTRICT;
  const side = isDistrict ? camera.size.width : size * camera.view.scale;
  const [left, top] = onScreen(camera.view, x, y);
  const isInView = grid.isWithin({ left, top, width: 0, height: 0 });
  if (side > WHOLE_SHARE * camera.size.width || !isInView) return;
  const fontPx = isDistrict ? DISTRICT_PX : Math.round(clamp(8 + side / 60, 10, 13));
  context.font = `${isDistrict ? "650" : "italic 500"} ${fontPx}px ${FAMILY}`;
  const lines = twoLines(name, ONE_LINE);
  const width = Math.max(...lines.map((one) => context.measureText(one).width));
  const height = (fontPx + 2) * lines.length;
  const box = centredBox({ x: left, y: top, width }, height);
  if (side < AREA_SHARE * width || !grid.isFree(box)) return;
  grid.take(box);
  context.textAlign = "center";
  lines.forEach((line, at) => {
    const down = box.top + (fontPx + 2) * (at + 0.5);
    writeOutlined(context, line, [left, down], { ...style, width: HALO_PX });
  });
  context.textAlign = "left";
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Seen[]} icons
 * @param {BoxGrid} grid
 * @param {Theme} theme
 */
function writePlaces(context, { places }, icons, grid, theme) {
  context.font = `500 10.5px ${FAMILY}`;
  context.textAlign = "left";
  icons.forEach(({ x, y }) => grid.take(
    centredBox({ x, y, width: 2 * DISC_PX }, 2 * DISC_PX)));
  const named = icons.filter(({ row }) => places.names[row]);
  const names = named.map(({ row }) => shortened(places.nameOf(row)));
  const labels = named.map(({ x, y }, at) => ({ x, y, width: context.measureText(names[at]).width }));
  const style = { fill: theme.text, outline: theme.land, width: HALO_PX };
  placedLabels(labels, { height: LINE_PX, gap: DISC_PX + 2 }, grid).forEach((box, at) => {
    if (box) writeOutlined(context, names[at], [box.left, box.top + LINE_PX / 2], style);
  });
}

/** @param {string} name */
function shortened(name) {
  return name.length > PLACE_LETTERS ? `${name.slice(0, PLACE_LETTERS - 1).trimEnd()}\u2026` : name;
}
