// A sheet of pixels in the memory of the processor, on which stamps are put.

/** @import { Stamp } from "./stamps.js" */

const MOST = 255;

export class Pixels {
  /**
   * @param {number} width In pixels of the device.
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    /** Red, green, blue and opacity of each pixel, not multiplied. */
    this.bytes = new Uint8ClampedArray(4 * width * height);
    /** The same, one number a pixel. */
    this.pixels = new Uint32Array(this.bytes.buffer);
  }

  clear() {
    this.pixels.fill(0);
  }

  /**
   * Take the pixels of another sheet of the same size.
   *
   * @param {Pixels} other
   */
  copy(other) {
    this.pixels.set(other.pixels);
  }

  /**
   * Put a stamp on the sheet; what lies outside is cut off.
   *
   * @param {Stamp} stamp
   * @param {number} left Of the stamp, in whole pixels.
   * @param {number} top
   */
  put({ side, bytes, pixels }, left, top) {
    const [from, to] = [Math.max(-left, 0), Math.min(side, this.width - left)];
    const last = Math.min(side, this.height - top);
    for (let line = Math.max(-top, 0); line < last; line++) {
      const [start, source] = [(top + line) * this.width + left, line * side];
      for (let column = from; column < to; column++) {
        const alpha = bytes[4 * (source + column) + 3];
        if (!alpha) continue;
        const at = start + column;
        // Most pixels are covered whole, or were empty.
        if (alpha === MOST || !this.bytes[4 * at + 3]) this.pixels[at] = pixels[source + column];
        else blend(this.bytes, 4 * at, bytes, 4 * (source + column));
      }
    }
  }
}

/**
 * Lay a pixel over another.
 *
 * @param {Uint8ClampedArray} below Taken and changed.
 * @param {number} at Where the pixel begins there.
 * @param {Uint8ClampedArray} above
 * @param {number} from Where the pixel begins there.
 */
function blend(below, at, above, from) {
  const share = above[from + 3];
  const rest = (below[at + 3] * (MOST - share)) / MOST;
  const whole = share + rest;
  for (let channel = 0; channel < 3; channel++) {
    below[at + channel] = (above[from + channel] * share + below[at + channel] * rest) / whole;
  }
  below[at + 3] = whole;
}
