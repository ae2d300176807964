// Pictures of dots, to be put on a sheet of pixels: one of each look, at each part of a pixel.

/** @import { Scene } from "./scene.js" */

import { CODES } from "../message/format.js";
import { MOVING, PALE } from "../data/people.js";
import { FAINT_SHRINK, MOVING_SIZE, PALE_ALPHA } from "./scene.js";
import { clamp } from "../../shared/numbers.js";

/** A dot is placed to this part of a pixel. */
export const PARTS = 4;
/** Looks of a dot: code of colour, under way or not, pale or not. */
const LOOKS = 4 * CODES;
const MOST = 255;

/**
 * @typedef {object} Stamp
 * @property {number} half From an edge to the pixel in the middle, in pixels of the device.
 * @property {number} side In pixels of the device.
 * @property {Uint8ClampedArray} bytes Red, green, blue and opacity of each pixel, not multiplied.
 * @property {Uint32Array} pixels The same, one number a pixel.
 */

export class Stamps {
  /** @param {Scene} scene Its look is copied: the palette is changed in place. */
  constructor(scene) {
    this.scene = { ...scene, colours: scene.colours.slice() };
    /** No dot reaches farther than this from its middle, in pixels of the device. */
    this.reach = halfOf(MOVING_SIZE * scene.size * scene.ratio);
    /** @type {(Stamp | undefined)[]} */
    this.made = new Array(LOOKS * PARTS * PARTS);
  }

  /**
   * Return the stamp of somebody, null for those who are hidden.
   *
   * @param {number} code See `People.codes`.
   * @param {number} right How far right of the corner of a pixel, in parts of a pixel.
   * @param {number} down How far below it.
   */
  of(code, right, down) {
    if (!(this.scene.colours[4 * (code % CODES) + 3] > 0)) return null;
    const at = (code % LOOKS) * PARTS * PARTS + right * PARTS + down;
    return (this.made[at] ??= stampOf(this.scene, code, right / PARTS, down / PARTS));
  }
}

/** @param {number} radius */
function halfOf(radius) {
  return Math.ceil(radius + 1);
}

/**
 * Return the radius of a dot, in pixels of the device.
 *
 * @param {Scene} scene
 * @param {number} code
 */
function radiusOf({ size, faint, ratio }, code) {
  const share = (code & MOVING ? MOVING_SIZE : 1) * (1 - FAINT_SHRINK * faint[code % CODES]);
  return size * share * ratio;
}

/**
 * Draw a filled circle with a border, smooth at its edge: the same as `dots.frag.glsl`.
 *
 * @param {Scene} scene
 * @param {number} code
 * @param {number} right From the middle of the stamp, in pixels.
 * @param {number} down
 * @returns {Stamp}
 */
function stampOf(scene, code, right, down) {
  const radius = radiusOf(scene, code);
  const half = halfOf(radius);
  const side = 2 * half + 1;
  const [first, border] = [4 * (code % CODES), scene.border * scene.ratio];
  const alpha = scene.colours[first + 3] * (code & PALE ? PALE_ALPHA : 1);
  const bytes = new Uint8ClampedArray(4 * side * side);
  for (let at = 0; at < side * side; at++) {
    const [x, y] = [at % side + 0.5 - half - right, Math.floor(at / side) + 0.5 - half - down];
    const far = Math.hypot(x, y);
    const inner = clamp(radius - border + 0.5 - far, 0, 1);
    for (let channel = 0; channel < 3; channel++) {
      const [edge, fill] = [scene.edge[channel], scene.colours[first + channel]];
      bytes[4 * at + channel] = MOST * (edge + (fill - edge) * inner);
    }
    bytes[4 * at + 3] = MOST * alpha * clamp(radius + 0.5 - far, 0, 1);
  }
  return { half, side, bytes, pixels: new Uint32Array(bytes.buffer) };
}
