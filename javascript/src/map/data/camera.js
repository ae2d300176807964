// What the map shows of the city, and how large it is.

/** @import { Bounds, Obstacles, Size, View } from "./viewport.js" */
/** @import { Box } from "./labels.js" */
/** @import { Frame } from "../message/traits.js" */

import { UNITS } from "../message/format.js";
import { centred, fitScale, fitted, middle, panned, zoomLimits, zoomed } from "./viewport.js";

/** A device pixel is drawn for each pixel of the screen, up to this many per CSS pixel. */
const MOST_RATIO = 2;

export class Camera {
  constructor() {
    /** @type {View} */
    this.view = { x: 0, y: 0, scale: 0.01 };
    /** @type {Size} */
    this.size = { width: 600, height: 400 };
    /** Device pixels per pixel. */
    this.ratio = 1;
    /** Metres per unit. */
    this.unitM = 1;
    /** @type {Obstacles} */
    this.obstacles = { top: 0, left: 0, bottom: 0 };
    /** What panels cover. @type {Box[]} */
    this.covered = [];
    /** @type {Bounds} */
    this.bounds = { left: 0, top: 0, width: UNITS, height: UNITS };
    /** Whether the view was chosen by the reader, and is kept when the map changes its size. */
    this.isChosen = false;
    /** How often the reader has moved the view. */
    this.moves = 0;
  }

  /**
   * Where the reader looks, on a map of any size: x and y of the middle, and the side of the
   * largest square about it that is in view, all in units; nothing while all of the city is shown.
   */
  get where() {
    if (!this.isChosen) return [];
    return [...middle(this.view, this.size), this.#side / this.view.scale];
  }

  /** Side of the largest square on the map, in pixels. */
  get #side() {
    return Math.min(this.size.width, this.size.height);
  }

  /** Scale at which all of the city is in view. */
  get fitScale() {
    return fitScale(this.bounds, this.size, this.obstacles);
  }

  /** How many times larger than fitted the city is shown. */
  get magnification() {
    return this.view.scale / this.fitScale;
  }

  /** Pixels per metre. */
  get metrePx() {
    return this.view.scale / this.unitM;
  }

  /** @param {Partial<Frame>} frame */
  takeFrame(frame) {
    const { unit_m = 1, left = 0, top = 0, width = UNITS, height = UNITS } = frame;
    this.unitM = unit_m || 1;
    this.bounds = { left, top, width, height };
  }

  /**
   * Take a new size; a chosen view keeps its middle and scale, any other is fitted anew.
   *
   * @param {Size} size
   * @param {number} ratio Device pixels per pixel.
   */
  resize(size, ratio) {
    const centre = middle(this.view, this.size);
    this.size = size;
    this.ratio = Math.min(ratio, MOST_RATIO);
    if (this.isChosen) this.view = centred(centre, this.view.scale, size);
    else this.fit();
  }

  /** Show all of the city. */
  fit() {
    this.view = fitted(this.bounds, this.size, this.obstacles);
    this.isChosen = false;
  }

  /** Show all of the city because the reader wants to see it. */
  showAll() {
    this.fit();
    this.moves += 1;
  }

  /**
   * Show what another map shows, which is no move of the reader on this one.
   *
   * @param {number[]} where As `where` of the other.
   */
  show([x, y, span]) {
    if (!(span > 0 && this.#side > 0)) {
      this.fit();
      return;
    }
    this.view = centred([x, y], this.#side / span, this.size);
    this.isChosen = true;
  }

  /**
   * @param {number} factor
   * @param {[number, number]} [pointer] In pixels; the middle by default.
   */
  zoomBy(factor, pointer = [this.size.width / 2, this.size.height / 2]) {
    this.choose(zoomed(this.view, factor, pointer, zoomLimits(this.fitScale, this.size)));
  }

  /**
   * @param {number} right In pixels.
   * @param {number} down In pixels.
   */
  panBy(right, down) {
    this.choose(panned(this.view, right, down));
  }

  /**
   * @param {[number, number]} point In units; it comes to stand in the middle.
   * @param {number} [scale]
   */
  lookAt(point, scale = this.view.scale) {
    this.choose(centred(point, scale, this.size));
  }

  /** @param {View} view */
  choose(view) {
    this.view = view;
    this.isChosen = true;
    this.moves += 1;
  }
}
