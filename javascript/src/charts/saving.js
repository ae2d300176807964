// Saving a chart as a picture or as a table.

/** @import { ChartTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */
/** @import { Engine } from "./engine.js" */
/** @import { Spec } from "./look.js" */
/** @import { Row } from "./rows.js" */
/** @import { How } from "./vega_view.js" */

import { element, svgElement } from "../shared/dom.js";
import { csvOf } from "./rows.js";
import { picture } from "./vega_view.js";

/** Pixels of a picture for each pixel on the page. */
const PNG_SCALE = 3;

/** @typedef {{ label: string, save: () => void }} Choice */
/**
 * @typedef {object} Chart
 * @property {WidgetModel<ChartTraits>} model
 * @property {Spec} spec
 * @property {Record<string, Row[]>} tables
 */

/**
 * Make the menu.
 *
 * @param {Choice[]} choices
 */
export function saveMenu(choices) {
  const menu = element("details", { class: "mlv-save" },
    element("summary", { "aria-label": "Save this chart", title: "Save this chart" }, arrow()));
  const close = () => menu.removeAttribute("open");
  const buttons = choices.map(({ label, save }) =>
    element("button", {
      type: "button",
      onclick: () => {
        close();
        save();
      },
    }, label));
  menu.append(element("div", {}, ...buttons));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
  });
  return menu;
}

/** An arrow down to a line. */
function arrow() {
  const icon = svgElement("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" });
  icon.append(svgElement("path", {
    d: "M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10", fill: "none", stroke: "currentColor", "stroke-width": 1.6,
  }));
  return icon;
}

/**
 * Save a chart as a picture on a white background, with its legend.
 *
 * @param {"svg" | "png"} kind
 * @param {Engine} engine
 * @param {Chart} chart
 * @param {How} how
 */
export async function savePicture(kind, engine, { model, spec }, how) {
  const view = picture(engine, spec, how, model);
  await view.runAsync();
  if (kind === "svg") saveText(await view.toSVG(), fileOf(model, kind), "image/svg+xml");
  else saveAddress(await view.toImageURL("png", PNG_SCALE), fileOf(model, kind));
  view.finalize();
}

/**
 * Save the data of a chart as a table.
 *
 * @param {Chart} chart
 */
export function saveData({ model, spec, tables }) {
  const own = /** @type {Record<string, Row[]>} */ (spec.datasets ?? {});
  saveText(csvOf({ ...own, ...tables }), fileOf(model, "csv"), "text/csv;charset=utf-8");
}

/**
 * @param {WidgetModel<ChartTraits>} model
 * @param {string} ending
 */
function fileOf(model, ending) {
  return `${model.get("file") || "chart"}.${ending}`;
}

/**
 * @param {string} text
 * @param {string} file
 * @param {string} kind Media type.
 */
function saveText(text, file, kind) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  saveAddress(address, file);
  URL.revokeObjectURL(address);
}

/**
 * @param {string} address
 * @param {string} file
 */
function saveAddress(address, file) {
  element("a", { href: address, download: file }).click();
}
