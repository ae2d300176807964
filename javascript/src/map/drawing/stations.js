// Draws stations and as many of their names as there is room for.

/** @import { MapState } from "../state.js" */
/** @import { BaseMap } from "../message/read.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Theme } from "../message/traits.js" */

import { freeLabels } from "../data/labels.js";
import { onScreen } from "../data/viewport.js";
import { writeOutlined } from "./pen.js";

/** With more stations than this in view, they are smaller and without names. */
const MANY = 60;
/** From the middle of a station to its name, in pixels. */
const OFFSET_PX = 7;
/** Room that a name takes beyond its own width, in pixels. */
const ROOM_PX = 16;
const LINE_PX = 13;

/** @typedef {{ x: number, y: number, name: string }} Station In pixels. */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintStations(context, { baseMap, camera, look: { theme } }) {
  if (!baseMap) return;
  const stations = inView(baseMap, camera);
  const areMany = stations.length > MANY;
  if (!areMany) writeNames(context, stations.filter(({ name }) => name), theme);
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
  const half = isSmall ? 2 : 3.5;
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
 * @param {Theme} theme
 */
function writeNames(context, stations, theme) {
  context.font = "600 11px system-ui,sans-serif";
  context.textAlign = "left";
  context.textBaseline = "middle";
  const boxes = stations.map(({ x, y, name }) => ({
    x, y, width: context.measureText(name).width + ROOM_PX,
  }));
  const style = { fill: theme.station, outline: theme.land, width: 3 };
  freeLabels(boxes, LINE_PX).forEach((isFree, at) => {
    const { x, y, name } = stations[at];
    if (isFree) writeOutlined(context, name, [x + OFFSET_PX, y], style);
  });
}
