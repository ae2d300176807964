// Who lives differently in two runs: what each did in either, and the decisions behind it.

/** @import { DifferingData, DifferingItem, PanelTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { COLOURS } from "./kinds.js";
import CSS from "./style.css";
import { element, stylesheet } from "../shared/dom.js";

/** People that are asked for at a time. */
export const PAGE = 50;
/** What is typed is sent when nothing has been typed for so long, in milliseconds. */
const TYPED_MS = 250;

export class Differing {
  /**
   * @param {WidgetModel<PanelTraits<DifferingData>>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    this.count = PAGE;
    this.timer = 0;
    this.shown = "";
    this.search = element("input", {
      type: "search", placeholder: "A person", "aria-label": "Search who lives differently",
      oninput: () => this.#typed(),
    });
    const about = { role: "group", "aria-label": "Where they differ first", class: "mlm-head" };
    this.kinds = element("span", about);
    this.kinds.style.marginBottom = "0";
    this.summary = element("p", { class: "mlm-summary", role: "status" });
    this.list = element("div", {
      class: "mlm-list", role: "feed", tabindex: "0", "aria-label": "Who lives differently",
    });
    this.status = element("p", { class: "mlm-status" });
    const head = element("div", { class: "mlm-head" }, this.search, this.kinds);
    const all = element("div", { class: "mlm" }, this.summary, head, this.list, this.status);
    host.replaceChildren(stylesheet(CSS), all);
    this.listener = () => this.#show();
    model.on("change:data", this.listener);
    this.#show();
  }

  remove() {
    window.clearTimeout(this.timer);
    this.model.off("change:data", this.listener);
  }

  #show() {
    const data = this.model.get("data");
    if (document.activeElement !== this.search) this.search.value = data.filter.text;
    if (this.kinds.childElementCount !== data.kinds.length) {
      this.kinds.replaceChildren(...data.kinds.map(([key, label]) => this.#chip(key, label)));
    }
    for (const chip of this.kinds.children) {
      const isOn = data.filter.kinds.includes(chip.getAttribute("data-kind") ?? "");
      chip.setAttribute("aria-pressed", String(isOn));
    }
    this.summary.textContent = data.summary;
    this.#fill(data);
  }

  /** @param {DifferingData} data */
  #fill(data) {
    const shown = JSON.stringify([data.names, data.items, data.more, data.hint]);
    if (shown === this.shown) return;
    this.shown = shown;
    const at = this.list.scrollTop;
    const rows = data.items.map((item) => this.#row(item, data.names));
    const more = element("button",
      { type: "button", class: "mlm-more", onclick: () => this.#later() }, "More people");
    const hint = element("p", { class: "mlm-hint" }, data.hint);
    hint.style.padding = "4px 12px";
    this.list.replaceChildren(...rows, ...(data.more ? [more] : []), ...(rows.length ? [] : [hint]));
    this.list.setAttribute("aria-busy", "false");
    this.list.scrollTop = at;
    const many = `${rows.length} of ${data.count}, the first difference first`;
    this.status.textContent = rows.length ? many : "";
  }

  /**
   * @param {string} key
   * @param {string} label
   */
  #chip(key, label) {
    const dot = element("span", { class: "mlm-dot" });
    const chip = element("button", {
      type: "button", class: "mlm-chip", "data-kind": key, "aria-pressed": "true",
      onclick: () => {
        chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
        this.#ask();
      },
    }, dot, label);
    chip.style.setProperty("--mlm-colour", COLOURS[key] ?? "#888");
    return chip;
  }

  /**
   * @param {DifferingItem} item
   * @param {[string, string]} names
   */
  #row({ person, name, when, kind, note, sides, why, decided }, names) {
    const button = element("button", {
      type: "button", class: "mlm-name", title: `Select ${name}`,
      onclick: () => this.#want({ person }),
    }, name);
    const known = note ? [element("span", { class: "mlm-source" }, note)] : [];
    const columns = sides.map((text, at) => element("div", { class: "mlm-side" },
      element("span", { class: "mlm-run" }, names[at]),
      text,
      ...(decided.length ? [element("div", { class: "mlm-why" }, decided[at])] : [])));
    const body = element("div", { class: "mlm-body" },
      element("div", {}, button, ...known),
      element("div", { class: "mlm-both" }, ...columns),
      ...(why ? [element("div", { class: "mlm-why" }, why)] : []));
    const row = element("article", { class: "mlm-item" }, element("span", { class: "mlm-when" }, when), body);
    row.style.setProperty("--mlm-colour", COLOURS[kind] ?? "#888");
    return row;
  }

  #typed() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#ask(), TYPED_MS);
  }

  #later() {
    this.count += PAGE;
    this.list.setAttribute("aria-busy", "true");
    this.#want({ count: this.count });
  }

  #ask() {
    this.count = PAGE;
    this.list.scrollTop = 0;
    const kinds = [...this.kinds.children].filter((one) => one.getAttribute("aria-pressed") === "true")
      .map((one) => one.getAttribute("data-kind") ?? "");
    this.#want({ count: PAGE, filter: { kinds, source: "", text: this.search.value, only: false } });
  }

  /** @param {object} wish */
  #want(wish) {
    this.model.set("wanted", { ...wish, at: Date.now() });
    this.model.save_changes();
  }
}
