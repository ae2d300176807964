// What the colours of people mean, and the colours around them, as Python sends them.

/** @import { Colouring, Theme, Traits } from "../message/traits.js" */

import { CODES, UNKNOWN } from "../message/format.js";
import { derivedColour, rgb } from "./colours.js";

/** Steps of a ramp below the highest. */
const STEPS = 14;
const UNKNOWN_ALPHA = 0.5;

/** @typedef {{ code: number, label: string }} LegendEntry */

/** @type {Theme} */
const PLAIN = {
  background: "#ffffff", land: "#ffffff", edge: "#cccccc", street: "#cccccc", place: "#bbbbbb",
  home: "#bbbbbb", station: "#444444", panel: "#ffffff", text: "#222222", faint: "#666666",
  accent: "#d4006a", unknown: "#999999",
};

/**
 * Return the colours of classes or of steps; a class without a colour gets one of its own.
 *
 * @param {Partial<Colouring>} colouring
 * @param {boolean} isDark Whether the background is dark.
 */
export function shadesOf(colouring, isDark) {
  const sent = colouring[isDark ? "dark" : "light"] ?? [];
  const missing = (colouring.labels ?? []).slice(sent.length);
  return [...sent, ...missing.map((_, at) => derivedColour(sent.length + at, isDark))];
}

export class Look {
  constructor() {
    /** @type {Partial<Colouring>} */
    this.colouring = {};
    this.theme = PLAIN;
    this.isDark = false;
    /** @type {Set<number>} Codes of colour whose people are hidden. */
    this.muted = new Set();
    /** Red, green, blue and opacity of each code of colour. */
    this.palette = new Float32Array(4 * CODES);
  }

  /** What people are coloured by. */
  get by() {
    return this.colouring.by ?? "";
  }

  /** Labels of the classes; none for a ramp. */
  get labels() {
    return this.colouring.labels ?? [];
  }

  /** Heading of the legend. */
  get title() {
    return this.colouring.title || this.by;
  }

  /** What the two ends of a ramp mean. */
  get ends() {
    return this.colouring.ends ?? ["", ""];
  }

  get shades() {
    return shadesOf(this.colouring, this.isDark);
  }

  /** The entry of those of whom nothing is known. @returns {LegendEntry} */
  get unknown() {
    return { code: UNKNOWN, label: this.colouring.unknown || "unknown" };
  }

  /** The entries of the classes. @returns {LegendEntry[]} */
  get classes() {
    return this.labels.map((label, code) => ({ code, label }));
  }

  /**
   * @param {Partial<Colouring>} colouring
   * @param {Traits["themes"]} themes
   * @param {boolean} isDark
   */
  take(colouring, themes, isDark) {
    this.colouring = colouring;
    this.isDark = isDark;
    this.theme = themes[isDark ? "dark" : "light"] ?? PLAIN;
    this.#mix();
  }

  /**
   * Hide people of a code of colour, or show them again.
   *
   * @param {number} code
   */
  toggle(code) {
    if (!this.muted.delete(code)) this.muted.add(code);
    this.#mix();
  }

  /** Show everybody. */
  showAll() {
    this.muted.clear();
    this.#mix();
  }

  /** @param {number} code */
  isShown(code) {
    return this.palette[4 * code + 3] > 0;
  }

  /**
   * Tell what a person's colour means; "" where it adds nothing to what the person does.
   *
   * @param {number} code
   */
  meaning(code) {
    const { labels, by } = this;
    if (code === UNKNOWN || !by) return "";
    const { low = 0, high = 1, phrase = `${by}: {}` } = this.colouring;
    if (labels.length) return phrase.replace("{}", () => labels[code] ?? "");
    return `${by} about ${(low + ((high - low) * code) / STEPS).toFixed(1)}`;
  }

  #mix() {
    const { shades, theme, muted } = this;
    for (let code = 0; code < CODES; code++) {
      const isKnown = code < shades.length;
      const alpha = isKnown ? 1 : code === UNKNOWN ? UNKNOWN_ALPHA : 0;
      const colour = rgb(isKnown ? shades[code] : theme.unknown);
      this.palette.set([...colour, muted.has(code) ? 0 : alpha], 4 * code);
    }
  }
}
