// Chooses how people are drawn.

/** @import { Painter } from "./scene.js" */

import { planePainter } from "./plane.js";
import { webglPainter } from "./webgl.js";

/**
 * A canvas that has given a WebGL context gives no other, so a painter wants a fresh one.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {HTMLCanvasElement} The copy that stands in its place now.
 */
export function renewed(canvas) {
  const fresh = /** @type {HTMLCanvasElement} */ (canvas.cloneNode());
  canvas.replaceWith(fresh);
  return fresh;
}

/**
 * Return a painter by WebGL 2, null where that cannot be had.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {Painter | null}
 */
function tryWebgl(canvas) {
  try {
    return webglPainter(canvas);
  } catch (error) {
    console.warn("The map falls back to Canvas 2D:", error);
    return null;
  }
}

/**
 * Return a painter and the canvas that it draws on, put in the place of another.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} isPlain Whether Canvas 2D is wanted, whatever the browser offers.
 * @returns {{ canvas: HTMLCanvasElement, painter: Painter }}
 */
export function choosePainter(canvas, isPlain) {
  const fresh = renewed(canvas);
  const painter = isPlain ? null : tryWebgl(fresh);
  if (painter) return { canvas: fresh, painter };
  const plain = renewed(fresh);
  return { canvas: plain, painter: planePainter(plain) };
}
