// Which part of the city is in view: pure functions over views.

import { UNITS } from "../message/format.js";
import { clamp } from "../../shared/numbers.js";

/**
 * @typedef {object} View
 * @property {number} x Left edge, in units.
 * @property {number} y Upper edge, in units.
 * @property {number} scale Pixels per unit.
 */
/** @typedef {{ width: number, height: number }} Size Of the map, in pixels. */
/** @typedef {{ left: number, top: number, width: number, height: number }} Bounds In units. */
/**
 * @typedef {object} Obstacles Panels that cover parts of the map, in pixels.
 * @property {number} top From the upper edge down to the lower edge of the bar.
 * @property {number} left From the left edge to the right edge of the legend.
 * @property {number} bottom From the lower edge up to the upper edge of the legend as a strip.
 */

/** The city is never smaller than this share of the map. */
const LEAST = 0.7;
/** How many times larger than the fitted city one can see it. */
const MOST = 200;
/** The city is fitted into at least this height, in pixels, however large the bar is. */
const LEAST_HEIGHT = 80;

/**
 * Return a point in pixels from the upper left corner of the map.
 *
 * @param {View} view
 * @param {number} x In units.
 * @param {number} y In units.
 * @returns {[number, number]}
 */
export function onScreen(view, x, y) {
  return [(x - view.x) * view.scale, (y - view.y) * view.scale];
}

/**
 * Return the scale at which all of the city is in view below the bar.
 *
 * @param {Bounds} bounds Of the city.
 * @param {Size} size
 * @param {Obstacles} obstacles
 */
export function fitScale(bounds, size, obstacles) {
  const height = Math.max(size.height - obstacles.top - obstacles.bottom, LEAST_HEIGHT);
  return Math.min(size.width / bounds.width, height / bounds.height);
}

/**
 * Return the view of all of the city: below the bar, and beside the legend as far as there is
 * room to spare.
 *
 * @param {Bounds} bounds Of the city.
 * @param {Size} size
 * @param {Obstacles} obstacles
 * @returns {View}
 */
export function fitted(bounds, size, obstacles) {
  const scale = fitScale(bounds, size, obstacles);
  const spare = size.width - bounds.width * scale;
  const aside = Math.max(Math.min(obstacles.left, spare) / 2, 0);
  return {
    scale,
    x: bounds.left + (bounds.width - size.width / scale) / 2 - aside / scale,
    y: bounds.top + (bounds.height - (size.height + obstacles.top - obstacles.bottom) / scale) / 2,
  };
}

/**
 * Zoom so that the point under the pointer stays where it is.
 *
 * @param {View} view
 * @param {number} factor Above 1 to see more detail.
 * @param {[number, number]} pointer In pixels.
 * @param {{ least: number, most: number }} limits Of the scale.
 * @returns {View}
 */
export function zoomed(view, factor, [x, y], { least, most }) {
  const scale = clamp(view.scale * factor, least, most);
  return {
    scale,
    x: view.x + x / view.scale - x / scale,
    y: view.y + y / view.scale - y / scale,
  };
}

/**
 * Return between which scales one can zoom.
 *
 * @param {number} fit Scale at which all of the city is in view.
 * @param {Size} size
 */
export function zoomLimits(fit, size) {
  const whole = Math.min(size.width, size.height) / UNITS;
  return { least: LEAST * Math.min(fit, whole), most: MOST * fit };
}

/**
 * Move the city by some pixels.
 *
 * @param {View} view
 * @param {number} right
 * @param {number} down
 * @returns {View}
 */
export function panned(view, right, down) {
  return { ...view, x: view.x - right / view.scale, y: view.y - down / view.scale };
}

/**
 * Return the view with a point in the middle.
 *
 * @param {[number, number]} point In units.
 * @param {number} scale
 * @param {Size} size
 * @returns {View}
 */
export function centred([x, y], scale, size) {
  return { scale, x: x - size.width / 2 / scale, y: y - size.height / 2 / scale };
}

/**
 * Return the point in the middle of a view, in units.
 *
 * @param {View} view
 * @param {Size} size
 * @returns {[number, number]}
 */
export function middle(view, size) {
  return [view.x + size.width / 2 / view.scale, view.y + size.height / 2 / view.scale];
}

/**
 * Return how to move and stretch a drawing made for one view so that it fits another.
 *
 * @param {View} drawn
 * @param {View} view
 * @returns {{ x: number, y: number, stretch: number } | null} In pixels; null if it fits as it is.
 */
export function adjustment(drawn, view) {
  const stretch = view.scale / drawn.scale;
  const [x, y] = onScreen(view, drawn.x, drawn.y);
  const fits = Math.abs(stretch - 1) < 1e-9 && Math.abs(x) < 0.01 && Math.abs(y) < 0.01;
  return fits ? null : { x, y, stretch };
}
