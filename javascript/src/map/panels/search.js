// Finds a person by name.

/** @import { Actions } from "../actions.js" */

import { rowsNamed } from "../data/names.js";
import { element, uniqueId } from "../../shared/dom.js";

const MOST_FOUND = 12;

export class Search {
  /**
   * @param {Actions} actions
   * @param {() => void} leave Goes back to the map.
   */
  constructor(actions, leave) {
    this.actions = actions;
    this.leave = leave;
    this.list = element("ul", {
      class: "mlc-panel mlc-found", role: "listbox", id: uniqueId(), "aria-label": "People found",
    });
    this.input = element("input", {
      type: "search", placeholder: "Find a person", "aria-label": "Find a person by name",
      role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id,
      "aria-autocomplete": "list",
    });
    /** @type {number[]} Rows of people found. */
    this.rows = [];
    this.picked = 0;
    this.input.addEventListener("input", () => this.#begin());
    this.input.addEventListener("blur", () => this.#hide());
    this.input.addEventListener("keydown", (event) => this.#press(event));
  }

  #begin() {
    this.picked = 0;
    this.#fill();
  }

  #hide() {
    this.list.style.display = "none";
    this.input.setAttribute("aria-expanded", "false");
  }

  #fill() {
    const { people } = this.actions.state;
    const wanted = this.input.value.trim();
    this.rows = rowsNamed(people.names, wanted, MOST_FOUND);
    this.picked = Math.min(this.picked, Math.max(this.rows.length - 1, 0));
    const options = this.rows.map((row, at) => this.#option(row, at));
    const nobody = element(
      "li", { role: "option", "aria-disabled": "true" }, "Nobody has this name");
    this.list.replaceChildren(...(wanted && !options.length ? [nobody] : options));
    this.list.style.display = wanted ? "block" : "none";
    this.input.setAttribute("aria-expanded", String(Boolean(wanted)));
    this.#tellPicked(wanted ? options[this.picked] : undefined);
  }

  /** @param {HTMLElement | undefined} option Which Enter takes, for readers of the screen. */
  #tellPicked(option) {
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /**
   * @param {number} row
   * @param {number} at
   */
  #option(row, at) {
    return element("li", {
      role: "option", id: `${this.list.id}-${row}`, "aria-selected": String(at === this.picked),
      "data-row": String(row),
      onpointerdown: (event) => {
        event.preventDefault();
        this.#goTo(row);
      },
    }, this.actions.state.people.nameOf(row));
  }

  /** @param {number} row */
  #goTo(row) {
    this.#close();
    this.actions.goTo(row);
  }

  #close() {
    this.input.value = "";
    this.#fill();
    this.leave();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#pick(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.rows.length) this.#goTo(this.rows[this.picked]);
    else if (event.key === "Escape") this.#close();
  }

  /** @param {1 | -1} step */
  #pick(step) {
    const count = Math.max(this.rows.length, 1);
    this.picked = (this.picked + step + count) % count;
    this.#fill();
  }
}
