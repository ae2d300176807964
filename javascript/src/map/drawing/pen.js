// Drawing in pixels of the page, whatever the pixels of the device.

/** @import { Camera } from "../data/camera.js" */

import { context2d } from "../../shared/dom.js";

/**
 * Clear a canvas and return what draws on it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Camera} camera
 */
export function cleared(canvas, { ratio, size }) {
  const context = context2d(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  return context;
}

/**
 * Write a text with an outline, so that it is read on any background.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {[number, number]} point Left end, in pixels.
 * @param {{ fill: string, outline: string, width: number }} style Width of the outline, in pixels.
 */
export function writeOutlined(context, text, [x, y], { fill, outline, width }) {
  context.lineWidth = width;
  context.strokeStyle = outline;
  context.strokeText(text, x, y);
  context.fillStyle = fill;
  context.fillText(text, x, y);
}
