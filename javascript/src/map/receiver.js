// Takes what Python sends into the state of the map.

/** @import { CityMap } from "./city_map.js" */
/** @import { Traits } from "./message/traits.js" */

import {
  readClosed, readDensity, readEmphasis, readFlows, readHours, readIdentities, readPositions,
  readTrips, readZoneColours,
} from "./message/read.js";
import { readBaseMap } from "./message/read_city.js";
import {
  BASE_MAP, CLOSED, DENSITY, FLOWS, HOURS, LOOK, POSITIONS, TRIPS, ZONE_COLOURS,
} from "./message/groups.js";
import { NOWHERE } from "./data/places.js";
import { Inbox } from "../shared/inbox.js";
import { NOBODY } from "./state.js";

/** Neighbours in a crowd stand this many metres apart, and this many pixels of the whole city. */
const GAP_M = 4;
const GAP_PX = 0.9;

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
      [DENSITY, () => this.#takeDensity()],
      [ZONE_COLOURS, () => this.#takeZoneColours()],
      [FLOWS, () => this.#takeFlows()],
      [HOURS, () => this.#takeHours()],
      [["layers"], () => this.#takeLayers()],
      [["height"], () => map.takeHeight()], [["renderer"], () => map.takeRenderer()],
      [TRIPS, () => this.#takeTrips()],
      [["minute"], () => this.#takeMinute()],
      [POSITIONS, () => this.#takePositions()],
      [["emphasis"], () => this.#takeEmphasis()],
      [["when", "title"], () => this.#describe()],
      [["selected", "place"], () => this.#takeSelected()],
      [CLOSED, () => this.#takeClosed()],
      [["drawing", "drawn"], () => map.drawing.take()],
      [["camera", "camera_group"], () => map.takeCamera()],
      [["tools", "nobody"], () => this.#takeTools()],
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
    this.#takeMinute();
    this.#takeDensity();
    this.#takeZoneColours();
    this.#takeFlows();
    this.#takeHours();
    this.#takeLayers();
    this.state.camera.takeFrame(this.model.get("frame") ?? {});
    this.#takeEmphasis();
    this.#takeSelected();
    this.#takeClosed();
    this.#takeTools();
    this.map.drawing.take();
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
    map.page.legend.show(state.counts);
    this.#showLayers();
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
    this.map.page.showToggles();
    this.map.renderer.drawBaseMapAnew();
  }

  #takeTrips() {
    this.state.journeys.take(readTrips(this.model));
  }

  #takeDensity() {
    this.state.density = readDensity(this.model);
    this.#showLayers();
    this.map.renderer.drawFlowsAnew();
  }

  #takeZoneColours() {
    const { model, state, map } = this;
    state.zoneColours = readZoneColours(model);
    this.#describe();
    map.page.toolbar.fillMeasures(model.get("measures") ?? [], state.zoneColours.measure);
    this.#showLayers();
    map.renderer.drawFlowsAnew();
  }

  #takeFlows() {
    this.state.flows = readFlows(this.model);
    this.#showLayers();
    this.map.renderer.drawFlowsAnew();
  }

  #takeHours() {
    this.state.hours = readHours(this.model);
    this.#showLayers();
    // Names give way to the note on the hours.
    this.map.renderer.drawAnew();
  }

  #showLayers() {
    this.map.page.layers.show(this.state);
    this.map.page.hours.show(this.state);
    this.map.page.measure();
  }

  #takeMinute() {
    const { journeys, routes, people } = this.state;
    const share = people.motion.share(performance.now());
    routes.takeMinute(this.model.get("minute") ?? 0, share);
    journeys.prune(routes.before, routes.now);
  }

  #takeTools() {
    const { model, map } = this;
    map.page.toolbar.offer(model.get("tools") ?? []);
    map.page.nobody = model.get("nobody") ?? null;
    map.page.showEmpty();
    map.page.measure();
    this.#describe();
  }

  #takeLayers() {
    this.state.layers = new Set(this.model.get("layers") ?? []);
    this.map.page.showToggles();
    this.#showLayers();
    this.map.renderer.drawAnew();
  }

  #takePositions() {
    const positions = readPositions(this.model);
    if (!positions) return;
    const { people, camera, layers, routes, journeys } = this.state;
    const gap = Math.max(GAP_M / camera.unitM, GAP_PX / camera.fitScale);
    people.takePositions(positions, { gap, nowMs: performance.now(), isStill: this.still.matches });
    routes.lay(people, journeys);
    if (layers.has("heat")) this.map.renderer.drawFlowsAnew();
    this.map.page.showEmpty();
    this.#describe();
    this.map.renderer.draw();
  }

  #describe() {
    this.map.page.describe(this.model.get("title") || "", this.model.get("when") || "");
  }

  #takeClosed() {
    this.state.closed = readClosed(this.model);
    this.map.renderer.drawFlowsAnew();
  }

  #takeSelected() {
    this.state.selectedId = this.model.get("selected") ?? NOBODY;
    this.state.place = this.model.get("place") ?? NOWHERE;
    if (this.state.isFollowing) this.map.actions.follow(true);
    // Names make room for that of what is selected.
    this.map.renderer.drawBaseMapAnew();
  }
}
