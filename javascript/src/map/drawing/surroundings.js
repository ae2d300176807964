// Draws what lies around what is known of a city: the colours of its edges, blurred and ever fainter.

/** @import { Areas, Edges } from "../data/areas.js" */
/** @import { AreaLook } from "../message/traits.js" */
/** @import { Size, View } from "../data/viewport.js" */
/** @import { BaseMap } from "../message/read_city.js" */

import { rgb } from "../data/colours.js";
import { context2d, offscreen } from "../../shared/dom.js";
import { onScreen } from "../data/viewport.js";
import { paintLand } from "./land.js";

/** The shorter side of what is known: as it is drawn first, and as it is after blurring, in pixels. */
const SHARP_PX = 224;
const BLURRED_PX = 7;
/** How many times larger the blurred picture is drawn, so that no pixel of it is seen. */
const SMOOTH = 8;
/** How opaque the colours around are, by their distance as a share of the longer side. */
const FAR = [[0, 0.9], [0.2, 0.62], [0.6, 0.3], [1, 0]];
/** Of all kinds of areas, buildings too: their scale plays no part here. */
const ANY_SCALE = 1e6;

/**
 * @typedef {object} Surroundings
 * @property {HTMLCanvasElement} picture
 * @property {Edges} edges Of the picture, in units.
 */

/**
 * Surroundings by what is known, on light and on dark.
 *
 * @type {WeakMap<Areas, Record<string, Surroundings>>}
 */
const KNOWN = new WeakMap();

/**
 * Draw the surroundings behind what is drawn already.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {BaseMap} baseMap
 * @param {{ isDark: boolean, ground: string }} look Colour of the ground.
 */
export function paintSurroundings(context, view, baseMap, look) {
  const { picture, edges } = surroundingsOf(baseMap, look);
  const [left, top] = onScreen(view, edges.left, edges.top);
  const [right, bottom] = onScreen(view, edges.right, edges.bottom);
  context.save();
  context.globalCompositeOperation = "destination-over";
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, left, top, right - left, bottom - top);
  context.restore();
}

/**
 * @param {BaseMap} baseMap
 * @param {{ isDark: boolean, ground: string }} look
 */
function surroundingsOf({ areas, areaLooks, extent }, look) {
  const known = KNOWN.get(areas) ?? {};
  const theme = look.isDark ? "dark" : "light";
  known[theme] ??= madeOf(areas, areaLooks, extent, look);
  KNOWN.set(areas, known);
  return known[theme];
}

/**
 * Make the surroundings: what is known, blurred, is mirrored at its edges and grows faint.
 *
 * @param {Areas} areas
 * @param {AreaLook[]} looks
 * @param {Edges} extent
 * @param {{ isDark: boolean, ground: string }} look
 * @returns {Surroundings}
 */
function madeOf(areas, looks, extent, look) {
  const [width, height] = [extent.right - extent.left, extent.bottom - extent.top];
  const blurred = blurredLand(areas, looks, extent, look);
  const [unitsX, unitsY] = [width / blurred.width, height / blurred.height];
  const around = Math.max(blurred.width, blurred.height);
  const picture = enlarged(mirrored(blurred, around));
  const middle = { width: SMOOTH * blurred.width, height: SMOOTH * blurred.height };
  fadeTo(look.ground, picture, SMOOTH * around, middle);
  return {
    picture,
    edges: {
      left: extent.left - around * unitsX, right: extent.right + around * unitsX,
      top: extent.top - around * unitsY, bottom: extent.bottom + around * unitsY,
    },
  };
}

/**
 * @param {Areas} areas
 * @param {AreaLook[]} looks
 * @param {Edges} extent
 * @param {{ isDark: boolean, ground: string }} look
 */
function blurredLand(areas, looks, { left, top, right, bottom }, { isDark, ground }) {
  const scale = SHARP_PX / Math.min(right - left, bottom - top);
  const size = { width: Math.round((right - left) * scale), height: Math.round((bottom - top) * scale) };
  const sharp = offscreen(size.width, size.height);
  const context = context2d(sharp);
  context.fillStyle = ground;
  context.fillRect(0, 0, size.width, size.height);
  const camera = { view: { x: left, y: top, scale }, size, metrePx: ANY_SCALE };
  paintLand(context, areas, looks, camera, { isDark, edge: "transparent" });
  return halved(sharp, size, SHARP_PX / BLURRED_PX);
}

/**
 * Make a picture smaller by halves, so that each pixel is the mean of all that it stands for.
 *
 * @param {HTMLCanvasElement} picture
 * @param {Size} size Of the picture.
 * @param {number} times A power of two.
 * @returns {HTMLCanvasElement}
 */
function halved(picture, { width, height }, times) {
  if (times <= 1) return picture;
  const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const half = offscreen(size.width, size.height);
  context2d(half).drawImage(picture, 0, 0, size.width, size.height);
  return halved(half, size, times / 2);
}

/**
 * Return a picture with mirror images of it all around.
 *
 * @param {HTMLCanvasElement} picture
 * @param {number} around In pixels.
 */
function mirrored(picture, around) {
  const { width, height } = picture;
  const whole = offscreen(width + 2 * around, height + 2 * around);
  const context = context2d(whole);
  const [columns, rows] = [Math.ceil(around / width), Math.ceil(around / height)];
  for (let row = -rows; row <= rows; row++) {
    for (let column = -columns; column <= columns; column++) {
      const [flipX, flipY] = [column, row].map((one) => (one % 2 ? -1 : 1));
      context.setTransform(flipX, 0, 0, flipY,
        around + column * width + (flipX < 0 ? width : 0),
        around + row * height + (flipY < 0 ? height : 0));
      context.drawImage(picture, 0, 0);
    }
  }
  context.resetTransform();
  return whole;
}

/**
 * Make a picture larger by doubling, which leaves it smoother than at once.
 *
 * @param {HTMLCanvasElement} picture
 * @param {number} [times] A power of two.
 * @returns {HTMLCanvasElement}
 */
function enlarged(picture, times = SMOOTH) {
  if (times <= 1) return picture;
  const [width, height] = [2 * picture.width, 2 * picture.height];
  const twice = offscreen(width, height);
  const context = context2d(twice);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return enlarged(twice, times / 2);
}

/**
 * Let a picture turn into the ground with the distance from its middle part.
 *
 * @param {string} ground Colour of the ground.
 * @param {HTMLCanvasElement} picture
 * @param {number} around Width of the border, in pixels.
 * @param {Size} size Of the middle part.
 */
function fadeTo(ground, picture, around, { width, height }) {
  const context = context2d(picture);
  const pixels = context.getImageData(0, 0, picture.width, picture.height);
  const channels = rgb(ground).map((one) => 255 * one);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const away = Math.hypot(beyond(x - around, width), beyond(y - around, height)) / around;
      const [at, share] = [4 * (y * picture.width + x), opacityAt(away)];
      // No transparency: pale colours would be rounded to bands.
      channels.forEach((one, channel) => {
        pixels.data[at + channel] = one + share * (pixels.data[at + channel] - one);
      });
    }
  }
  context.putImageData(pixels, 0, 0);
}

/**
 * @param {number} at
 * @param {number} length
 */
function beyond(at, length) {
  return Math.max(-at, at - length + 1, 0);
}

/**
 * Return how opaque the surroundings are.
 *
 * @param {number} away From what is known, as a share of its longer side.
 */
export function opacityAt(away) {
  const next = FAR.findIndex(([far]) => far > away);
  if (next < 0) return FAR[FAR.length - 1][1];
  const [[from, high], [to, low]] = [FAR[next - 1], FAR[next]];
  return high + ((away - from) / (to - from)) * (low - high);
}
