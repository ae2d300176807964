// The title of the map, and which moment it shows.

import { element } from "../../shared/dom.js";

export class Head {
  constructor() {
    this.title = element("b");
    this.when = element("span");
    this.node = element("div", { class: "mlc-panel mlc-head" }, this.title, this.when);
  }

  /**
   * @param {string} title
   * @param {string} when
   */
  show(title, when) {
    this.title.textContent = title;
    this.when.textContent = when;
  }
}
