// Maps that move together: each tells the others of the page where its reader looks.
//
// They tell one another without Python, so that all move within a frame. Python is told a little
// later. A map that comes later asks the others, for Python may have made it before it was told.

/** @import { Actions } from "../actions.js" */
/** @import { Size } from "../data/viewport.js" */
/** @import { Traits } from "../message/traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

const EVENT = "mlc-camera";
const ASKED = "mlc-camera-asked";
/** Python is told this long after the first of some moves, in milliseconds. */
const TELL_MS = 250;

/** @typedef {{ from: SharedCamera, group: string, where: number[] }} Told */
/** @typedef {{ from: SharedCamera, group: string, where?: number[] }} Asked */

export class SharedCamera {
  /**
   * @param {WidgetModel<Traits>} model
   * @param {Actions} actions
   * @param {EventTarget} page Where maps hear one another.
   */
  constructor(model, actions, page = document) {
    this.model = model;
    this.actions = actions;
    this.page = page;
    /** Moves of which the others know. */
    this.moves = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** The group in which this map is. */
    this.joined = "";
    this.listener = (/** @type {Event} */ event) => this.#hear(/** @type {CustomEvent<Told>} */ (event));
    this.answerer = (/** @type {Event} */ event) => this.#answer(/** @type {CustomEvent<Asked>} */ (event));
    page.addEventListener(EVENT, this.listener);
    page.addEventListener(ASKED, this.answerer);
  }

  /** Maps of the same group move together; "" for a map that moves alone. */
  get group() {
    return this.model.get("camera_group") || "";
  }

  get #camera() {
    return this.actions.state.camera;
  }

  get #wanted() {
    return this.model.get("camera") ?? [];
  }

  /** Show what Python wants, or what the others show to whom this map has just come. */
  take() {
    if (!this.group) return;
    const where = this.#join() ?? this.#wanted;
    if (!isSame(where, this.#camera.where)) this.actions.showWhere(where);
    if (!isSame(where, this.#wanted)) this.#report();
  }

  /**
   * Give the map a new size. In a group it goes on showing what the others show, larger or
   * smaller; a map that moves alone keeps its scale.
   *
   * @param {Size} size
   * @param {number} ratio Device pixels per pixel.
   */
  resize(size, ratio) {
    const { where } = this.#camera;
    this.#camera.resize(size, ratio);
    if (this.group && where.length) this.#camera.show(where);
  }

  /** Tell the others if the reader has moved this map since the last time. */
  tell() {
    const { moves, where } = this.#camera;
    if (moves === this.moves) return;
    this.moves = moves;
    if (!this.group) return;
    const detail = { from: this, group: this.group, where };
    this.page.dispatchEvent(new CustomEvent(EVENT, { detail }));
    this.#report();
  }

  close() {
    clearTimeout(this.timer);
    this.page.removeEventListener(EVENT, this.listener);
    this.page.removeEventListener(ASKED, this.answerer);
  }

  /** Come to the group of Python's choice; return where the maps look that are there, if any. */
  #join() {
    if (this.joined === this.group) return undefined;
    this.joined = this.group;
    /** @type {Asked} */
    const detail = { from: this, group: this.group };
    this.page.dispatchEvent(new CustomEvent(ASKED, { detail }));
    return detail.where;
  }

  /** @param {CustomEvent<Asked>} event */
  #answer({ detail }) {
    if (detail.from !== this && detail.group === this.joined) detail.where ??= this.#camera.where;
  }

  /** @param {CustomEvent<Told>} event */
  #hear({ detail: { from, group, where } }) {
    if (from === this || !group || group !== this.group) return;
    this.actions.showWhere(where);
    this.#report();
  }

  /** Every map reports for itself, so that Python knows of each where it is. */
  #report() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.model.set("camera", this.#camera.where);
      this.model.save_changes();
    }, TELL_MS);
  }
}

/**
 * @param {number[]} one
 * @param {number[]} other
 */
function isSame(one, other) {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
