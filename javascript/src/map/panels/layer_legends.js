// What the layers over the map mean, each in a part that folds: trips, flows, zones, heat.

/** @import { Actions } from "../actions.js" */
/** @import { MapState } from "../state.js" */

import { shadesOf } from "../data/look.js";
import { flowWidth } from "../drawing/flows.js";
import { HEAT_RAMP } from "../drawing/heat.js";
import { element, renew } from "../../shared/dom.js";
import { grouped } from "../../shared/numbers.js";

/** Over what time flows are counted, and how that is said. */
const SPANS = /** @type {const} */ ([["hour", "last hour"], ["day", "since midnight"]]);

/**
 * @typedef {object} Part
 * @property {string} title
 * @property {(state: MapState) => boolean} isOn
 * @property {(state: MapState) => Node[]} content
 */

export class LayerLegends {
  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.node = element("div", { class: "mlc-layers" });
    /** Titles of the parts that the reader has folded. @type {Set<string>} */
    this.folded = new Set();
    /** @type {Part[]} */
    this.parts = [
      { title: "trips", isOn: ({ layers }) => layers.has("trips"), content: tripRows },
      { title: "flows", isOn: ({ layers }) => layers.has("flows"), content: (state) => this.#flows(state) },
      { title: "zones", isOn: ({ zoneColours }) => Boolean(zoneColours.measure), content: zoneRamp },
      { title: "density", isOn: ({ density }) => density.steps.length > 0, content: densityRamp },
      { title: "heat", isOn: ({ layers }) => layers.has("heat"), content: heatRamp },
    ];
  }

  /** @param {MapState} state */
  show(state) {
    const parts = this.parts.filter((part) => part.isOn(state));
    renew(this.node, parts.map((part) => this.#fold(part, state)));
  }

  /**
   * @param {Part} part
   * @param {MapState} state
   */
  #fold({ title, content }, state) {
    const heading = title === "zones" ? state.zoneColours.look.title || state.zoneColours.measure : title;
    const node = element("details", { class: "mlc-layer", "data-layer": title },
      element("summary", {}, heading), ...content(state));
    node.open = !this.folded.has(title);
    node.addEventListener("toggle", () => {
      // A part that is made open tells so, too.
      if (node.open !== this.folded.has(title)) return;
      if (node.open) this.folded.delete(title);
      else this.folded.add(title);
      this.actions.panelsChanged();
    });
    return node;
  }

  /** @param {string} span Over which flows are counted. */
  #spans(span) {
    return element("div", { class: "mlc-spans" }, ...SPANS.map(([name, label]) =>
      element("button", {
        type: "button", "aria-pressed": String(name === span),
        onclick: () => this.actions.countFlowsOver(name),
      }, label)));
  }

  /** @param {MapState} state */
  #flows({ flows: { counts, span }, hours, look }) {
    const spans = hours.label ? element("div", { class: "mlc-note" }, hours.label) : this.#spans(span);
    const most = counts[0] ?? 0;
    if (!most) return [spans, element("div", { class: "mlc-note" }, "no trips between zones")];
    const steps = [...new Set([most, Math.ceil(most / 3)])];
    return [spans, ...steps.map((count) => {
      const line = element("i", { class: "mlc-line" });
      line.style.height = `${flowWidth(count, most)}px`;
      line.style.background = look.theme.accent;
      return row(line, count === 1 ? "1 trip" : `${grouped(count)} trips`);
    })];
  }
}

/** @param {MapState} state */
function tripRows({ modeLook, look }) {
  const labels = modeLook.labels ?? [];
  return shadesOf(modeLook, look.isDark).map((shade, mode) => {
    const line = element("i", { class: "mlc-line" });
    line.style.background = `linear-gradient(90deg,transparent,${shade})`;
    return row(line, labels[mode] ?? "");
  });
}

/** @param {MapState} state */
function zoneRamp({ zoneColours: { look: colours, codes }, look }) {
  const shades = shadesOf(colours, look.isDark);
  const nodes = ramp(shades, colours.ends ?? ["", ""]);
  if (codes.every((code) => code < shades.length)) return nodes;
  const sign = element("i", { class: "mlc-unknown" });
  return [...nodes, row(sign, colours.unknown || "unknown")];
}

/** @param {MapState} state */
function densityRamp({ density: { look: { people = 0, most = 0, cell_m: side = 0 } }, look }) {
  const shades = HEAT_RAMP[look.isDark ? "dark" : "light"];
  const cell = `${grouped(most)} in ${Math.round(side)} m`;
  return [
    element("div", { class: "mlc-note" }, `${grouped(people)} people without a dot`),
    ...ramp(shades, ["few", cell]),
  ];
}

/** @param {MapState} state */
function heatRamp({ look }) {
  return ramp(HEAT_RAMP[look.isDark ? "dark" : "light"], ["few people", "many"]);
}

/**
 * @param {readonly string[]} shades
 * @param {[string, string]} ends
 */
function ramp(shades, [low, high]) {
  const bar = element("div", { class: "mlc-ramp" });
  bar.style.background = `linear-gradient(90deg,${shades.join()})`;
  const words = [low, high].map((text) => element("span", {}, text));
  return [bar, element("div", { class: "mlc-ends" }, ...words)];
}

/**
 * @param {HTMLElement} sign
 * @param {string} label
 */
function row(sign, label) {
  return element("div", { class: "mlc-item" }, sign, element("span", {}, label));
}
