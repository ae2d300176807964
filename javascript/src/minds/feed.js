// What goes on in minds, the newest first, with filters.

/** @import { FeedData, FeedFilter, FeedItem, PanelTraits } from "./traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { KindChips } from "./kind_chips.js";
import { fillList, nameOf, rowOf, Typing } from "./row_list.js";
import CSS from "./style.css";
import { element, stylesheet } from "../shared/dom.js";

/** Rows that are asked for at a time. */
export const PAGE = 50;
/** A reader who has scrolled so far, in pixels, reads on undisturbed. */
const READING_PX = 30;

export class Feed {
  /**
   * @param {WidgetModel<PanelTraits<FeedData>>} model
   * @param {HTMLElement} host Its contents are replaced.
   */
  constructor(model, host) {
    this.model = model;
    this.count = PAGE;
    this.typing = new Typing(() => this.#ask());
    this.shown = "";
    /** What the rows are of, and the minute of the newest. */
    this.asked = "";
    this.newest = 0;
    this.search = element("input", {
      type: "search", placeholder: "Words, a person or a place", "aria-label": "Search the feed",
      oninput: () => this.typing.go(),
    });
    this.kinds = new KindChips("What to show", () => this.#ask());
    this.source = element("select", { "aria-label": "Decided by", onchange: () => this.#ask() });
    this.only = element("input", { type: "checkbox", onchange: () => this.#ask() });
    this.onlyText = element("span");
    this.onlyLabel = element("label", {}, this.only, this.onlyText);
    this.hours = this.#hoursChip();
    this.list = element("div", {
      class: "mlm-list", tabindex: "0", "aria-label": "What goes on in minds",
      onscroll: () => this.#scrolled(),
    });
    this.status = element("p", { class: "mlm-status", role: "status" });
    const filters = [this.search, this.kinds.node, this.source, this.onlyLabel, this.hours];
    const head = element("div", { class: "mlm-head" }, ...filters);
    host.replaceChildren(stylesheet(CSS), element("div", { class: "mlm" }, head, this.list, this.status));
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
    this.#showFilter(data);
    if (this.list.scrollTop > READING_PX && data.items.length <= this.length && this.#goesOn(data)) {
      this.status.textContent = "Scroll up for what is new.";
      return;
    }
    this.#fill(data);
  }

  /**
   * Tell whether rows are those that are shown and later ones.
   *
   * @param {FeedData} data
   */
  #goesOn(data) {
    const [asked, newest] = [askedOf(data), data.items[0]];
    if (asked !== this.asked || !newest) return false;
    return newest.minute >= this.newest;
  }

  /** Number of rows that are shown. */
  get length() {
    return this.list.querySelectorAll(".mlm-item").length;
  }

  /** @param {FeedData} data */
  #fill(data) {
    const shown = JSON.stringify([data.items, data.more, data.hint]);
    this.asked = askedOf(data);
    this.newest = data.items[0]?.minute ?? 0;
    if (shown === this.shown) return;
    this.shown = shown;
    const rows = data.items.map((item) => this.#row(item));
    const more = element("button",
      { type: "button", class: "mlm-more", onclick: () => this.#older() }, "Older");
    fillList(this.list, rows, data.more ? more : null, data.hint);
    const many = rows.length === 1 ? "1 entry" : `${rows.length} entries`;
    this.status.textContent = rows.length ? `${many}, the newest first` : "";
  }

  /** @param {FeedData} data */
  #showFilter({ kinds, sources, filter, selected, hours }) {
    if (document.activeElement !== this.search) this.search.value = filter.text;
    this.kinds.show(kinds, filter.kinds);
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

  /** @param {FeedItem} item */
  #row({ when, kind, people, title, text, source, tone }) {
    const names = people.flatMap(([id, name], at) => {
      const button = nameOf(name, () => this.#want({ person: id }));
      return at ? [joined(kind), button] : [button];
    });
    const by = source ? [element("span", { class: "mlm-source" }, source)] : [];
    const feeling = tone ? [element("span", { class: "mlm-source" }, tone)] : [];
    return rowOf(kind, when,
      element("div", {}, ...names, names.length ? " " : "", title, ...by, ...feeling),
      ...(text ? [element("div", { class: "mlm-text" }, text)] : []));
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
    const { kinds: known, filter } = this.model.get("data");
    // Kinds of which there is nothing yet have no chip, and are as they were.
    const others = filter.kinds.filter((kind) => !known.some(([key]) => key === kind));
    const kinds = [...this.kinds.chosen, ...others];
    return { kinds, source: this.source.value, text: this.search.value, only: this.only.checked };
  }

  /** @param {object} wish */
  #want(wish) {
    this.model.set("wanted", { ...wish, at: Date.now() });
    this.model.save_changes();
  }
}

/**
 * Write what the rows of a feed are of.
 *
 * @param {FeedData} data
 */
function askedOf({ filter, selected, hours }) {
  return JSON.stringify([filter, filter.only ? selected : "", hours]);
}

/** @param {string} kind */
function joined(kind) {
  return kind === "messages" ? " from " : " and ";
}
