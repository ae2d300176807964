// The parts of the map on the page, and where they stand.

/** @import { Actions } from "./actions.js" */
/** @import { Stage } from "./stage.js" */
/** @import { MapState } from "./state.js" */
/** @import { Box } from "./data/labels.js" */

import { KEYS_HINT } from "./controls/keyboard.js";
import { Head } from "./panels/head.js";
import { HoursNote } from "./panels/hours.js";
import { LayerLegends } from "./panels/layer_legends.js";
import { Legend } from "./panels/legend.js";
import { ScaleBar } from "./panels/scale.js";
import { Search } from "./panels/search.js";
import { TablePanel } from "./panels/table.js";
import { Tip } from "./panels/tip.js";
import { Toolbar } from "./panels/toolbar.js";
import { zoomPanel } from "./panels/zoom.js";
import CSS from "./style.css";
import { NOBODY } from "./state.js";
import { activityCounts } from "./data/counts.js";
import { NOWHERE } from "./data/places.js";
import { element, stylesheet, uniqueId } from "../shared/dom.js";
import { grouped } from "../shared/numbers.js";

/** The legend is open at first where the map is wider than this, in pixels. */
const WIDE_PX = 620;
/** From the bar down to the tables and to the names found, in pixels. */
const GAP_PX = 4;
/** The city may begin this far above the lower edge of the bar, in pixels. */
const OVERLAP_PX = 6;

/** What is said where nobody lives, unless Python has other words. */
const NOBODY_YET = "Nobody lives here yet.";

/** Panels that always cover a part of the map. */
const PERMANENT = ".mlc-head,.mlc-bar,.mlc-legend,.mlc-zoom,.mlc-hours,.mlc-scale";

export class MapPage {
  /**
   * @param {MapState} state
   * @param {Stage} stage
   * @param {Actions} actions
   * @param {() => void} picture Saves the map as a picture.
   */
  constructor(state, stage, actions, picture) {
    this.state = state;
    this.stage = stage;
    this.head = new Head();
    this.layers = new LayerLegends(actions);
    this.hours = new HoursNote(actions);
    this.legend = new Legend(actions, this.layers.node);
    this.table = new TablePanel(state);
    this.tip = new Tip();
    this.scale = new ScaleBar();
    this.search = new Search(actions, () => stage.node.focus({ preventScroll: true }));
    this.toolbar = new Toolbar(actions, { table: () => this.#toggleTable(), picture });
    this.said = element("div", { class: "mlc-hidden", "aria-live": "polite" });
    this.empty = element("div", { class: "mlc-panel mlc-empty" });
    /** What is said where there are no people; null for the usual words. @type {string | null} */
    this.nobody = null;
    this.root = this.#assemble(zoomPanel(actions));
    this.#listenToTable();
  }

  /** Measure the panels that cover parts of the map. */
  measure() {
    const top = this.toolbar.bottom - OVERLAP_PX;
    const { left, bottom } = this.legend.covers(this.root.clientWidth);
    this.state.camera.obstacles = { top, left, bottom };
    this.state.camera.covered = [...this.root.querySelectorAll(PERMANENT)].map(boxOf);
    this.root.style.setProperty("--below-bar", `${this.toolbar.bottom + GAP_PX}px`);
  }

  /** Open or close the legend, once it is known how wide the map is. */
  settle() {
    this.legend.node.open = this.root.clientWidth > WIDE_PX;
  }

  /** Put the colours of the theme on the panels. */
  showTheme() {
    const { theme, isDark } = this.state.look;
    for (const [name, value] of Object.entries(theme)) this.root.style.setProperty(`--${name}`, value);
    this.root.style.colorScheme = isDark ? "dark" : "light";
  }

  /** Show what is on. */
  showToggles() {
    this.toolbar.show(this.state, this.table.isOpen);
  }

  /**
   * Tell which moment is shown, and how many people do what.
   *
   * @param {string} title
   * @param {string} when
   */
  describe(title, when) {
    this.head.show(title, when);
    this.legend.show(this.state.counts);
    const where = title || "the city";
    this.stage.node.setAttribute("aria-label", described(this.state, where, when, this.nobody !== ""));
    this.table.show(`${title}, ${when}`);
  }

  /** Say so where there are no people. */
  showEmpty() {
    const { people, density } = this.state;
    const isQuiet = people.count || density.look.people || this.nobody === "";
    this.empty.textContent = this.nobody ?? NOBODY_YET;
    this.empty.style.display = isQuiet ? "none" : "block";
  }

  /**
   * Tell who is at a point.
   *
   * @param {number} row
   * @param {[number, number]} [point] In pixels.
   */
  showTip(row, point) {
    const { people, camera } = this.state;
    if (row === NOBODY || !point) this.tip.hide();
    else this.tip.show(people.nameOf(row), this.state.about(row), point, camera.size);
  }

  /**
   * Tell which place is at a point.
   *
   * @param {number} row
   * @param {[number, number]} [point] In pixels.
   */
  showPlaceTip(row, point) {
    const { baseMap, camera } = this.state;
    if (row === NOWHERE || !point || !baseMap) this.tip.hide();
    else this.tip.show(baseMap.places.nameOf(row), baseMap.places.kindOf(row), point, camera.size);
  }

  /**
   * Tell what is measured in the zone at a point.
   *
   * @param {[number, number]} point In pixels.
   */
  showZoneTip(point) {
    const zone = this.state.zoneWordsAt(point);
    if (zone) this.tip.show(zone.name, zone.about, point, this.state.camera.size);
  }

  /** @param {string} text For readers of the screen. */
  say(text) {
    this.said.textContent = text;
  }

  /** Close the tables by Escape, and go back to the map. */
  #listenToTable() {
    this.table.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#toggleTable();
      this.stage.node.focus({ preventScroll: true });
    });
  }

  #toggleTable() {
    this.table.open(!this.table.isOpen);
    this.showToggles();
    if (this.table.isOpen) this.table.node.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} zoom */
  #assemble(zoom) {
    const { stage, head, toolbar, search, legend, hours, scale, tip, table, said, empty } = this;
    const hint = element("div", { class: "mlc-hidden", id: uniqueId() }, KEYS_HINT);
    stage.node.setAttribute("aria-describedby", hint.id);
    toolbar.node.append(search.input);
    const root = element("div", { class: "mlc" }, stylesheet(CSS), stage.node, head.node,
      toolbar.node, search.list, legend.node, hours.node, scale.node, zoom, tip.node, table.node,
      said, hint, empty);
    root.style.containerType = "inline-size";
    return root;
  }
}

/**
 * Return what a panel covers.
 *
 * @param {Element} node
 * @returns {Box}
 */
function boxOf(node) {
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (node);
  return { left: offsetLeft, top: offsetTop, width: offsetWidth, height: offsetHeight };
}

/**
 * Return the map in words.
 *
 * @param {MapState} state
 * @param {string} title
 * @param {string} when
 * @param {boolean} isOfPeople Whether to say so where there are none.
 */
function described({ people, density, zoneColours: { measure, look } }, title, when, isOfPeople) {
  const activities = activityCounts(people).map(({ doing, count }) => `${doing} ${grouped(count)}`);
  const total = people.count + (density.look.people ?? 0);
  const crowd = total || isOfPeople ? [`${grouped(total)} people; ${activities.join(", ")}`] : [];
  const zones = measure ? [`zones by ${look.title || measure}`] : [];
  return `Map of ${title}, ${when}: ${[...crowd, ...zones].join("; ")}`;
}
