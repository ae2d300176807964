// A chart on the page: drawn once, then fed with numbers.

/** @import { ChartTraits, Entry } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */
/** @import { Engine } from "./engine.js" */
/** @import { Item } from "./tip.js" */
/** @import { Spec } from "./look.js" */

import { PageTheme } from "../map/theme.js";
import { element, renewKeepingFocus, stylesheet } from "../shared/dom.js";
import { Inbox } from "../shared/inbox.js";
import { engineOfPage } from "./engine.js";
import { legendButtons } from "./legend.js";
import { isFitting } from "./look.js";
import { rowsOf } from "./rows.js";
import { saveData, saveMenu, savePicture } from "./saving.js";
import { plainRow } from "./selections.js";
import CSS from "./style.css";
import { Tip } from "./tip.js";
import { emptied, plotted } from "./vega_view.js";

const NAMES = /** @type {const} */ ([
  "spec", "data", "signals", "legend", "picked", "description", "theme", "height", "selections",
]);
/** What changes without a new drawing. */
const LIGHT = ["data", "signals", "picked", "description", "selections"];
const LEAST_PX = 40;

export class ChartView {
  /**
   * @param {WidgetModel<ChartTraits>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    /** @type {Engine | null} */
    this.engine = null;
    /** @type {import("vega").View | null} */
    this.view = null;
    this.canvas = element("div", { class: "mlv-canvas", role: "img" });
    this.plot = element("div", { class: "mlv-plot" }, this.canvas);
    this.legend = element("div", { class: "mlv-legend" });
    const menu = saveMenu([
      { label: "SVG", save: () => this.#save("svg") },
      { label: "PNG", save: () => this.#save("png") },
      { label: "CSV", save: () => saveData(this) },
    ]);
    this.root = element("div", { class: "mlv" }, this.legend, this.plot, menu);
    this.tip = new Tip(this.plot);
    host.replaceChildren(stylesheet(CSS), this.root);
    this.#begin();
  }

  #begin() {
    this.isOpen = true;
    this.theme = new PageTheme(this.root, () => this.#takeTheme());
    this.inbox = new Inbox(this.model, NAMES, (changed) => this.#take(changed));
    this.observer = new ResizeObserver(() => this.#fit());
    this.observer.observe(this.plot);
    this.plot.style.setProperty("--mlv-height", heightOf(this.model));
    this.#describe();
    engineOfPage().then((engine) => {
      this.engine = engine;
      this.#draw();
    }).catch((/** @type {unknown} */ error) => this.#complain(error));
  }

  remove() {
    this.isOpen = false;
    this.inbox?.close();
    this.theme?.stop();
    this.observer?.disconnect();
    this.view?.finalize();
  }

  /** Tables by name, as rows. */
  get tables() {
    const data = Object.entries(JSON.parse(this.model.get("data") || "{}"));
    return Object.fromEntries(data.map(([name, columns]) => [name, rowsOf(columns)]));
  }

  /** @returns {Spec} */
  get spec() {
    return JSON.parse(this.model.get("spec") || "{}");
  }

  get size() {
    const { clientWidth, clientHeight } = this.plot;
    return { width: clientWidth, height: clientHeight };
  }

  /** @returns {Entry[]} */
  get #entries() {
    return JSON.parse(this.model.get("legend") || "[]");
  }

  get #canDraw() {
    return this.isOpen && this.engine !== null && this.size.width > LEAST_PX;
  }

  #draw() {
    const { engine, model } = this;
    if (!this.#canDraw || !engine) return;
    // The page around is known only once the chart stands in it.
    this.theme?.settle();
    this.isDark = this.theme?.isDark(model.get("theme"));
    this.#describe();
    this.view?.finalize();
    this.view = null;
    const { spec } = this;
    this.plot.classList.toggle("free", !isFitting(spec));
    try {
      this.view = plotted(engine, spec, {
        ...this.#how(this.#entries.length === 0), host: this.canvas, model,
        onTip: (event, item) => this.#tell(event, item),
        onClick: (item) => this.#click(item),
      });
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @param {boolean} hasLegend */
  #how(hasLegend) {
    return { isDark: this.isDark ?? false, hasLegend, size: this.size, tables: this.tables };
  }

  /** @param {Set<string>} changed */
  #take(changed) {
    this.#describe();
    this.plot.style.setProperty("--mlv-height", heightOf(this.model));
    if ([...changed].some((name) => !LIGHT.includes(name)) || !this.view) {
      this.#draw();
      return;
    }
    if (changed.has("data")) this.#feed(this.view);
    for (const [name, value] of Object.entries(this.model.get("signals") ?? {})) {
      this.view.signal(name, value);
    }
    const isEmptied = changed.has("selections") && !Object.keys(this.model.get("selections")).length;
    if (isEmptied) emptied(this.view, this.spec);
    this.view.runAsync();
  }

  /** @param {import("vega").View} view */
  #feed(view) {
    for (const [name, rows] of Object.entries(this.tables)) view.data(name, rows);
  }

  #fit() {
    if (!this.view) {
      this.#draw();
      return;
    }
    const { width, height } = this.size;
    if (width <= LEAST_PX || !isFitting(this.spec)) return;
    if (width === this.view.width() && height === this.view.height()) return;
    this.view.width(width).height(height).runAsync();
  }

  #takeTheme() {
    const isDark = this.theme?.isDark(this.model.get("theme")) ?? false;
    if (isDark !== this.isDark) this.#draw();
  }

  #describe() {
    const { model, isDark = false } = this;
    this.root.classList.toggle("dark", isDark);
    this.canvas.setAttribute("aria-label", model.get("description") || "chart");
    renewKeepingFocus(this.legend, legendButtons(this.#entries, {
      picked: model.get("picked") ?? [], isDark, onPick: (key) => this.#send({ key }),
    }));
  }

  /**
   * @param {MouseEvent} event
   * @param {Item | null} item
   */
  #tell(event, item) {
    if (item) this.tip.show(event, item.tooltip);
    else this.tip.hide();
  }

  /**
   * @param {Item} item
   */
  #click(item) {
    const row = plainRow(item.datum);
    if (Object.keys(row).length) this.#send(row);
  }

  /** @param {Record<string, unknown>} row */
  #send(row) {
    this.model.set("clicked", { ...row, at: Date.now() });
    this.model.save_changes();
  }

  /** @param {"svg" | "png"} kind */
  #save(kind) {
    if (this.engine) savePicture(kind, this.engine, this, this.#how(true));
  }

  /** @param {unknown} error */
  #complain(error) {
    const text = `This chart cannot be drawn: ${error instanceof Error ? error.message : error}`;
    this.canvas.replaceChildren(element("div", { class: "mlv-trouble", role: "alert" }, text));
  }
}

/** @param {WidgetModel<ChartTraits>} model */
function heightOf(model) {
  const height = model.get("height");
  return height ? `${height}px` : "";
}
