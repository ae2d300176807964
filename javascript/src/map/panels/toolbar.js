// The bar of the map: what people are coloured by, layers, follow, table, picture.

/** @import { Actions } from "../actions.js" */
/** @import { Measure } from "../message/traits.js" */
/** @import { MapState } from "../state.js" */

import { element, renew } from "../../shared/dom.js";

/** Layers that have a button. */
const BUTTONS = ["people", "heat", "trips", "flows", "streets", "places", "names"];

/**
 * @typedef {object} Shortcuts What else the bar does.
 * @property {() => void} table Opens or closes the tables.
 * @property {() => void} picture Saves the map as a picture.
 */

export class Toolbar {
  /**
   * @param {Actions} actions
   * @param {Shortcuts} shortcuts
   */
  constructor(actions, shortcuts) {
    this.choice = element("select", {
      "aria-label": "Colour by", class: "mlc-by", onchange: () => actions.colourBy(this.choice.value),
    });
    this.measure = element("select", {
      "aria-label": "Colour zones by", class: "mlc-measure",
      onchange: () => actions.colourZonesBy(this.measure.value),
    });
    this.layers = new Map(BUTTONS.map((name) => [
      name, toggle(`Show or hide ${name}`, titled(name), () => actions.toggleLayer(name)),
    ]));
    this.follow = toggle("Keep the selected person in the middle (F)", "Follow",
      () => actions.follow(!actions.state.isFollowing));
    this.table = toggle("The map as a table", "Table", shortcuts.table);
    const picture = element("button",
      { type: "button", title: "Save a picture of the map", onclick: shortcuts.picture }, "PNG");
    this.label = element("label", {}, "Colour");
    this.more = element("button", {
      type: "button", class: "mlc-more", "aria-expanded": "false", title: "Colours, layers, table",
      onclick: () => this.#unfold(),
    }, "Options");
    this.node = element("div", { class: "mlc-panel mlc-bar" }, this.more,
      this.label, this.choice, ...this.layers.values(), this.measure, this.follow,
      this.table, picture);
    this.actions = actions;
    /** What can be left out, by name. @type {[string, HTMLElement[]][]} */
    this.tools = [
      ["colour", [this.label, this.choice]], ["follow", [this.follow]], ["table", [this.table]],
      ...[...this.layers].map(([name, button]) => /** @type {[string, HTMLElement[]]} */ ([name, [button]])),
    ];
  }

  /**
   * Leave out what a map has no use for.
   *
   * @param {string[]} wanted Names of layers, "colour", "follow" and "table"; none for all.
   */
  offer(wanted) {
    for (const [name, nodes] of this.tools) {
      const isOffered = !wanted.length || wanted.includes(name);
      for (const node of nodes) node.hidden = !isOffered;
    }
  }

  /** Lower edge of what it covers, in pixels. */
  get bottom() {
    return this.node.offsetTop + this.node.offsetHeight;
  }

  /** On a small map the bar shows little until it is unfolded. */
  #unfold() {
    const isOpen = this.node.classList.toggle("mlc-open");
    this.more.setAttribute("aria-expanded", String(isOpen));
    this.actions.panelsChanged();
  }

  /**
   * @param {string[]} choices What people can be coloured by.
   * @param {string} by What they are coloured by.
   */
  fill(choices, by) {
    renew(this.choice, choices.map((one) => element("option", { value: one }, one)));
    this.choice.value = by;
  }

  /**
   * @param {Measure[]} measures What zones can be coloured by.
   * @param {string} chosen What they are coloured by, "" for nothing.
   */
  fillMeasures(measures, chosen) {
    this.measure.style.display = measures.length ? "" : "none";
    const entries = [{ name: "", label: "Zones: plain" }, ...measures];
    renew(this.measure, entries.map(({ name, label }) => element("option", { value: name }, label)));
    this.measure.value = chosen;
  }

  /**
   * Show what is on.
   *
   * @param {MapState} state
   * @param {boolean} isTableOpen
   */
  show({ layers, isFollowing, baseMap }, isTableOpen) {
    const hasStreets = !baseMap || baseMap.lines.count > 0;
    this.layers.get("streets")?.classList.toggle("mlc-none", !hasStreets);
    for (const [name, button] of this.layers) press(button, layers.has(name));
    press(this.follow, isFollowing);
    press(this.table, isTableOpen);
  }
}

/**
 * @param {string} label
 * @param {string} text
 * @param {() => void} act
 */
function toggle(label, text, act) {
  return element(
    "button", { type: "button", "aria-pressed": "false", title: label, onclick: act }, text);
}

/**
 * @param {HTMLElement} button
 * @param {boolean} isOn
 */
function press(button, isOn) {
  button.setAttribute("aria-pressed", String(isOn));
}

/** @param {string} name */
function titled(name) {
  return name[0].toUpperCase() + name.slice(1);
}
