// The canvases of the map, one above the other, and the painter of the people.

/** @import { Camera } from "./data/camera.js" */
/** @import { RendererName } from "./message/traits.js" */
/** @import { Painter } from "./painters/scene.js" */

import { cleared } from "./drawing/pen.js";
import { choosePainter } from "./painters/choose.js";
import { element } from "../shared/dom.js";

/** From the lowest to the highest. */
const NAMES = /** @type {const} */ (["baseMap", "flows", "trips", "people", "labels", "marks"]);
/** @typedef {(typeof NAMES)[number]} CanvasName */
const HIDDEN = "none";

export class Stage {
  /** @param {() => void} onFallback Called when the browser has taken WebGL away. */
  constructor(onFallback) {
    this.node = element("div", { class: "mlc-stage", tabindex: "0", role: "img" });
    this.canvases = /** @type {Record<CanvasName, HTMLCanvasElement>} */ (
      Object.fromEntries(NAMES.map((name) => [name, canvas(name)]))
    );
    this.node.append(...this.layers);
    this.onFallback = onFallback;
    /** @type {Painter | null} */
    this.painter = null;
  }

  /** The canvases from the lowest to the highest. */
  get layers() {
    return NAMES.map((name) => this.canvases[name]);
  }

  /** @param {RendererName} wanted */
  choosePainter(wanted) {
    this.release();
    const { canvas: fresh, painter } = choosePainter(this.canvases.people, wanted);
    fresh.addEventListener("webglcontextlost", (event) => this.#fallBack(event));
    this.canvases.people = fresh;
    this.painter = painter;
  }

  /** @param {Camera} camera */
  resize({ size, ratio }) {
    for (const one of this.layers) {
      one.width = Math.round(size.width * ratio);
      one.height = Math.round(size.height * ratio);
    }
  }

  /**
   * Draw on a canvas; without anything to draw it is taken off the page, which costs nothing then.
   *
   * @param {CanvasName} name
   * @param {Camera} camera
   * @param {((context: CanvasRenderingContext2D) => void) | null} draw Null for nothing.
   */
  drawOn(name, camera, draw) {
    const { style } = this.canvases[name];
    if (draw || style.display !== HIDDEN) {
      const context = cleared(this.canvases[name], camera);
      draw?.(context);
    }
    style.display = draw ? "" : HIDDEN;
  }

  release() {
    this.painter?.release();
    this.painter = null;
  }

  /** @param {Event} event */
  #fallBack(event) {
    event.preventDefault();
    // A painter that was released on purpose loses its context too.
    if (!this.painter || event.target !== this.canvases.people) return;
    this.painter = null;
    this.choosePainter("2d");
    this.onFallback();
  }
}

/** @param {CanvasName} name */
function canvas(name) {
  return element("canvas", { class: `mlc-${name}`, "aria-hidden": "true" });
}
