// Draws how many trips lead from zone to zone, as bent arrows.

/** @import { MapState } from "../state.js" */

import { onScreen } from "../data/viewport.js";

/** An arrow leaves the straight line by this share of its length. */
const BEND = 0.16;
const LEAST_PX = 1;
const MOST_PX = 9;
/** Length of a head over the width of its arrow, and its least length in pixels. */
const HEAD = 2.2;
const LEAST_HEAD_PX = 6;
/** Few trips are thin even where they are the most. */
const MANY_TRIPS = 12;
const ALPHA = { least: 0.3, most: 0.8 };

/**
 * Return how wide the arrow of a flow is, in pixels: its area grows with the number of trips.
 *
 * @param {number} count Of the trips.
 * @param {number} most Trips of the strongest flow.
 */
export function flowWidth(count, most) {
  return LEAST_PX + (MOST_PX - LEAST_PX) * Math.sqrt(count / Math.max(most, MANY_TRIPS));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
export function paintFlows(context, { flows: { ends, counts }, look, camera: { view } }) {
  context.strokeStyle = context.fillStyle = look.theme.accent;
  context.lineCap = "butt";
  // The weakest first, so that the strongest are seen.
  for (let row = counts.length - 1; row >= 0; row--) {
    const share = counts[row] / counts[0];
    context.globalAlpha = ALPHA.least + (ALPHA.most - ALPHA.least) * share;
    const from = onScreen(view, ends[4 * row], ends[4 * row + 1]);
    const to = onScreen(view, ends[4 * row + 2], ends[4 * row + 3]);
    paintArrow(context, from, to, flowWidth(counts[row], counts[0]));
  }
  context.globalAlpha = 1;
}

/**
 * Draw an arrow bent to its left, so that there and back are told apart.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} from In pixels.
 * @param {[number, number]} to In pixels.
 * @param {number} width In pixels.
 */
function paintArrow(context, [x, y], [u, v], width) {
  const bend = [(x + u) / 2 + 2 * BEND * (v - y), (y + v) / 2 - 2 * BEND * (u - x)];
  const [right, down] = [u - bend[0], v - bend[1]];
  const far = Math.hypot(right, down);
  const head = Math.min(Math.max(HEAD * width, LEAST_HEAD_PX), far / 2);
  if (!head) return;
  const [east, south] = [right / far, down / far];
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x, y);
  context.quadraticCurveTo(bend[0], bend[1], u - east * head, v - south * head);
  context.stroke();
  const half = 0.55 * head;
  context.beginPath();
  context.moveTo(u, v);
  context.lineTo(u - east * head - south * half, v - south * head + east * half);
  context.lineTo(u - east * head + south * half, v - south * head - east * half);
  context.fill();
}
