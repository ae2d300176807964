// All that the map shows, without the page: what was sent, and what the reader looks at.

/** @import { Colouring } from "./message/traits.js" */
/** @import { Closed, Density, Flows, MarkedHours, ZoneColours } from "./message/read.js" */
/** @import { BaseMap } from "./message/read_city.js" */

import { Camera } from "./data/camera.js";
import { nearest } from "./data/hit.js";
import { Journeys } from "./data/journeys.js";
import { Look } from "./data/look.js";
import { People } from "./data/people.js";
import { ICON_SCALE, NOWHERE, dotScale } from "./data/places.js";
import { Routes } from "./data/routes.js";
import { Sketch } from "./data/sketch.js";
import { onScreen } from "./data/viewport.js";
import { dotRadius } from "./painters/scene.js";

/** People within this distance of the pointer, in pixels, are under it. */
const REACH_PX = 14;
/** Places within this distance of the pointer are under it: those drawn as dots, and as icons. */
const DOT_REACH_PX = 6;
const ICON_REACH_PX = 10;
/** A person within this distance of the edge of the dot, in pixels, is meant rather than a place. */
const CLOSE_PX = 2;
/** The followed person may be this far from the middle, in pixels. */
const DRIFT_PX = 0.3;
/** Row of nobody. */
export const NOBODY = -1;

export class MapState {
  constructor() {
    this.people = new People();
    this.look = new Look();
    this.camera = new Camera();
    /** @type {BaseMap | null} */
    this.baseMap = null;
    /** @type {Closed} */
    this.closed = { areas: [], places: new Uint16Array(0) };
    /** @type {ZoneColours} */
    this.zoneColours = { measure: "", codes: new Uint8Array(0), look: {}, words: [] };
    /** @type {Density} */
    this.density = { steps: new Uint8Array(0), look: {} };
    /** @type {Flows} */
    this.flows = { ends: new Uint16Array(0), counts: new Uint32Array(0), span: "hour" };
    /** @type {MarkedHours} */
    this.hours = {
      label: "", trips: 0, drawn: 0, hasVisits: false, modes: new Uint8Array(0), lines: [],
    };
    this.journeys = new Journeys();
    this.routes = new Routes();
    /** @type {Partial<Colouring>} */
    this.modeLook = {};
    /** @type {Set<string>} Names of the layers that are shown. */
    this.layers = new Set();
    this.selectedId = NOBODY;
    /** Row of the person under the pointer. */
    this.hovered = NOBODY;
    /** Row of the person reached by keyboard. */
    this.cursor = NOBODY;
    this.isFollowing = false;
    /** Row of the selected place. */
    this.place = NOWHERE;
    /** Row of the place under the pointer. */
    this.hoveredPlace = NOWHERE;
    this.sketch = new Sketch();
  }

  get selected() {
    return this.people.rowOf(this.selectedId);
  }

  /** How many people there are of each code of colour, those without a dot among them. */
  get counts() {
    const { counts = [] } = this.density.look;
    return this.people.countByColour().map((count, code) => count + (counts[code] ?? 0));
  }

  get dotRadius() {
    return dotRadius(this.people.count, this.camera.magnification);
  }

  /**
   * Return where a person stands on the screen, in pixels.
   *
   * @param {number} row
   * @param {number} nowMs
   * @returns {[number, number]}
   */
  screenPosition(row, nowMs) {
    return onScreen(this.camera.view, ...this.position(row, nowMs));
  }

  /**
   * Return where a person stands, in units.
   *
   * @param {number} row
   * @param {number} nowMs
   */
  position(row, nowMs) {
    const { motion } = this.people;
    return motion.position(row, motion.share(nowMs));
  }

  /**
   * Return the row of the person under a point, -1 for nobody.
   *
   * @param {[number, number]} point In pixels.
   * @param {number} nowMs
   * @param {number} [reach] In pixels.
   */
  personAt(point, nowMs, reach = REACH_PX) {
    const { people, camera, look, layers } = this;
    if (!layers.has("people")) return NOBODY;
    const where = { view: camera.view, share: people.motion.share(nowMs), point, reach };
    return nearest(people, where, (code) => look.isShown(code));
  }

  /**
   * Return the row of the place under a point, -1 for none or where places are not drawn.
   *
   * @param {[number, number]} point In pixels.
   */
  placeAt(point) {
    const { baseMap, camera, layers } = this;
    if (!baseMap || !layers.has("places") || camera.metrePx < dotScale(baseMap)) return NOWHERE;
    const reach = camera.metrePx < ICON_SCALE ? DOT_REACH_PX : ICON_REACH_PX;
    return baseMap.places.nearest(camera.view, point, reach);
  }

  /**
   * Return what there is to say of the zone under a point; null where there is nothing.
   *
   * @param {[number, number]} point In pixels.
   */
  zoneWordsAt([x, y]) {
    const { baseMap, zoneColours: { measure, words }, camera: { view } } = this;
    if (!baseMap || !measure) return null;
    const outline = baseMap.zoneAt(view.x + x / view.scale, view.y + y / view.scale);
    const about = words[baseMap.zoneAreas[outline]];
    return about ? { name: baseMap.zoneNames[outline] ?? "", about } : null;
  }

  /**
   * Return who or what is under a point: a person whose dot is hit, else a place, else a person
   * near by.
   *
   * @param {[number, number]} point In pixels.
   * @param {number} nowMs
   */
  under(point, nowMs) {
    const hit = this.personAt(point, nowMs, this.dotRadius + CLOSE_PX);
    if (hit !== NOBODY) return { person: hit, place: NOWHERE };
    const place = this.placeAt(point);
    return { place, person: place === NOWHERE ? this.personAt(point, nowMs) : NOBODY };
  }

  /**
   * Return what to tell of a person beside the name: what the person does, and what the colour
   * means.
   *
   * @param {number} row
   */
  about(row) {
    const { people, look } = this;
    return [people.activityOf(row), look.meaning(people.colour[row])].filter(Boolean).join(", ");
  }

  /**
   * Keep the followed person in the middle; return whether the view has moved.
   *
   * @param {number} nowMs
   */
  follow(nowMs) {
    const { camera, selected } = this;
    if (!this.isFollowing || selected === NOBODY) return false;
    const [x, y] = this.screenPosition(selected, nowMs);
    const drift = Math.hypot(x - camera.size.width / 2, y - camera.size.height / 2);
    if (drift <= DRIFT_PX) return false;
    camera.lookAt(this.position(selected, nowMs));
    return true;
  }
}
