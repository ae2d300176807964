// Chooses how people are drawn.

/** @import { Painter } from "./scene.js" */
/** @import { RendererName } from "../message/traits.js" */

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
 * @param {boolean} isQuick Whether a graphics card is wanted, not a program that stands in for it.
 * @returns {Painter | null}
 */
function tryWebgl(canvas, isQuick) {
  try {
    return webglPainter(canvas, isQuick);
  } catch (error) {
    console.warn("The map falls back to Canvas 2D:", error);
    return null;
  }
}

/**
 * Return a painter and the canvas that it draws on, put in the place of another.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {RendererName} wanted "auto" takes WebGL 2 where there is a graphics card, else Canvas 2D.
 * @returns {{ canvas: HTMLCanvasElement, painter: Painter }}
 */
export function choosePainter(canvas, wanted) {
  const fresh = renewed(canvas);
  const painter = wanted === "2d" ? null : tryWebgl(fresh, wanted === "auto");
  if (painter) return { canvas: fresh, painter };
  const plain = renewed(fresh);
  return { canvas: plain, painter: planePainter(plain) };
}
