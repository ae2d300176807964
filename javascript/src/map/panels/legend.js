// What the colours mean, how many people have each, and which are hidden.

/** @import { Look, LegendEntry } from "../data/look.js" */
/** @import { Actions } from "../actions.js" */

import { css } from "../data/colours.js";
import { UNKNOWN } from "../message/format.js";
import { element } from "../../shared/dom.js";
import { grouped } from "../../shared/numbers.js";

/** On a window as narrow as a phone's, the legend would cover half of the map. */
const NARROW = "(max-width: 620px)";
/** A legend wider than this share of the map is a strip. */
const STRIP_SHARE = 0.6;

/** @typedef {{ code: number, node: HTMLElement, count: HTMLElement }} Row */

export class Legend {
  /**
   * @param {Actions} actions
   * @param {HTMLElement} below What is shown below: the legends of the layers.
   */
  constructor(actions, below) {
    this.actions = actions;
    this.below = below;
    this.node = element("details", { class: "mlc-panel mlc-legend" });
    this.node.open = !window.matchMedia(NARROW).matches;
    this.node.addEventListener("toggle", () => actions.panelsChanged());
    /** @type {Row[]} */
    this.rows = [];
  }

  /**
   * Return how far it reaches into the map from the left or, as a strip, from below, in pixels.
   *
   * @param {number} width Of the map.
   */
  covers(width) {
    const { open, offsetLeft, offsetWidth, offsetHeight } = this.node;
    if (!open) return { left: 0, bottom: 0 };
    const isStrip = offsetWidth > STRIP_SHARE * width;
    return isStrip ? { left: 0, bottom: offsetHeight } : { left: offsetLeft + offsetWidth, bottom: 0 };
  }

  /** @param {Look} look */
  fill(look) {
    this.rows = [...look.classes, look.unknown].map((entry) => this.#row(look, entry));
    const nodes = this.rows.map(({ node }) => node);
    const ramp = look.labels.length || !look.shades.length ? [] : rampOf(look);
    this.node.replaceChildren(element("summary", {}, look.title), ...ramp, ...nodes, this.below);
  }

  /**
   * Show how many people there are of each code of colour.
   *
   * @param {Uint32Array} counts
   */
  show(counts) {
    for (const { code, node, count } of this.rows) {
      count.textContent = grouped(counts[code]);
      if (code === UNKNOWN) node.style.display = counts[code] ? "" : "none";
    }
  }

  /**
   * @param {Look} look
   * @param {LegendEntry} entry
   * @returns {Row}
   */
  #row(look, { code, label }) {
    const dot = element("i");
    dot.style.background = css(look.palette.subarray(4 * code, 4 * code + 3));
    const count = element("em");
    const node = element("button", {
      type: "button", class: "mlc-item", "aria-pressed": String(!look.muted.has(code)),
      "data-at": String(code), title: `Show or hide: ${label}`,
      onclick: () => {
        this.actions.toggleColour(code);
        node.setAttribute("aria-pressed", String(!look.muted.has(code)));
      },
    }, dot, element("span", {}, label), count);
    return { code, node, count };
  }
}

/**
 * Return a ramp of colours and what its ends mean.
 *
 * @param {Look} look
 */
function rampOf(look) {
  const [low, high] = look.ends;
  const ramp = element("div", { class: "mlc-ramp" });
  ramp.style.background = `linear-gradient(90deg,${look.shades.join()})`;
  const ends = element(
    "div", { class: "mlc-ends" }, element("span", {}, low), element("span", {}, high),
  );
  return [ramp, ends];
}
