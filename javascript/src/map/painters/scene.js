// What a painter needs to draw the people at a moment.

/** @import { MapState } from "../state.js" */
/** @import { Channels } from "../data/colours.js" */

import { rgb } from "../data/colours.js";
import { CODES, UNKNOWN } from "../message/format.js";
import { clamp } from "../../shared/numbers.js";

/**
 * @typedef {object} Scene
 * @property {Float32Array<ArrayBuffer>} before Where people were, in units, x and y by turns.
 * @property {Float32Array<ArrayBuffer>} after Where they are.
 * @property {number} version Rises when `before` and `after` are changed in place.
 * @property {Uint8Array<ArrayBuffer>} codes See `People.codes`.
 * @property {Uint8Array} moved 1 for those who are not at one point all the way.
 * @property {number} share Of the way from before to after.
 * @property {number} x Left edge of the view, in units.
 * @property {number} y Upper edge of the view, in units.
 * @property {number} scale Pixels per unit.
 * @property {number} width In pixels.
 * @property {number} height In pixels.
 * @property {number} ratio Device pixels per pixel.
 * @property {number} size Radius of a dot, in pixels.
 * @property {number} border Of a dot, in pixels.
 * @property {Channels} edge Colour of the border.
 * @property {Float32Array} colours Red, green, blue and opacity of each code.
 * @property {Float32Array} faint 1 for the codes of smaller dots, else 0.
 */
/**
 * @typedef {object} Painter Draws people on a canvas.
 * @property {"webgl2" | "2d"} name
 * @property {(scene: Scene | null) => void} paint Null draws nobody.
 * @property {() => void} release Gives back what the painter holds.
 */

/** Those under way are drawn larger by this factor. */
export const MOVING_SIZE = 1.25;
/** Opacity of those who are pale. */
export const PALE_ALPHA = 0.12;
/** Dots of faint codes are smaller by this share. */
export const FAINT_SHRINK = 0.35;
/** Opacity of people over the heat map. */
const OVER_HEAT = 0.45;
const BORDER_SHARE = 0.22;

/** What the look of a dot depends on, and where dots stand on the screen. */
const DOT = /** @type {const} */ (["size", "border", "ratio", "faint"]);
const VIEW = /** @type {const} */ (["x", "y", "scale", "ratio"]);

const FAINT = Float32Array.from({ length: CODES }, (_, code) => Number(code === UNKNOWN));

/**
 * Return the radius of a dot, in pixels: smaller in a crowd, larger from close by.
 *
 * @param {number} people How many there are.
 * @param {number} magnification 1 where all of the city is in view.
 */
export function dotRadius(people, magnification) {
  const radius = people > 4000 ? 2.3 : people > 1200 ? 2.9 : 3.7;
  return radius * clamp(magnification ** 0.3, 0.9, 2.4);
}

/**
 * Return the scene at a moment, null if there is nobody to draw.
 *
 * @param {MapState} state
 * @param {number} nowMs
 * @returns {Scene | null}
 */
export function sceneOf(state, nowMs) {
  const { camera, layers, look, people } = state;
  if (!people.count || !layers.has("people")) return null;
  const { motion, codes } = people;
  const size = state.dotRadius;
  return {
    ...camera.view, ...camera.size, ratio: camera.ratio,
    before: motion.before, after: motion.after, codes, version: motion.version,
    moved: motion.moved, share: motion.share(nowMs),
    size, border: Math.min(BORDER_SHARE * size, 1), edge: rgb(look.theme.land),
    colours: layers.has("heat") ? paled(look.palette) : look.palette, faint: FAINT,
  };
}

/** @param {Float32Array} palette */
function paled(palette) {
  return palette.map((one, at) => (at % 4 === 3 ? OVER_HEAT * one : one));
}

/**
 * Tell whether dots look alike in two scenes.
 *
 * @param {Scene} one
 * @param {Scene} other
 */
export function dotsAlike(one, other) {
  return DOT.every((name) => one[name] === other[name])
    && one.edge.every((value, at) => value === other.edge[at])
    && one.colours.every((value, at) => value === other.colours[at]);
}

/**
 * Tell whether two scenes are seen from the same point, from as near.
 *
 * @param {Scene} one
 * @param {Scene} other
 */
export function viewsAlike(one, other) {
  return VIEW.every((name) => one[name] === other[name]);
}
