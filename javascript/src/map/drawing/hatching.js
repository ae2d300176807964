// Slanting lines to fill an area with.

import { context2d, offscreen } from "../../shared/dom.js";

/**
 * Return slanting lines, as sharp as the screen is.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{ colour: string, apart: number, width: number }} lines Their colour, and in pixels how far
 *   they are apart, to the right, and how wide.
 */
export function hatching(context, { colour, apart, width }) {
  const ratio = context.getTransform().a || 1;
  // Whole device pixels, so that neighbouring tiles meet.
  const side = Math.max(Math.round(apart * ratio), 1);
  const tile = offscreen(side, side);
  const pen = context2d(tile);
  pen.strokeStyle = colour;
  pen.lineWidth = width * ratio;
  pen.beginPath();
  // The lines before and after make the corners of neighbouring tiles meet.
  for (const left of [-side, 0, side]) {
    pen.moveTo(left - 1, side + 1);
    pen.lineTo(left + side + 1, -1);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern ?? colour;
}
