// The scale bar.

/** @import { Camera } from "../data/camera.js" */

import { lengthLabel, roundLength } from "../data/scale_bar.js";
import { element } from "../../shared/dom.js";

/** The bar is at most this long, in pixels. */
const MOST_PX = 110;

export class ScaleBar {
  constructor() {
    this.node = element("div", { class: "mlc-scale" });
  }

  /** @param {Camera} camera */
  show({ unitM, view }) {
    const metresPerPx = unitM / view.scale;
    const length = roundLength(MOST_PX * metresPerPx);
    this.node.style.width = `${length / metresPerPx}px`;
    this.node.textContent = lengthLabel(length);
  }
}
