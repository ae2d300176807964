// Hours are marked by dragging over the time bar; each day shows which are marked.

/** @import { Focus } from "./focus.js" */
/** @import { TimeRange } from "./time_range.js" */

import { rangeBetween } from "./time_range.js";
import { along, shareAt } from "../scrubber/layout.js";
import { element } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { DAY } from "../shared/time.js";

export class HoursBrush {
  /**
   * @param {HTMLElement} host The time bar, over which it is laid.
   * @param {HTMLElement} button Turns marking on and off.
   * @param {Focus} focus
   * @param {number} end Right end of the bar, in minutes.
   */
  constructor(host, button, focus, end) {
    this.button = button;
    this.focus = focus;
    this.end = end;
    /** Minute at which the reader began to drag; null while nothing is dragged.
     * @type {number | null} */
    this.from = null;
    this.node = element("div", { class: "brush" });
    host.append(this.node);
    /** Called when marking is turned on or off. */
    this.changed = () => {};
    this.#listen();
    this.#show(focus.get("hours"));
  }

  /** Whether hours are marked by dragging now. */
  get isOn() {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.button.setAttribute("aria-pressed", String(isOn));
    this.node.classList.toggle("on", isOn);
    this.#drop();
    this.changed();
  }

  #listen() {
    this.button.addEventListener("click", () => this.turn(!this.isOn));
    this.focus.on("change:hours", () => this.#show(this.focus.get("hours")));
    this.node.addEventListener("pointerdown", (event) => this.#begin(event));
    this.node.addEventListener("pointermove", (event) => {
      if (this.from !== null) this.#show(this.#rangeTo(this.from, event));
    });
    this.node.addEventListener("pointerup", (event) => this.#finish(event));
    this.node.addEventListener("pointercancel", () => this.#drop());
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.isOn) this.turn(false);
    });
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    event.preventDefault();
    this.node.setPointerCapture(event.pointerId);
    this.from = this.#minuteAt(event);
  }

  /** @param {PointerEvent} event */
  #finish(event) {
    if (this.from === null) return;
    const range = this.#rangeTo(this.from, event);
    this.from = null;
    this.focus.set("hours", range);
    this.turn(false);
  }

  /** Show what is marked, whatever was dragged over. */
  #drop() {
    this.from = null;
    this.#show(this.focus.get("hours"));
  }

  /** @param {PointerEvent} event */
  #minuteAt({ clientX }) {
    const { left, width } = this.node.getBoundingClientRect();
    return shareAt(clientX - left, width) * this.end;
  }

  /**
   * Return the range from a minute to the pointer, within the day of the minute.
   *
   * @param {number} from
   * @param {PointerEvent} event
   */
  #rangeTo(from, event) {
    const midnight = DAY * Math.floor(Math.min(from, this.end - 1) / DAY);
    return rangeBetween(from - midnight, clamp(this.#minuteAt(event) - midnight, 0, DAY));
  }

  /** @param {TimeRange | null} hours */
  #show(hours) {
    const days = Array.from({ length: hours ? this.end / DAY : 0 }, (_, day) => day * DAY);
    this.node.replaceChildren(...days.map((midnight) => {
      const band = element("div", { class: "band" });
      const { start, end } = hours ?? { start: 0, end: 0 };
      band.style.left = along((midnight + start) / this.end);
      band.style.right = along(1 - (midnight + end) / this.end);
      return band;
    }));
  }
}
