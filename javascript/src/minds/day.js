// The day of one person: a strip with activities and needs, and what was done, where, how and why.

/** @import { DayData, DayEntry, DayNeed, PanelTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import CSS from "./style.css";
import { element, stylesheet, svgElement } from "../shared/dom.js";
import { DAY, HOUR, clock } from "../shared/time.js";

const WIDTH = 720;
/** Height of the strip; upper edges and heights within it: needs above, activities below. */
const HEIGHT = 76;
const NEEDS = { y: 2, height: 44 };
const BAR = { y: 52, height: 22 };
const LABELS_EVERY_H = 6;

/**
 * Return where a minute of the day lies on the strip.
 *
 * @param {number} minute
 * @param {number} midnight Before it.
 */
export function stripX(minute, midnight) {
  return (Math.min(Math.max(minute - midnight, 0), DAY) / DAY) * WIDTH;
}

/**
 * Return the path of a need over the day; it goes from hour to hour.
 *
 * @param {DayNeed} need
 * @param {number} midnight
 */
export function needPath({ levels }, midnight) {
  return levels.map(([minute, level], at) => {
    const y = NEEDS.y + (1 - level) * NEEDS.height;
    return `${at ? "L" : "M"}${stripX(minute, midnight).toFixed(1)} ${y.toFixed(1)}`;
  }).join("");
}

export class DayTimeline {
  /**
   * @param {WidgetModel<PanelTraits<DayData>>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    this.root = element("div", { class: "mlm" });
    host.replaceChildren(stylesheet(CSS), this.root);
    this.listener = () => this.#show();
    model.on("change:data", this.listener);
    this.#show();
  }

  remove() {
    this.model.off("change:data", this.listener);
  }

  #show() {
    const data = this.model.get("data");
    if (data.hint) {
      this.root.replaceChildren(element("p", { class: "mlm-hint" }, data.hint));
      return;
    }
    const list = element("ol", { class: "mlm-day", "aria-label": `day of ${data.name}` },
      ...data.entries.map(blockOf));
    this.root.replaceChildren(stripOf(data), hourLabels(), keyOf(data.needs), list);
  }
}

/** @param {DayData} data */
function stripOf(data) {
  const { entries, needs, midnight, minute } = data;
  const strip = svgElement("svg", {
    class: "mlm-strip", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img",
    "aria-label": `The day as a strip, with ${needs.map(({ label }) => label).join(", ")} above`,
  });
  strip.append(...entries.map((one) => barOf(one, midnight)));
  strip.append(...needs.map((one) => svgElement("path", {
    d: needPath(one, midnight), fill: "none", stroke: one.colour, "stroke-width": 2,
    "vector-effect": "non-scaling-stroke",
  })));
  strip.append(nowLine(stripX(minute, midnight)));
  return strip;
}

/**
 * @param {DayEntry} entry
 * @param {number} midnight
 */
function barOf({ start, end, colour, label, when, status }, midnight) {
  const x = stripX(start, midnight);
  const bar = svgElement("rect", {
    x, y: BAR.y, width: Math.max(stripX(end, midnight) - x - 0.6, 0.6), height: BAR.height, fill: colour,
    opacity: status === "next" ? 0.4 : 1,
  });
  const title = svgElement("title", {});
  title.textContent = `${when} ${label}`;
  bar.append(title);
  return bar;
}

function hourLabels() {
  const times = Array.from({ length: DAY / HOUR / LABELS_EVERY_H + 1 }, (_, at) => {
    const minute = at * LABELS_EVERY_H * HOUR;
    return element("span", {}, minute === DAY ? "24:00" : clock(minute));
  });
  return element("div", { class: "mlm-hours", "aria-hidden": "true" }, ...times);
}

/** @param {number} x */
function nowLine(x) {
  return svgElement("line", {
    x1: x, x2: x, y1: 0, y2: BAR.y + BAR.height + 2, stroke: "currentColor", "stroke-width": 2,
    "vector-effect": "non-scaling-stroke",
  });
}

/** @param {DayNeed[]} needs */
function keyOf(needs) {
  return element("div", { class: "mlm-key" }, ...needs.map(({ label, colour, levels }) => {
    const swatch = element("i");
    swatch.style.background = colour;
    const last = levels.at(-1);
    const level = last ? ` ${Math.round(100 * last[1])} %` : "";
    return element("span", {}, swatch, `${label}${level}`);
  }));
}

/** @param {DayEntry} entry */
function blockOf({ when, label, place, how, colour, status, notes }) {
  const header = element("header", {}, element("span", { class: "mlm-when" }, when), element("b", {}, label),
    ...(place ? [element("span", {}, place)] : []), ...(how ? [element("span", {}, how)] : []));
  const lines = notes.map((note) => element("li", {}, element("span", {}, note.when),
    element("span", { class: "mlm-note", title: note.text }, element("em", {}, note.kind), ` ${note.text}`)));
  const block = element("li", { class: `mlm-block mlm-${status}` }, header,
    ...(lines.length ? [element("ul", { class: "mlm-notes" }, ...lines)] : []));
  block.style.setProperty("--mlm-colour", colour);
  if (status === "now") block.setAttribute("aria-current", "time");
  return block;
}
