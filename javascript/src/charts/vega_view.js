// A view of Vega from a specification in Vega-Lite, which asks for nothing outside the page.

/** @import { ChartTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */
/** @import { Engine } from "./engine.js" */
/** @import { Item } from "./tip.js" */
/** @import { Spec } from "./look.js" */

import { prepared } from "./look.js";
import { plainSelection, selectionNames } from "./selections.js";
import { partAt } from "./tip.js";

/** The reader is done with a selection after this time without a change, in milliseconds. */
const SETTLED_MS = 140;
const OUTSIDE = "the charts of this page load nothing; put the data into the specification";

/** @typedef {Parameters<typeof prepared>[1]} How */
/**
 * @typedef {How & {
 *   host: HTMLElement,
 *   model: WidgetModel<ChartTraits>,
 *   onTip: (event: MouseEvent, item: Item | null) => void,
 *   onClick: (item: Item) => void,
 * }} Plot
 */

/**
 * Draw a chart and return its view.
 *
 * @param {Engine} engine
 * @param {Spec} spec
 * @param {Plot} plot
 */
export function plotted(engine, spec, plot) {
  const { host, model, onTip, onClick } = plot;
  host.replaceChildren();
  const view = viewOf(engine, spec, plot).renderer("svg");
  // Before the view begins to listen, which takes them along.
  view.tooltip((_, event, item, told) =>
    onTip(event, told === null ? null : found(view, host, event, item)));
  view.initialize(host).hover();
  // The host is an image with a description; marks of brushes would be images without any.
  host.querySelector("svg")?.setAttribute("aria-hidden", "true");
  setSignals(view, model);
  view.addEventListener("click", (event, item) => {
    const part = found(view, host, /** @type {MouseEvent} */ (/** @type {unknown} */ (event)), item);
    if (part) onClick(part);
  });
  listen(view, spec, model);
  void view.runAsync().then(() => hideUnnamed(host));
  return view;
}

/**
 * Hide from screen readers what has no words for them, such as the frame of marked hours.
 *
 * @param {HTMLElement} host
 */
function hideUnnamed(host) {
  for (const one of host.querySelectorAll("[role=graphics-symbol]:not([aria-label])")) {
    one.setAttribute("aria-hidden", "true");
  }
}

/**
 * Return a view that is not on the page, to save as a picture.
 *
 * @param {Engine} engine
 * @param {Spec} spec
 * @param {How} how
 * @param {WidgetModel<ChartTraits>} model
 */
export function picture(engine, spec, how, model) {
  const view = viewOf(engine, spec, { ...how, isDark: false }).background("white");
  setSignals(view, model);
  return view;
}

/**
 * Let all selections hold nothing.
 *
 * @param {import("vega").View} view
 * @param {Spec} spec
 */
export function emptied(view, spec) {
  for (const name of selectionNames(spec)) view.data(`${name}_store`, []);
}

/**
 * @param {Engine} engine
 * @param {Spec} spec
 * @param {How} how
 */
function viewOf({ vega, compile }, spec, how) {
  const whole = /** @type {import("vega-lite").TopLevelSpec} */ (
    /** @type {unknown} */ (prepared(spec, how))
  );
  const refuse = () => Promise.reject(new Error(OUTSIDE));
  const loader = { ...vega.loader(), load: refuse, sanitize: refuse, http: refuse, file: refuse };
  return new vega.View(vega.parse(compile(whole).spec), { loader, logLevel: vega.Error });
}

/**
 * @param {import("vega").View} view
 * @param {WidgetModel<ChartTraits>} model
 */
function setSignals(view, model) {
  for (const [name, value] of Object.entries(model.get("signals") ?? {})) view.signal(name, value);
}

/**
 * Return the part of a mark that an event is about, null for the background.
 *
 * @param {import("vega").View} view
 * @param {HTMLElement} host
 * @param {MouseEvent} event
 * @param {unknown} item
 * @returns {Item | null}
 */
function found(view, host, event, item) {
  const mark = /** @type {Item | null} */ (item);
  if (!mark?.mark || mark.mark.marktype === "group") return null;
  const drawn = host.querySelector("svg")?.getBoundingClientRect();
  const padding = /** @type {{ left?: number }} */ (view.padding());
  const left = (drawn?.left ?? 0) + (padding.left ?? 0) + view.origin()[0] + groupsLeft(mark);
  return partAt(mark, event.clientX - left);
}

/**
 * Return how far to the right the groups around a mark begin.
 *
 * @param {Item} item
 */
function groupsLeft(item) {
  let left = 0;
  for (let group = item.mark?.group; group; group = group.mark?.group) left += group.x ?? 0;
  return left;
}

/**
 * Tell Python what the reader selects.
 *
 * @param {import("vega").View} view
 * @param {Spec} spec
 * @param {WidgetModel<ChartTraits>} model
 */
function listen(view, spec, model) {
  let timer = 0;
  /** @type {Record<string, unknown>} */
  const selections = {};
  const send = () => {
    model.set("selections", structuredClone(selections));
    model.save_changes();
  };
  for (const selection of selectionNames(spec)) {
    view.addSignalListener(selection, (_, value) => {
      const now = plainSelection(value);
      if (JSON.stringify(now) === JSON.stringify(selections[selection] ?? {})) return;
      selections[selection] = now;
      if (!Object.keys(now).length) delete selections[selection];
      clearTimeout(timer);
      timer = window.setTimeout(send, SETTLED_MS);
    });
  }
}
