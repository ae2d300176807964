// The look of charts: light or dark, and fonts that every system has.

/** @typedef {Record<string, unknown>} Spec */

/** Any colour that depends on the background, written as in CSS. */
const LIGHT_DARK = /^light-dark\(([^,()]+),([^,()]+)\)$/;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif';
const COLOURS = {
  light: { text: "#1f2933", faint: "#5c6670", line: "#c9d0d7", panel: "#ffffff" },
  dark: { text: "#e8edf2", faint: "#9fabb7", line: "#3a4651", panel: "#1e1e1e" },
};

/**
 * Return a specification with the colours of a background in the place of pairs of colours.
 *
 * @param {unknown} part
 * @param {boolean} isDark
 * @returns {unknown}
 */
export function themed(part, isDark) {
  if (typeof part === "string") return shade(part, isDark);
  if (Array.isArray(part)) return part.map((one) => themed(one, isDark));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, themed(one, isDark)]));
}

/**
 * Return the one of two colours, `light-dark(#aaa, #bbb)`, that fits the background.
 *
 * @param {string} text Another text is returned as it is.
 * @param {boolean} isDark
 */
export function shade(text, isDark) {
  const pair = LIGHT_DARK.exec(text);
  return pair ? pair[isDark ? 2 : 1].trim() : text;
}

/**
 * Return the settings of Vega-Lite for a background.
 *
 * @param {boolean} isDark
 */
export function settingsOf(isDark) {
  const { text, faint, line } = COLOURS[isDark ? "dark" : "light"];
  const words = { labelColor: text, titleColor: text, labelFontSize: 11, titleFontSize: 11 };
  return {
    // The whole is described on its element; single marks would drown that.
    aria: false,
    background: "transparent",
    font: FONT,
    view: { stroke: null },
    axis: {
      ...words, titleFontWeight: "normal", domainColor: line, tickColor: line, gridColor: line,
      gridOpacity: 0.5, labelOverlap: true, titlePadding: 4,
    },
    legend: { ...words, titleFontWeight: "normal" },
    header: words,
    title: { color: text, subtitleColor: faint },
    text: { color: text },
    rule: { color: text },
    line: { strokeWidth: 1.8 },
  };
}

/**
 * Return a specification ready to compile.
 *
 * @param {Spec} spec
 * @param {object} how
 * @param {boolean} how.isDark
 * @param {boolean} how.hasLegend Whether the chart itself has legends.
 * @param {{ width: number, height: number }} how.size In pixels.
 * @param {Record<string, object[]>} how.tables Data by name.
 * @returns {Spec}
 */
export function prepared(spec, { isDark, hasLegend, size, tables }) {
  const own = /** @type {Spec} */ (themed(spec, isDark));
  const whole = hasLegend ? own : /** @type {Spec} */ (withoutLegends(own));
  const config = merged(settingsOf(isDark), /** @type {Spec} */ (whole.config ?? {}));
  const datasets = { .../** @type {object} */ (whole.datasets ?? {}), ...tables };
  const fitted = isFitting(whole)
    ? { ...size, autosize: { type: "fit", contains: "padding", ...asObject(whole.autosize) } }
    : {};
  return { ...whole, ...fitted, datasets, config };
}

/**
 * @param {unknown} part Of a specification.
 * @returns {unknown}
 */
function withoutLegends(part) {
  if (Array.isArray(part)) return part.map(withoutLegends);
  if (!isPlain(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([name, one]) =>
    [name, name === "legend" ? null : withoutLegends(one)]));
}

/**
 * Tell whether a chart can be made to fit its container: several beside each other cannot.
 *
 * @param {Spec} spec
 */
export function isFitting(spec) {
  return !["concat", "hconcat", "vconcat", "facet", "repeat", "spec"].some((name) => name in spec);
}

/** @param {unknown} autosize */
function asObject(autosize) {
  return typeof autosize === "object" ? autosize : {};
}

/**
 * @param {Spec} first
 * @param {Spec} second Has precedence.
 * @returns {Spec}
 */
function merged(first, second) {
  const both = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const old = both[name];
    both[name] = isPlain(old) && isPlain(value) ? merged(old, value) : value;
  }
  return both;
}

/**
 * @param {unknown} value
 * @returns {value is Spec}
 */
function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
