// Mouse and fingers on the map: hover, click, drag, pinch, wheel.

/** @import { Actions } from "../actions.js" */
/** @import { Drawing } from "./drawing.js" */

import { clamp } from "../../shared/numbers.js";
import { hoverAt, selectAt } from "../place_actions.js";
import { NOBODY } from "../state.js";

/** A pointer that has moved less than this, in pixels, clicks. */
const CLICK_PX = 4;
/** A wheel that counts lines moves by this many pixels a line. */
const LINE_PX = 18;
const MOST_WHEEL_PX = 240;
/** Zoom per pixel of the wheel, as a logarithm. */
const WHEEL_ZOOM = 0.0016;

/** @typedef {[number, number]} Point In pixels from the upper left corner of the map. */

/**
 * Return by which factor a turn of the wheel zooms.
 *
 * @param {{ deltaY: number, deltaMode: number }} event
 */
export function wheelFactor({ deltaY, deltaMode }) {
  const turned = deltaY * (deltaMode === 1 ? LINE_PX : 1);
  return Math.exp(-WHEEL_ZOOM * clamp(turned, -MOST_WHEEL_PX, MOST_WHEEL_PX));
}

export class PointerControl {
  /**
   * @param {HTMLElement} stage
   * @param {Actions} actions
   * @param {Drawing} drawing Takes the clicks while something is sketched.
   */
  constructor(stage, actions, drawing) {
    this.stage = stage;
    this.actions = actions;
    this.drawing = drawing;
    /** @type {Map<number, Point>} */
    this.pointers = new Map();
    /** How far the pointer has been dragged, in pixels. */
    this.dragged = 0;
    /** How far apart two fingers were, in pixels; 0 at first. */
    this.apart = 0;
    this.#listen();
  }

  #listen() {
    const { stage, actions } = this;
    stage.addEventListener("pointerdown", (event) => this.#press(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#release(event));
    stage.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
    stage.addEventListener("pointerleave", (event) => {
      // A finger leaves as soon as it is lifted: what it has pointed at is still told.
      if (event.pointerType === "mouse") actions.hover(NOBODY);
    });
    stage.addEventListener("dblclick", (event) => this.#doubleClick(event));
    stage.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.stage.setPointerCapture(event.pointerId);
    if (event.pointerType !== "mouse") this.actions.hover(NOBODY);
    this.pointers.set(event.pointerId, this.#local(event));
    this.dragged = 0;
    this.apart = 0;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const point = this.#local(event);
    const last = this.pointers.get(event.pointerId);
    if (!last) {
      hoverAt(this.actions, point);
      return;
    }
    this.pointers.set(event.pointerId, point);
    if (this.pointers.size === 2) this.#pinch();
    else this.#drag(last, point);
  }

  #pinch() {
    const [[a, b], [c, d]] = this.pointers.values();
    const apart = Math.hypot(a - c, b - d);
    if (this.apart) this.actions.zoomBy(apart / this.apart, [(a + c) / 2, (b + d) / 2]);
    this.apart = apart;
    this.dragged = Infinity;
  }

  /**
   * @param {Point} from
   * @param {Point} to
   */
  #drag([x, y], [u, v]) {
    this.dragged += Math.hypot(u - x, v - y);
    if (this.dragged >= CLICK_PX) this.actions.panBy(u - x, v - y);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const isDown = this.pointers.delete(event.pointerId);
    if (!isDown || this.dragged >= CLICK_PX) return;
    const point = this.#local(event);
    if (this.drawing.isOn) this.drawing.setAt(point);
    else selectAt(this.actions, point);
  }

  /** @param {MouseEvent} event */
  #doubleClick(event) {
    if (this.drawing.isOn) this.drawing.end();
    else this.actions.zoomBy(2, this.#local(event));
  }

  /** @param {WheelEvent} event */
  #turn(event) {
    event.preventDefault();
    this.actions.zoomBy(wheelFactor(event), this.#local(event));
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  #local(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
