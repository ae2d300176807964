// Draws people without a graphics card: dots are put on a sheet of pixels, which the canvas shows.
// Those who stand still are kept from frame to frame.

/** @import { Painter, Scene } from "./scene.js" */
/** @import { Order } from "./order.js" */

import { drawingOrder } from "./order.js";
import { Pixels } from "./pixels.js";
import { dotsAlike, viewsAlike } from "./scene.js";
import { PARTS, Stamps } from "./stamps.js";
import { context2d } from "../../shared/dom.js";

/** Two sheets of pixels: those who stand still, and everybody. */
class Sheets {
  /**
   * @param {Scene} scene
   * @param {number} width In pixels of the device.
   * @param {number} height
   */
  constructor(scene, width, height) {
    this.still = new Pixels(width, height);
    this.shown = new Pixels(width, height);
    this.image = new ImageData(this.shown.bytes, width, height);
    this.stamps = new Stamps(scene);
    /** @type {Order} */
    this.order = { rows: new Uint32Array(0), still: 0 };
    /** The scene whose people are on the sheet of the still. @type {Scene | null} */
    this.kept = null;
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.#keep(scene);
    this.shown.copy(this.still);
    this.#put(this.shown, scene, this.order.still, this.order.rows.length);
  }

  /**
   * Draw those who stand still, unless they are on their sheet already.
   *
   * @param {Scene} scene
   */
  #keep(scene) {
    const { kept } = this;
    const areSame = kept && kept.moved === scene.moved && kept.codes === scene.codes;
    const isAlike = dotsAlike(this.stamps.scene, scene);
    if (areSame && isAlike && viewsAlike(kept, scene)) return;
    if (!isAlike) this.stamps = new Stamps(scene);
    if (!areSame) this.order = drawingOrder(scene);
    this.still.clear();
    this.#put(this.still, scene, 0, this.order.still);
    this.kept = scene;
  }

  /**
   * @param {Pixels} sheet
   * @param {Scene} scene
   * @param {number} from First in the order.
   * @param {number} to
   */
  #put(sheet, { before, after, codes, share, x, y, scale, ratio }, from, to) {
    const { stamps, order: { rows } } = this;
    const { width, height } = sheet;
    const stretch = scale * ratio;
    for (let at = from; at < to; at++) {
      const row = rows[at];
      const [code, column] = [codes[row], 2 * row];
      const right = (before[column] + (after[column] - before[column]) * share - x) * stretch;
      const down = (before[column + 1] + (after[column + 1] - before[column + 1]) * share - y) * stretch;
      const { reach } = stamps;
      if (right < -reach || down < -reach || right > width + reach || down > height + reach) continue;
      const [left, top] = [Math.floor(right), Math.floor(down)];
      const stamp = stamps.of(code, partOf(right - left), partOf(down - top));
      if (stamp) sheet.put(stamp, left - stamp.half, top - stamp.half);
    }
  }
}

/** @param {number} rest Of a pixel, from 0 to 1. */
function partOf(rest) {
  return Math.min(Math.floor(rest * PARTS), PARTS - 1);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Painter}
 */
export function planePainter(canvas) {
  const context = context2d(canvas, { willReadFrequently: true });
  /** @type {Sheets | null} */
  let sheets = null;
  return {
    name: "2d",
    paint(scene) {
      const { width, height } = canvas;
      if (!scene) {
        context.clearRect(0, 0, width, height);
        return;
      }
      if (sheets?.shown.width !== width || sheets.shown.height !== height) {
        sheets = new Sheets(scene, width, height);
      }
      sheets.draw(scene);
      context.putImageData(sheets.image, 0, 0);
    },
    release: () => {},
  };
}
