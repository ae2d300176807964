// Who knows whom, and who told whom: people as dots, ties and messages as lines.

/** @import { NetData, NetEdge, NetNode, PanelTraits } from "./traits.js" */
/** @import { Spot } from "./layout.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { toneColour } from "./kinds.js";
import { forceLayout, timeLayout } from "./layout.js";
import { NAMED, namedIn } from "./names.js";
import { offer } from "./offer.js";
import CSS from "./style.css";
import { element, keepingFocus, pressable, stylesheet, svgElement } from "../shared/dom.js";

/** Widths of the picture, in pixels, and its height for a narrow and a wide one. */
const WIDTHS = { least: 300, narrow: 520, usual: 700 };
const HEIGHTS = { narrow: 380, wide: 450 };
/** Sizes of dots: of the person whom it is about, of others, and of others among many. */
const RADII = { own: 9, few: 6.5, many: 4.5 };
const OWN = "#d4006a";
/** Beyond this share of the width, names stand to the left of their dots. */
const TURN_AT = 0.75;
const MIDDLE = { x: 0.5, y: 0.5 };

export class Network {
  /**
   * @param {WidgetModel<PanelTraits<NetData>>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    /** @type {Map<number, Spot>} */
    this.spots = new Map();
    this.drawn = 0;
    this.width = WIDTHS.usual;
    this.height = HEIGHTS.wide;
    this.choice = element("select", {
      "aria-label": "Network", onchange: () => this.#want({ choice: this.choice.value }),
    });
    this.group = element("select", {
      "aria-label": "Among whom", onchange: () => this.#want({ group: this.group.value }),
    });
    this.among = element("label", {}, "among", this.group);
    this.frame = element("div", { class: "mlm-net" });
    this.status = element("p", { class: "mlm-status", role: "status" });
    const head = element("div", { class: "mlm-head" }, this.choice, this.among);
    host.replaceChildren(stylesheet(CSS), element("div", { class: "mlm" }, head, this.frame, this.status));
    this.listener = () => this.#show();
    model.on("change:data", this.listener);
    this.observer = new ResizeObserver(() => this.#resized());
    this.observer.observe(this.frame);
    this.#show();
  }

  remove() {
    this.model.off("change:data", this.listener);
    this.observer.disconnect();
  }

  #resized() {
    if (this.frame.clientWidth !== this.drawn) this.#show();
  }

  #show() {
    const data = this.model.get("data");
    offer(this.choice, data.choices, data.choice);
    offer(this.group, data.groups, data.group);
    this.among.hidden = data.groups.length < 2;
    this.status.textContent = data.summary;
    if (!data.nodes.length) {
      const hint = element("p", { class: "mlm-hint" }, data.hint);
      hint.style.padding = "4px 12px";
      this.frame.replaceChildren(hint);
      return;
    }
    this.spots = data.timed
      ? timeLayout(data.nodes, data.edges) : forceLayout(data.nodes, data.edges, this.spots);
    this.drawn = this.frame.clientWidth;
    this.width = Math.max(this.drawn || WIDTHS.usual, WIDTHS.least);
    this.height = this.width < WIDTHS.narrow ? HEIGHTS.narrow : HEIGHTS.wide;
    this.frame.style.setProperty("--mlm-ground", groundOf(this.frame));
    keepingFocus(this.frame, "data-person", () => this.frame.replaceChildren(this.#picture(data)));
  }

  /** @param {NetData} data */
  #picture(data) {
    const svg = svgElement("svg", {
      width: this.width, height: this.height, role: "group", "aria-label": data.summary,
    });
    const lines = data.edges.flatMap((edge) => this.#line(edge));
    const named = namedIn(data, ({ id }) => {
      const [x, y] = this.#placed(this.spots.get(id) ?? MIDDLE);
      return { x, y, isLeft: x > TURN_AT * this.width };
    });
    const dots = data.nodes.map((node) => this.#dot(node, data.nodes.length, named));
    svg.append(...lines, ...(data.timed ? this.#spanLabels(data.span.labels) : []), ...dots);
    const near = neighbours(data.edges);
    data.nodes.forEach((node, at) => {
      dots[at].addEventListener("pointerenter", () => fade(data, dots, near.get(node.id), node.id));
      dots[at].addEventListener("pointerleave", () => fade(data, dots, undefined, node.id));
    });
    return svg;
  }

  /** @param {NetEdge} edge */
  #line({ from, to, tone, weight, note }) {
    const [a, b] = [this.spots.get(from), this.spots.get(to)];
    if (!a || !b) return [];
    const [[x1, y1], [x2, y2]] = [this.#placed(a), this.#placed(b)];
    const line = svgElement("path", {
      d: `M${x1} ${y1}Q${(x1 + x2) / 2} ${(y1 + 3 * y2) / 4} ${x2} ${y2}`, fill: "none",
      stroke: toneColour(tone), "stroke-width": 0.8 + 3.5 * weight, opacity: 0.65,
    });
    line.append(titled(note));
    return [line];
  }

  /**
   * @param {NetNode} node
   * @param {number} count How many there are.
   * @param {Set<number>} named Ids of those whose names are written.
   */
  #dot(node, count, named) {
    const [x, y] = this.#placed(this.spots.get(node.id) ?? MIDDLE);
    const text = `${node.name}${node.note ? `: ${node.note}` : ""}`;
    const dot = svgElement("g", { class: "mlm-node", tabindex: 0, role: "button", "aria-label": text,
      "data-person": node.id });
    const radius = node.own ? RADII.own : count <= NAMED ? RADII.few : RADII.many;
    const fill = node.own ? OWN : toneColour(node.tone);
    dot.append(titled(text), svgElement("circle", { cx: x, cy: y, r: radius, fill }));
    if (named.has(node.id)) dot.append(nameOf(node, x, y, x > TURN_AT * this.width));
    pressable(dot, () => this.#want({ person: node.id }));
    return dot;
  }

  /**
   * @param {Spot} spot
   * @returns {[number, number]}
   */
  #placed({ x, y }) {
    return [Math.round(x * this.width), Math.round(y * this.height)];
  }

  /** @param {[string, string]} labels */
  #spanLabels([first, last]) {
    const left = svgElement("text", { x: 8, y: this.height - 8 });
    const right = svgElement("text", { x: this.width - 8, y: this.height - 8, "text-anchor": "end" });
    left.textContent = first;
    right.textContent = last;
    return [left, right];
  }

  /** @param {object} wish */
  #want(wish) {
    this.model.set("wanted", { ...wish, at: Date.now() });
    this.model.save_changes();
  }
}

/**
 * Show only a person and those beside them; all if there is nobody to show.
 *
 * @param {NetData} data
 * @param {SVGElement[]} dots
 * @param {Set<number> | undefined} near
 * @param {number} id
 */
function fade(data, dots, near, id) {
  data.nodes.forEach((node, at) => {
    const isFar = near !== undefined && node.id !== id && !near.has(node.id);
    dots[at].classList.toggle("mlm-faint", isFar);
  });
}

/** @param {NetEdge[]} edges */
function neighbours(edges) {
  /** @type {Map<number, Set<number>>} */
  const near = new Map();
  for (const { from, to } of edges) {
    near.set(from, (near.get(from) ?? new Set()).add(to));
    near.set(to, (near.get(to) ?? new Set()).add(from));
  }
  return near;
}

/**
 * @param {NetNode} node
 * @param {number} x Of its dot.
 * @param {number} y
 * @param {boolean} isLeft Whether the name stands to the left.
 */
function nameOf(node, x, y, isLeft) {
  const name = svgElement("text", {
    x: x + (isLeft ? -11 : 11), y: y + 4, "text-anchor": isLeft ? "end" : "start",
    ...(node.own ? { "font-weight": 700 } : {}),
  });
  name.textContent = node.name;
  return name;
}

/**
 * Return the colour on which an element stands, so that names can be set off from lines.
 *
 * @param {Element} frame
 */
function groundOf(frame) {
  for (let node = /** @type {Element | null} */ (frame); node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor;
    if (colour && colour !== "transparent" && !colour.endsWith(", 0)")) return colour;
  }
  return "transparent";
}

/** @param {string} text */
function titled(text) {
  const title = svgElement("title", {});
  title.textContent = text;
  return title;
}
