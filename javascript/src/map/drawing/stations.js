// Draws stations and as many of their names as there is room for.

/** @import { MapState } from "../state.js" */
/** @import { BaseMap } from "../message/read.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Box } from "../data/labels.js" */
/** @import { Theme } from "../message/traits.js" */

import { outside, placedLabels } from "../data/labels.js";
import { onScreen } from "../data/viewport.js";
import { writeOutlined } from "./pen.js";

/** With more stations than this in view, they are smaller and without names. */
const MANY = 60;
/** From the middle of a station to its name, in pixels. */
const OFFSET_PX = 7;
const LINE_PX = 13;
/** Half the side of a box, with its edge, in pixels. */
const HALF_PX = 3.5;
const SMALL_HALF_PX = 2;
/** From a box to the names of others, in pixels. */
const FREE_PX = 2;

/** @typedef {{ x: number, y: number, name: string }} Station In pixels. */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintStations(context, { baseMap, camera, look: { theme } }) {
  if (!baseMap) return;
  const stations = inView(baseMap, camera);
  const areMany = stations.length > MANY;
  if (!areMany) writeNames(context, stations, camera, theme);
  for (const { x, y } of stations) paintBox(context, x, y, areMany, theme);
}

/**
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @returns {Station[]}
 */
function inView({ stations, stationNames }, { view, size }) {
  return Array.from({ length: stations.length / 2 }, (_, row) => {
    const [x, y] = onScreen(view, stations[2 * row], stations[2 * row + 1]);
    return { x, y, name: stationNames[row] || "" };
  }).filter(({ x, y }) => x > -60 && y > -9 && x < size.width + 9 && y < size.height + 9);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {boolean} isSmall
 * @param {Theme} theme
 */
function paintBox(context, x, y, isSmall, theme) {
  const half = isSmall ? SMALL_HALF_PX : HALF_PX;
  context.fillStyle = theme.background;
  context.strokeStyle = theme.station;
  context.lineWidth = isSmall ? 1 : 1.6;
  context.beginPath();
  context.rect(x - half, y - half, 2 * half, 2 * half);
  context.fill();
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Station[]} stations
 * @param {Camera} camera
 * @param {Theme} theme
 */
function writeNames(context, stations, { covered, size }, theme) {
  context.font = "600 11px system-ui,sans-serif";
  context.textAlign = "left";
  context.textBaseline = "middle";
  const named = stations.filter((one) => one.name && !covered.some((box) => holds(box, one)));
  const labels = named.map(({ x, y, name }) => ({ x, y, width: context.measureText(name).width }));
  const taken = [...covered, ...outside(size), ...stations.map(boxOf)];
  const style = { fill: theme.station, outline: theme.land, width: 3 };
  placedLabels(labels, { height: LINE_PX, gap: OFFSET_PX }, taken).forEach((box, at) => {
    if (box) writeOutlined(context, named[at].name, [box.left, box.top + LINE_PX / 2], style);
  });
}

/**
 * @param {Box} box
 * @param {Station} station
 */
function holds({ left, top, width, height }, { x, y }) {
  return x > left && x < left + width && y > top && y < top + height;
}

/**
 * @param {Station} station
 * @returns {Box}
 */
function boxOf({ x, y }) {
  const half = HALF_PX + FREE_PX;
  return { left: x - half, top: y - half, width: 2 * half, height: 2 * half };
}
