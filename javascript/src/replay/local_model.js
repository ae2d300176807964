// A widget model without a server: it holds the values, and calls those who listen.

/** @import { WidgetModel } from "../shared/widget.js" */

/**
 * @template T
 * @implements {WidgetModel<T>}
 */
export class LocalModel {
  /** @param {T} values */
  constructor(values) {
    this.values = values;
    /** @type {Map<string, Set<() => void>>} */
    this.listeners = new Map();
  }

  /**
   * @template {keyof T} K
   * @param {K} name
   * @returns {T[K]}
   */
  get(name) {
    return this.values[name];
  }

  /**
   * @template {keyof T} K
   * @param {K} name
   * @param {T[K]} value
   */
  set(name, value) {
    this.values[name] = value;
    for (const listener of this.listeners.get(`change:${String(name)}`) ?? []) listener();
  }

  /** @param {Partial<T>} values */
  setAll(values) {
    for (const name of /** @type {(keyof T)[]} */ (Object.keys(values))) {
      this.set(name, /** @type {T[keyof T]} */ (values[name]));
    }
  }

  /** There is nobody to send changes to. */
  save_changes() {}

  /**
   * @param {string} event
   * @param {() => void} listener
   */
  on(event, listener) {
    const some = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, some.add(listener));
  }

  /**
   * @param {string} event
   * @param {() => void} listener
   */
  off(event, listener) {
    this.listeners.get(event)?.delete(listener);
  }
}
