// Finds a person or a place by name.

/** @import { Actions } from "../actions.js" */

import { rowsNamed } from "../data/names.js";
import { goToPlace } from "../place_actions.js";
import { element, uniqueId } from "../../shared/dom.js";

const MOST_FOUND = 12;
/** So many places at least are listed where there are as many. */
const LEAST_PLACES = 4;

/** @typedef {{ row: number, isPlace: boolean, label: string }} Found */

export class Search {
  /**
   * @param {Actions} actions
   * @param {() => void} leave Goes back to the map.
   */
  constructor(actions, leave) {
    this.actions = actions;
    this.leave = leave;
    this.list = element("ul", {
      class: "mlc-panel mlc-found", role: "listbox", id: uniqueId(), "aria-label": "People and places found",
    });
    this.input = element("input", {
      type: "search", placeholder: "Find a person or place", "aria-label": "Find a person or place by name",
      role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id,
      "aria-autocomplete": "list",
    });
    /** @type {Found[]} */
    this.found = [];
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
    const wanted = this.input.value.trim();
    this.found = this.#named(wanted);
    this.picked = Math.min(this.picked, Math.max(this.found.length - 1, 0));
    const options = this.found.map((one, at) => this.#option(one, at));
    const nobody = element(
      "li", { role: "option", "aria-disabled": "true" }, "Nobody and no place has this name");
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
   * Return people and places of a name, people first.
   *
   * @param {string} wanted
   * @returns {Found[]}
   */
  #named(wanted) {
    const { people, baseMap } = this.actions.state;
    const places = rowsNamed(baseMap?.places.names ?? [], wanted, MOST_FOUND);
    const room = MOST_FOUND - Math.min(places.length, LEAST_PLACES);
    const persons = rowsNamed(people.names, wanted, room);
    return [
      ...persons.map((row) => ({ row, isPlace: false, label: people.nameOf(row) })),
      ...places.slice(0, MOST_FOUND - persons.length).map((row) => ({
        row, isPlace: true, label: `${baseMap?.places.nameOf(row)}, ${baseMap?.places.kindOf(row)}`,
      })),
    ];
  }

  /**
   * @param {Found} found
   * @param {number} at
   */
  #option(found, at) {
    return element("li", {
      role: "option", id: `${this.list.id}-${at}`, "aria-selected": String(at === this.picked),
      "data-row": String(found.row),
      onpointerdown: (event) => {
        event.preventDefault();
        this.#goTo(found);
      },
    }, found.label);
  }

  /** @param {Found} found */
  #goTo({ row, isPlace }) {
    this.#close();
    if (isPlace) goToPlace(this.actions, row);
    else this.actions.goTo(row);
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
    } else if (event.key === "Enter" && !event.isComposing && this.found.length) {
      // Enter that ends the writing of a word, as in Japanese, chooses nothing.
      this.#goTo(this.found[this.picked]);
    } else if (event.key === "Escape") this.#close();
  }

  /** @param {1 | -1} step */
  #pick(step) {
    const count = Math.max(this.found.length, 1);
    this.picked = (this.picked + step + count) % count;
    this.#fill();
  }
}
