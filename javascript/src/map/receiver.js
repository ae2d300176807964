// Takes what Python sends into the state of the map.

/** @import { CityMap } from "./city_map.js" */
/** @import { Traits } from "./message/traits.js" */

import { readBaseMap, readEmphasis, readIdentities, readPositions, readTrips } from "./message/read.js";
import { Inbox } from "../shared/inbox.js";
import { NOBODY } from "./state.js";

/** Neighbours in a crowd stand this many metres apart, and this many pixels of the whole city. */
const GAP_M = 4;
const GAP_PX = 0.9;

const LOOK = /** @type {const} */ ([
  "themes", "colouring", "theme", "activities", "by", "choices", "mode_look",
]);
const BASE_MAP = /** @type {const} */ ([
  "zones", "zone_sizes", "zone_names", "streets", "places", "homes", "stations", "station_names",
]);

export class Receiver {
  /** @param {CityMap} map */
  constructor(map) {
    this.map = map;
    this.model = map.model;
    this.state = map.state;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    // In the order in which one needs the other.
    /** @type {[readonly (keyof Traits)[], () => void][]} */
    this.steps = [
      [LOOK, () => this.takeLook()],
      [["person", "names"], () => this.#takeIdentities()],
      [["frame"], () => this.#takeFrame()],
      [BASE_MAP, () => this.#takeBaseMap()],
      [["ways", "way_modes"], () => this.#takeTrips()],
      [["layers"], () => this.#takeLayers()],
      [["height"], () => map.takeHeight()],
      [["renderer"], () => map.takeRenderer()],
      [["xy", "state"], () => this.#takePositions()],
      [["emphasis"], () => this.#takeEmphasis()],
      [["when", "title"], () => this.#describe()],
      [["selected"], () => this.#takeSelected()],
    ];
    const names = this.steps.flatMap(([some]) => some);
    this.inbox = new Inbox(this.model, names, (changed) => this.#take(changed));
  }

  /** Take all that can be taken before the map has a size. */
  takeBaseMap() {
    this.takeLook();
    this.#takeIdentities();
    this.#takeBaseMap();
    this.#takeTrips();
    this.#takeLayers();
    this.state.camera.takeFrame(this.model.get("frame") ?? {});
    this.#takeEmphasis();
    this.#takeSelected();
  }

  /** Take where people are. */
  takePeople() {
    this.#takePositions();
  }

  takeLook() {
    const { model, state, map } = this;
    state.people.takeActivities(model.get("activities") ?? []);
    state.modeLook = model.get("mode_look") ?? {};
    state.look.take(model.get("colouring") ?? {}, model.get("themes") ?? {}, map.isDark);
    map.page.showTheme();
    map.page.toolbar.fill(model.get("choices") ?? [], model.get("by"));
    map.page.legend.fill(state.look);
    map.page.legend.show(state.people.countByColour());
    map.page.measure();
    map.renderer.drawAnew();
  }

  close() {
    this.inbox.close();
  }

  /** @param {Set<keyof Traits>} changed */
  #take(changed) {
    for (const [names, step] of this.steps) {
      if (names.some((name) => changed.has(name))) step();
    }
    this.map.renderer.draw();
  }

  #takeEmphasis() {
    this.state.people.takeEmphasis(readEmphasis(this.model));
    this.map.renderer.draw();
  }

  #takeIdentities() {
    this.state.people.takeIdentities(readIdentities(this.model));
  }

  #takeFrame() {
    this.state.camera.takeFrame(this.model.get("frame") ?? {});
    this.map.actions.fit();
  }

  #takeBaseMap() {
    this.state.baseMap = readBaseMap(this.model);
    this.map.renderer.drawBaseMapAnew();
  }

  #takeTrips() {
    this.state.trips = readTrips(this.model);
    this.map.renderer.drawFlowsAnew();
  }

  #takeLayers() {
    this.state.layers = new Set(this.model.get("layers") ?? []);
    this.map.page.showToggles();
    this.map.renderer.drawAnew();
  }

  #takePositions() {
    const positions = readPositions(this.model);
    if (!positions) return;
    const { people, camera, layers } = this.state;
    const gap = Math.max(GAP_M / camera.unitM, GAP_PX / camera.fitScale);
    people.takePositions(positions, { gap, nowMs: performance.now(), isStill: this.still.matches });
    if (layers.has("heat")) this.map.renderer.drawFlowsAnew();
    this.map.page.showEmpty();
    this.#describe();
    this.map.renderer.draw();
  }

  #describe() {
    this.map.page.describe(this.model.get("title") || "", this.model.get("when") || "");
  }

  #takeSelected() {
    this.state.selectedId = this.model.get("selected") ?? NOBODY;
    if (this.state.isFollowing) this.map.actions.follow(true);
  }
}
