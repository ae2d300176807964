// All that the map shows, without the page: what was sent, and what the reader looks at.

/** @import { Colouring } from "./message/traits.js" */
/** @import { BaseMap, Density, Flows, ZoneColours } from "./message/read.js" */

import { Camera } from "./data/camera.js";
import { nearest } from "./data/hit.js";
import { Journeys } from "./data/journeys.js";
import { Look } from "./data/look.js";
import { People } from "./data/people.js";
import { Routes } from "./data/routes.js";
import { onScreen } from "./data/viewport.js";
import { dotRadius } from "./painters/scene.js";

/** People within this distance of the pointer, in pixels, are under it. */
const REACH_PX = 14;
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
    /** @type {ZoneColours} */
    this.zoneColours = { measure: "", codes: new Uint8Array(0), look: {} };
    /** @type {Density} */
    this.density = { steps: new Uint8Array(0), look: {} };
    /** @type {Flows} */
    this.flows = { ends: new Uint16Array(0), counts: new Uint32Array(0), span: "hour" };
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
   */
  personAt(point, nowMs) {
    const { people, camera, look } = this;
    const where = { view: camera.view, share: people.motion.share(nowMs), point, reach: REACH_PX };
    return nearest(people, where, (code) => look.isShown(code));
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
