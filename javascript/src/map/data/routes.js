// People under way between two messages: along their lines, not straight from place to place.

/** @import { Journeys, Journey } from "./journeys.js" */
/** @import { People } from "./people.js" */

import { placeAt } from "./journeys.js";
import { lerp } from "../../shared/numbers.js";

/** More minutes than this between two messages are a jump to another time. */
const JUMP_MIN = 31;

/**
 * @typedef {object} Route
 * @property {number} row Of the person.
 * @property {Journey} journey
 * @property {[number, number]} from Where the person was before, in units.
 * @property {[number, number]} to Where the person will be.
 */

export class Routes {
  constructor() {
    /** Minute of the last message, and the one that was shown when it came. */
    this.now = 0;
    this.before = 0;
    /** @type {Route[]} */
    this.routes = [];
  }

  /**
   * Take the minute of a message, and go on from the minute that is shown.
   *
   * @param {number} minute
   * @param {number} [share] Of the way to the last message that lies behind.
   */
  takeMinute(minute, share = 1) {
    const shown = this.minuteAt(share);
    const passed = minute - shown;
    this.before = passed >= 0 && passed <= JUMP_MIN ? shown : minute;
    this.now = minute;
  }

  /**
   * Return the minute at a share of the way from the message before to the last one.
   *
   * @param {number} share
   */
  minuteAt(share) {
    return lerp(this.before, this.now, share);
  }

  /**
   * Find who is under way between the two messages.
   *
   * @param {People} people They have been sent to their new positions.
   * @param {Journeys} journeys
   */
  lay(people, journeys) {
    const { before, after } = people.motion;
    this.routes = [];
    for (const journey of journeys.all()) {
      const row = people.rowOf(journey.person);
      if (row < 0 || journey.start > this.now || journey.end < this.before) continue;
      const at = 2 * row;
      const from = /** @type {[number, number]} */ ([before[at], before[at + 1]]);
      const to = /** @type {[number, number]} */ ([after[at], after[at + 1]]);
      this.routes.push({ row, journey, from, to });
    }
  }

  /**
   * Put everybody who is under way where they are at a share of the way.
   *
   * @param {People} people
   * @param {number} share
   */
  follow({ motion }, share) {
    const minute = this.minuteAt(share);
    for (const { row, journey, from, to } of this.routes) {
      const isGone = minute >= journey.end && journey.end < this.now;
      motion.put(row, minute < journey.start ? from : isGone ? to : placeAt(journey, minute));
    }
    if (this.routes.length) motion.version += 1;
  }
}
