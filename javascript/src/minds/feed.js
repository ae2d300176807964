// What goes on in minds, the newest first, with filters.

/** @import { FeedData, FeedFilter, FeedItem, PanelTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { COLOURS } from "./kinds.js";
import CSS from "./style.css";
import { element, stylesheet } from "../shared/dom.js";

/** Rows that are asked for at a time. */
export const PAGE = 50;
/** A reader who has scrolled so far, in pixels, reads on undisturbed. */
const READING_PX = 30;
/** What is typed is sent when nothing has been typed for so long, in milliseconds. */
const TYPED_MS = 250;

export class Feed {
  /**
   * @param {WidgetModel<PanelTraits<FeedData>>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    this.count = PAGE;
    this.timer = 0;
    this.shown = "";
    this.search = element("input", {
      type: "search", placeholder: "Words, a person or a place", "aria-label": "Search the feed",
      oninput: () => this.#typed(),
    });
    this.kinds = element("span", { role: "group", "aria-label": "What to show", class: "mlm-head" });
    this.kinds.style.marginBottom = "0";
    this.source = element("select", { "aria-label": "Decided by", onchange: () => this.#ask() });
    this.only = element("input", { type: "checkbox", onchange: () => this.#ask() });
    this.onlyText = element("span");
    this.onlyLabel = element("label", {}, this.only, this.onlyText);
    this.hours = this.#hoursChip();
    this.list = element("div", {
      class: "mlm-list", role: "feed", tabindex: "0", "aria-label": "What goes on in minds",
      onscroll: () => this.#scrolled(),
    });
    this.status = element("p", { class: "mlm-status", role: "status" });
    const filters = [this.search, this.kinds, this.source, this.onlyLabel, this.hours];
    const head = element("div", { class: "mlm-head" }, ...filters);
    host.replaceChildren(stylesheet(CSS), element("div", { class: "mlm" }, head, this.list, this.status));
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
    this.#showFilter(data);
    if (this.list.scrollTop > READING_PX && data.items.length <= this.length) {
      this.status.textContent = "Scroll up for what is new.";
      return;
    }
    this.#fill(data);
  }

  /** Number of rows that are shown. */
  get length() {
    return this.list.querySelectorAll(".mlm-item").length;
  }

  /** @param {FeedData} data */
  #fill(data) {
    const shown = JSON.stringify([data.items, data.more, data.hint]);
    if (shown === this.shown) return;
    this.shown = shown;
    const at = this.list.scrollTop;
    const rows = data.items.map((item) => this.#row(item));
    const more = element("button",
      { type: "button", class: "mlm-more", onclick: () => this.#older() }, "Older");
    const hint = element("p", { class: "mlm-hint" }, data.hint);
    hint.style.padding = "4px 12px";
    this.list.replaceChildren(...rows, ...(data.more ? [more] : []), ...(rows.length ? [] : [hint]));
    this.list.setAttribute("aria-busy", "false");
    this.list.scrollTop = at;
    const many = rows.length === 1 ? "1 entry" : `${rows.length} entries`;
    this.status.textContent = rows.length ? `${many}, the newest first` : "";
  }

  /** @param {FeedData} data */
  #showFilter({ kinds, sources, filter, selected, hours }) {
    if (document.activeElement !== this.search) this.search.value = filter.text;
    if (this.kinds.childElementCount !== kinds.length) {
      this.kinds.replaceChildren(...kinds.map(([key, label]) => this.#chip(key, label)));
    }
    for (const chip of this.kinds.children) {
      const isOn = filter.kinds.includes(chip.getAttribute("data-kind") ?? "");
      chip.setAttribute("aria-pressed", String(isOn));
    }
    if (this.source.childElementCount !== sources.length + 1) {
      const options = [["", "any source"], ...sources];
      this.source.replaceChildren(...options.map(([key, label]) => element("option", { value: key }, label)));
    }
    this.source.value = filter.source;
    this.onlyLabel.hidden = !selected;
    this.onlyText.textContent = `only ${selected}`;
    this.only.checked = filter.only;
    this.hours.hidden = !hours;
    this.hours.textContent = `${hours} ×`;
    this.hours.setAttribute("aria-label", `Only ${hours}: show all hours again`);
  }

  #hoursChip() {
    return element("button", {
      type: "button", class: "mlm-chip mlm-hours-chip", title: "Show all hours again",
      onclick: () => this.#want({ hours: "" }),
    });
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

  /** @param {FeedItem} item */
  #row({ when, kind, people, title, text, source, tone }) {
    const names = people.flatMap(([id, name], at) => {
      const button = element("button", {
        type: "button", class: "mlm-name", title: `Select ${name}`,
        onclick: () => this.#want({ person: id }),
      }, name);
      return at ? [joined(kind), button] : [button];
    });
    const by = source ? [element("span", { class: "mlm-source" }, source)] : [];
    const feeling = tone ? [element("span", { class: "mlm-source" }, tone)] : [];
    const body = element("div", { class: "mlm-body" },
      element("div", {}, ...names, names.length ? " " : "", title, ...by, ...feeling),
      ...(text ? [element("div", { class: "mlm-text" }, text)] : []));
    const row = element("article", { class: "mlm-item" }, element("span", { class: "mlm-when" }, when), body);
    row.style.setProperty("--mlm-colour", COLOURS[kind] ?? "#888");
    return row;
  }

  #typed() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#ask(), TYPED_MS);
  }

  #older() {
    this.count += PAGE;
    this.list.setAttribute("aria-busy", "true");
    this.#want({ count: this.count });
  }

  #scrolled() {
    if (this.list.scrollTop <= READING_PX) this.#fill(this.model.get("data"));
  }

  #ask() {
    this.count = PAGE;
    this.list.scrollTop = 0;
    this.#want({ count: PAGE, filter: this.#filter() });
  }

  /** @returns {FeedFilter} */
  #filter() {
    const kinds = [...this.kinds.children].filter((one) => one.getAttribute("aria-pressed") === "true")
      .map((one) => one.getAttribute("data-kind") ?? "");
    return { kinds, source: this.source.value, text: this.search.value, only: this.only.checked };
  }

  /** @param {object} wish */
  #want(wish) {
    this.model.set("wanted", { ...wish, at: Date.now() });
    this.model.save_changes();
  }
}

/** @param {string} kind */
function joined(kind) {
  return kind === "messages" ? " from " : " and ";
}
