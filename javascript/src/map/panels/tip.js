// Who is under the pointer.

/** @import { Size } from "../data/viewport.js" */

import { element } from "../../shared/dom.js";

/** From the pointer to the tip, and from the tip to the edge of the map, in pixels. */
const OFFSET_PX = 14;
const EDGE_PX = 6;

export class Tip {
  constructor() {
    this.node = element("div", { class: "mlc-panel mlc-tip", role: "tooltip" });
  }

  hide() {
    this.node.style.display = "none";
  }

  /**
   * @param {string} name
   * @param {string} about
   * @param {[number, number]} point Of the pointer, in pixels.
   * @param {Size} size Of the map.
   */
  show(name, about, [x, y], { width, height }) {
    const { node } = this;
    node.replaceChildren(element("b", {}, name), element("div", {}, about));
    node.style.display = "block";
    node.style.left = `${Math.min(x + OFFSET_PX, width - node.offsetWidth - EDGE_PX)}px`;
    node.style.top = `${Math.min(y + OFFSET_PX, height - node.offsetHeight - EDGE_PX)}px`;
  }
}
