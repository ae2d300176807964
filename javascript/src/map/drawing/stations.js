// Draws stations as boxes.

/** @import { BaseMap } from "../message/read_city.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Box } from "../data/labels.js" */
/** @import { Theme } from "../message/traits.js" */

import { onScreen } from "../data/viewport.js";

/** With more stations than this in view, they are smaller. */
const MANY = 60;
/** Half the side of a box, with its edge, in pixels. */
const HALF_PX = 3.5;
const SMALL_HALF_PX = 2.2;
/** From a box to the names of others, in pixels. */
const FREE_PX = 2;
/** Stations this far outside the map, in pixels, are still drawn. */
const MARGIN_PX = 9;

/** How much of the colour of stations those around the city have. */
const AROUND_ALPHA = 0.45;

/** @typedef {{ x: number, y: number, name: string, isAround: boolean }} Station In pixels. */

/**
 * Return the stations in view: those of the city first, then those around it.
 *
 * @param {Pick<BaseMap, "stations" | "stationNames">} baseMap
 * @param {Camera} camera
 * @returns {Station[]}
 */
export function stationsInView({ stations, stationNames }, { view, size, bounds }) {
  const { left, top, width, height } = bounds;
  return Array.from({ length: stations.length / 2 }, (_, row) => {
    const [x, y] = onScreen(view, stations[2 * row], stations[2 * row + 1]);
    const [right, down] = [stations[2 * row] - left, stations[2 * row + 1] - top];
    const isAround = right < 0 || down < 0 || right > width || down > height;
    return { x, y, name: stationNames[row] || "", isAround };
  }).filter(({ x, y }) =>
    x > -MARGIN_PX && y > -MARGIN_PX && x < size.width + MARGIN_PX && y < size.height + MARGIN_PX)
    .toSorted((one, other) => Number(one.isAround) - Number(other.isAround));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Station[]} stations
 * @param {Theme} theme
 */
export function paintStations(context, stations, theme) {
  const areMany = stations.length > MANY;
  const half = areMany ? SMALL_HALF_PX : HALF_PX;
  context.fillStyle = theme.background;
  context.strokeStyle = theme.station;
  context.lineWidth = areMany ? 1.2 : 1.6;
  for (const isAround of [true, false]) {
    context.globalAlpha = isAround ? AROUND_ALPHA : 1;
    context.beginPath();
    for (const one of stations) {
      if (one.isAround === isAround) context.rect(one.x - half, one.y - half, 2 * half, 2 * half);
    }
    context.fill();
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * Return the room that the box of a station takes.
 *
 * @param {Station} station
 * @returns {Box}
 */
export function boxOfStation({ x, y }) {
  const half = HALF_PX + FREE_PX;
  return { left: x - half, top: y - half, width: 2 * half, height: 2 * half };
}
