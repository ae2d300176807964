// Chips by which kinds of rows are shown or hidden.

import { COLOURS } from "./kinds.js";
import { element } from "../shared/dom.js";

export class KindChips {
  /**
   * @param {string} label What the chips choose.
   * @param {() => void} onChange Called when the reader has pressed one.
   */
  constructor(label, onChange) {
    this.onChange = onChange;
    this.node = element("span", { role: "group", "aria-label": label, class: "mlm-head" });
    this.node.style.marginBottom = "0";
  }

  /**
   * @param {[string, string][]} kinds Keys and labels, the same at each call.
   * @param {string[]} chosen Keys of those that are pressed.
   */
  show(kinds, chosen) {
    if (this.node.childElementCount !== kinds.length) {
      this.node.replaceChildren(...kinds.map(([key, label]) => this.#chip(key, label)));
    }
    for (const chip of this.node.children) {
      chip.setAttribute("aria-pressed", String(chosen.includes(keyOf(chip))));
    }
  }

  /** Keys of those that are pressed. */
  get chosen() {
    return [...this.node.children].filter(isPressed).map(keyOf);
  }

  /**
   * @param {string} key
   * @param {string} label
   */
  #chip(key, label) {
    const dot = element("span", { class: "mlm-dot" });
    const chip = element("button", {
      type: "button", class: "mlm-chip", "data-kind": key, "aria-pressed": "true",
      onclick: () => {
        chip.setAttribute("aria-pressed", String(!isPressed(chip)));
        this.onChange();
      },
    }, dot, label);
    chip.style.setProperty("--mlm-colour", COLOURS[key] ?? "#888");
    return chip;
  }
}

/** @param {Element} chip */
function isPressed(chip) {
  return chip.getAttribute("aria-pressed") === "true";
}

/** @param {Element} chip */
function keyOf(chip) {
  return chip.getAttribute("data-kind") ?? "";
}
