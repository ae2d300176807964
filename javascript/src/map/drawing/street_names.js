// Writes the names of streets along them.

/** @import { BaseMap } from "../message/read_city.js" */
/** @import { BoxGrid } from "../data/box_grid.js" */
/** @import { Camera } from "../data/camera.js" */
/** @import { Piece } from "../data/along.js" */
/** @import { LineLook, Theme } from "../message/traits.js" */

import { edgesOf, isInView } from "../data/areas.js";
import { boxAround, lettersAlong, piecesOf } from "../data/along.js";
import { partsInView } from "../data/clip.js";
import { clamp } from "../../shared/numbers.js";
import { lineWidth } from "./lines.js";

/** A name is written again after this many pixels along its street. */
const REPEAT_PX = 420;
/** The same name is not written nearer than this to another, in pixels: streets with two lanes. */
const APART_PX = 190;
/** How many shares of the way to the next name are tried for room. */
const TRIES = [0, 0.18, -0.18, 0.36, -0.36];
/** A name keeps this distance from the ends of its street, in pixels. */
const END_PX = 6;
const HALO_PX = 2.6;
/** Letters are this much of the width of a wide street, within limits in pixels. */
const FONT_SHARE = 0.8;
const LEAST_FONT_PX = 9.5;
const MOST_FONT_PX = 12;
const FAMILY = "system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif";

/** @typedef {Map<string, Piece[]>} Written The middle letters of the names that are written. */
/**
 * @typedef {object} Pen
 * @property {number} heightPx
 * @property {(text: string) => number} widthOf
 * @property {Written} written
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap} baseMap
 * @param {Camera} camera
 * @param {BoxGrid} grid
 * @param {{ theme: Theme, isDark: boolean }} look
 */
export function writeStreetNames(context, { streets, lineLooks }, camera, grid, { theme, isDark }) {
  /** @type {Written} */
  const written = new Map();
  const order = lineLooks.map((_, kind) => kind).reverse();
  for (const kind of order) {
    const look = lineLooks[kind];
    if (camera.metrePx < Math.max(look.name_scale, look.min_scale)) continue;
    const pen = penFor(context, look, camera.metrePx);
    const edges = edgesOf(camera.view, camera.size);
    context.fillStyle = theme.text;
    context.strokeStyle = isDark ? look.dark : look.light;
    context.lineWidth = HALO_PX;
    for (const street of streets) {
      if (street.kind !== kind || !isInView(street.box, 0, edges, 0)) continue;
      writeName(context, street, camera, grid, { ...pen, written });
    }
  }
}

/**
 * Set the font, and return its height and what measures letters by it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {LineLook} look
 * @param {number} metrePx
 */
function penFor(context, look, metrePx) {
  const heightPx = clamp(FONT_SHARE * lineWidth(look, metrePx), LEAST_FONT_PX, MOST_FONT_PX);
  context.font = `500 ${heightPx}px ${FAMILY}`;
  context.textAlign = "center";
  /** @type {Map<string, number>} */
  const widths = new Map();
  const widthOf = (/** @type {string} */ text) => {
    const width = widths.get(text) ?? context.measureText(text).width;
    widths.set(text, width);
    return width;
  };
  return { heightPx, widthOf };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {BaseMap["streets"][number]} street
 * @param {Camera} camera
 * @param {BoxGrid} grid
 * @param {Pen} pen
 */
function writeName(context, { name, points, length }, camera, grid, { heightPx, widthOf, written }) {
  const pieces = piecesOf(name).map((text) => ({ text, width: widthOf(text) }));
  const width = pieces.reduce((sum, one) => sum + one.width, 0);
  if (length * camera.view.scale < width + 2 * END_PX) return;
  for (const part of partsInView(points, camera.view, camera.size)) {
    const free = lengthOf(part) - width - 2 * END_PX;
    if (free < 0) continue;
    const names = Math.max(Math.round(lengthOf(part) / REPEAT_PX), 1);
    for (let at = 0; at < names; at++) {
      const found = roomFor(part, pieces, grid, { first: END_PX + width / 2, free, at, names, heightPx });
      if (!found || !isNew(written, name, found)) continue;
      found.forEach((one) => grid.take(boxAround(one, heightPx)));
      writeLetters(context, found);
    }
  }
}

/**
 * @param {number[]} part
 * @param {{ text: string, width: number }[]} pieces
 * @param {BoxGrid} grid
 * @param {{ first: number, free: number, at: number, names: number, heightPx: number }} how
 */
function roomFor(part, pieces, grid, { first, free, at, names, heightPx }) {
  for (const aside of TRIES) {
    const middle = first + (free * (at + 0.5 + aside)) / names;
    const letters = lettersAlong(part, middle, pieces);
    if (letters?.every((one) => grid.isFree(boxAround(one, heightPx)))) return letters;
  }
  return null;
}

/**
 * Tell whether a name is not written near by, and note that it is written here.
 *
 * @param {Written} written
 * @param {string} name
 * @param {Piece[]} letters
 */
function isNew(written, name, letters) {
  const middle = letters[Math.floor(letters.length / 2)];
  const others = written.get(name) ?? [];
  if (others.some(({ x, y }) => Math.hypot(x - middle.x, y - middle.y) < APART_PX)) return false;
  written.set(name, [...others, middle]);
  return true;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Piece[]} letters
 */
function writeLetters(context, letters) {
  for (const draw of /** @type {const} */ (["strokeText", "fillText"])) {
    for (const { text, x, y, angle } of letters) {
      context.save();
      context.translate(x, y);
      context.rotate(angle);
      context[draw](text, 0, 0);
      context.restore();
    }
  }
}

/** @param {number[]} line */
function lengthOf(line) {
  let length = 0;
  for (let at = 2; at < line.length; at += 2) {
    length += Math.hypot(line[at] - line[at - 2], line[at + 1] - line[at - 1]);
  }
  return length;
}
