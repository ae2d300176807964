// Who lives differently in two runs: what each did in either, and the decisions behind it.

/** @import { DifferingData, DifferingItem, PanelTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { KindChips } from "./kind_chips.js";
import { fillList, nameOf, rowOf, Typing } from "./row_list.js";
import CSS from "./style.css";
import { element, stylesheet } from "../shared/dom.js";

/** People that are asked for at a time. */
export const PAGE = 50;

export class Differing {
  /**
   * @param {WidgetModel<PanelTraits<DifferingData>>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    this.count = PAGE;
    this.typing = new Typing(() => this.#ask());
    this.shown = "";
    this.search = element("input", {
      type: "search", placeholder: "A person", "aria-label": "Search who lives differently",
      oninput: () => this.typing.go(),
    });
    this.kinds = new KindChips("Where they differ first", () => this.#ask());
    this.summary = element("p", { class: "mlm-summary", role: "status" });
    this.list = element("div", {
      class: "mlm-list", tabindex: "0", "aria-label": "Who lives differently",
    });
    this.status = element("p", { class: "mlm-status" });
    const head = element("div", { class: "mlm-head" }, this.search, this.kinds.node);
    const all = element("div", { class: "mlm" }, this.summary, head, this.list, this.status);
    host.replaceChildren(stylesheet(CSS), all);
    this.listener = () => this.#show();
    model.on("change:data", this.listener);
    this.#show();
  }

  remove() {
    this.typing.stop();
    this.model.off("change:data", this.listener);
  }

  #show() {
    const data = this.model.get("data");
    if (document.activeElement !== this.search) this.search.value = data.filter.text;
    this.kinds.show(data.kinds, data.filter.kinds);
    this.summary.textContent = data.summary;
    this.#fill(data);
  }

  /** @param {DifferingData} data */
  #fill(data) {
    const shown = JSON.stringify([data.names, data.items, data.more, data.hint]);
    if (shown === this.shown) return;
    this.shown = shown;
    const rows = data.items.map((item) => this.#row(item, data.names));
    const more = element("button",
      { type: "button", class: "mlm-more", onclick: () => this.#later() }, "More people");
    fillList(this.list, rows, data.more ? more : null, data.hint);
    const many = `${rows.length} of ${data.count}, the first difference first`;
    this.status.textContent = rows.length ? many : "";
  }

  /**
   * @param {DifferingItem} item
   * @param {[string, string]} names
   */
  #row({ person, name, when, kind, note, sides, why, decided }, names) {
    const button = nameOf(name, () => this.#want({ person }));
    const known = note ? [element("span", { class: "mlm-source" }, note)] : [];
    const columns = sides.map((text, at) => element("div", { class: "mlm-side" },
      element("span", { class: "mlm-run" }, names[at]),
      text,
      ...(decided.length ? [element("div", { class: "mlm-why" }, decided[at])] : [])));
    return rowOf(kind, when,
      element("div", {}, button, ...known),
      element("div", { class: "mlm-both" }, ...columns),
      ...(why ? [element("div", { class: "mlm-why" }, why)] : []));
  }

  #later() {
    this.count += PAGE;
    this.list.setAttribute("aria-busy", "true");
    this.#want({ count: this.count });
  }

  #ask() {
    this.count = PAGE;
    this.list.scrollTop = 0;
    const { chosen: kinds } = this.kinds;
    this.#want({ count: PAGE, filter: { kinds, source: "", text: this.search.value, only: false } });
  }

  /** @param {object} wish */
  #want(wish) {
    this.model.set("wanted", { ...wish, at: Date.now() });
    this.model.save_changes();
  }
}
