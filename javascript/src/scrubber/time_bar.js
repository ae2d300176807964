// The time of a run as a bar to drag along, with trips per hour behind it.

/** @import { BarTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { BASE, HEIGHT, WIDTH, along, dayLines, momentLabel, timeLabels, tripBars } from "./layout.js";
import CSS from "./style.css";
import { element, stylesheet, svgElement } from "../shared/dom.js";
import { DAY } from "../shared/time.js";

/** While it is dragged, the bar sends at most once in this time, in milliseconds. */
const SEND_MS = 80;
const STEP_MIN = 5;
/** Beyond this share of the bar, the time is written to the left of its line. */
const TURN_AT = 0.8;

export class TimeBar {
  /**
   * @param {WidgetModel<BarTraits>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    this.isHeld = false;
    this.timer = 0;
    this.sentMs = 0;
    this.svg = svgElement("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true",
    });
    this.labels = element("div", { "aria-hidden": "true" });
    this.hatch = element("div", { class: "mls-hatch" });
    this.flag = element("b");
    this.now = element("div", { class: "mls-now" }, this.flag);
    this.input = element("input", { type: "range", min: "0", "aria-label": model.get("label") });
    const root = element("div", { class: "mls" },
      this.svg, this.labels, this.hatch, this.now, this.input);
    host.replaceChildren(stylesheet(CSS), root);
    this.listeners = this.#listen();
    this.#showRun();
  }

  remove() {
    clearTimeout(this.timer);
    for (const [event, listener] of this.listeners) this.model.off(event, listener);
  }

  /** @returns {[string, () => void][]} */
  #listen() {
    this.input.addEventListener("input", () => this.#drag());
    for (const event of ["change", "blur"]) {
      this.input.addEventListener(event, () => this.#release());
    }
    const showRun = () => this.#showRun();
    /** @type {[string, () => void][]} */
    const listeners = [
      ["change:minute", () => this.#showMinute()],
      ["change:end", showRun], ["change:reached", showRun],
      ["change:trips", showRun], ["change:step", showRun],
    ];
    for (const [event, listener] of listeners) this.model.on(event, listener);
    return listeners;
  }

  /** Right end of the bar, in minutes. */
  get #end() {
    return this.model.get("end") || DAY;
  }

  #showRun() {
    const { model, input } = this;
    const reached = model.get("reached");
    input.max = String(this.#end);
    input.step = String(model.get("step") || STEP_MIN);
    this.svg.replaceChildren(...drawn(model.get("trips"), this.#end, reached));
    this.labels.replaceChildren(...timeLabels(this.#end).map(labelOf));
    this.hatch.style.left = along(Math.min(reached / this.#end, 1));
    this.#showMinute();
  }

  #showMinute() {
    if (this.isHeld) return;
    this.input.value = String(this.model.get("minute"));
    this.#point(this.model.get("minute"));
  }

  /** @param {number} minute */
  #point(minute) {
    const share = Math.min(minute / this.#end, 1);
    const text = momentLabel(minute, this.#end);
    this.now.style.left = along(share);
    this.flag.textContent = text;
    this.flag.className = share > TURN_AT ? "left" : "";
    this.input.setAttribute("aria-valuetext", text);
  }

  #drag() {
    this.isHeld = true;
    const { input, model } = this;
    // Beyond what has been lived there is nothing to see.
    if (Number(input.value) > model.get("reached")) input.value = String(model.get("reached"));
    this.#point(Number(input.value));
    if (this.timer) return;
    const wait = Math.max(0, SEND_MS - (performance.now() - this.sentMs));
    this.timer = window.setTimeout(() => this.#send(), wait);
  }

  #send() {
    this.timer = 0;
    this.sentMs = performance.now();
    this.model.set("wanted", { minute: Number(this.input.value), at: Date.now() });
    this.model.save_changes();
  }

  #release() {
    this.isHeld = false;
  }
}

/**
 * @param {number[]} trips
 * @param {number} end
 * @param {number} reached
 */
function drawn(trips, end, reached) {
  const bars = tripBars(trips, end, reached).map(({ isPast, x, y, width, height }) =>
    svgElement("rect", { x, width, y, height, class: isPast ? "past" : "" }));
  const lines = dayLines(end).map((x) =>
    svgElement("line", { class: "day", x1: x, x2: x, y1: 0, y2: BASE }));
  return [...bars, ...lines];
}

/** @param {{ text: string, share: number, isCentred: boolean }} label */
function labelOf({ text, share, isCentred }) {
  const label = element("span", { class: isCentred ? "mls-time centred" : "mls-time" }, text);
  label.style.left = along(share);
  return label;
}
