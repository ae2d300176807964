// Several traits change in one message: they are taken together, once.

/** @import { WidgetModel } from "./widget.js" */

/**
 * @template T
 */
export class Inbox {
  /**
   * @param {WidgetModel<T>} model
   * @param {readonly (keyof T & string)[]} names Of the traits to listen to.
   * @param {(changed: Set<keyof T & string>) => void} take Called once for each message.
   */
  constructor(model, names, take) {
    this.model = model;
    this.take = take;
    /** @type {Set<keyof T & string>} */
    this.changed = new Set();
    this.isOpen = true;
    /** @type {[string, () => void][]} */
    this.listeners = names.map((name) => [`change:${name}`, () => this.#note(name)]);
    for (const [event, listener] of this.listeners) model.on(event, listener);
  }

  /** Take nothing from now on. */
  close() {
    this.isOpen = false;
    for (const [event, listener] of this.listeners) this.model.off(event, listener);
  }

  /** @param {keyof T & string} name */
  #note(name) {
    if (!this.changed.size) queueMicrotask(() => this.#deliver());
    this.changed.add(name);
  }

  #deliver() {
    const { changed } = this;
    this.changed = new Set();
    if (this.isOpen) this.take(changed);
  }
}
