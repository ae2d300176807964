// Draws people by Canvas 2D, where there is no WebGL 2: each kind of dot is drawn once and copied.

/** @import { Painter, Scene } from "./scene.js" */

import { css } from "../data/colours.js";
import { CODES } from "../message/format.js";
import { MOVING, PALE } from "../data/people.js";
import { FAINT_SHRINK, MOVING_SIZE, PALE_ALPHA } from "./scene.js";
import { context2d, offscreen } from "../../shared/dom.js";
import { lerp } from "../../shared/numbers.js";

/** The filling of a dot has at least this radius, in pixels. */
const LEAST_FILL = 0.8;

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Painter}
 */
export function planePainter(canvas) {
  const context = context2d(canvas);
  return {
    name: "2d",
    paint(scene) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (!scene) return;
      // Those under way are drawn above the others.
      for (const isMoving of [false, true]) paintAll(context, scene, isMoving);
    },
    release: () => {},
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {boolean} isMoving Which of the people to draw.
 */
function paintAll(context, scene, isMoving) {
  const stamps = stampsOf(scene, isMoving);
  const { before, after, codes, share } = scene;
  for (let row = 0; row < codes.length; row++) {
    const isTurn = Boolean(codes[row] & MOVING) === isMoving;
    const stamp = isTurn ? stamps[codes[row] % CODES] : null;
    if (!stamp) continue;
    context.globalAlpha = codes[row] & PALE ? PALE_ALPHA : 1;
    const x = lerp(before[2 * row], after[2 * row], share);
    const y = lerp(before[2 * row + 1], after[2 * row + 1], share);
    paintOne(context, scene, stamp, x, y);
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {HTMLCanvasElement} stamp
 * @param {number} x In units.
 * @param {number} y In units.
 */
function paintOne(context, scene, stamp, x, y) {
  const { width, height } = context.canvas;
  const left = (x - scene.x) * scene.scale * scene.ratio - stamp.width / 2;
  const top = (y - scene.y) * scene.scale * scene.ratio - stamp.height / 2;
  if (left < -stamp.width || top < -stamp.height || left > width || top > height) return;
  context.drawImage(stamp, left, top);
}

/**
 * Return a dot of each code of colour; null for those that are hidden.
 *
 * @param {Scene} scene
 * @param {boolean} isMoving
 */
function stampsOf(scene, isMoving) {
  const size = scene.size * (isMoving ? MOVING_SIZE : 1);
  return Array.from({ length: CODES }, (_, code) => {
    const isShown = scene.colours[4 * code + 3] > 0;
    return isShown ? stampOf(scene, code, size * (1 - FAINT_SHRINK * scene.faint[code])) : null;
  });
}

/**
 * @param {Scene} scene
 * @param {number} code
 * @param {number} radius In pixels.
 */
function stampOf(scene, code, radius) {
  const side = Math.ceil((2 * radius + 2) * scene.ratio);
  const stamp = offscreen(side, side);
  const pen = context2d(stamp);
  const colour = scene.colours.subarray(4 * code, 4 * code + 4);
  const inner = Math.max(radius - scene.border, LEAST_FILL);
  disc(pen, radius * scene.ratio, css(scene.edge, colour[3]));
  disc(pen, inner * scene.ratio, css(colour, colour[3]));
  return stamp;
}

/**
 * Fill a circle in the middle of a canvas.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {number} radius In device pixels.
 * @param {string} colour
 */
function disc(pen, radius, colour) {
  pen.beginPath();
  pen.arc(pen.canvas.width / 2, pen.canvas.height / 2, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}
