// The people on the map: who they are, what they do, how they are coloured, where they are.

/** @import { Identities, Positions } from "../message/read.js" */

import { CODES } from "../message/format.js";
import { Motion } from "./motion.js";
import { spread } from "./spread.js";

/** What those do who are under way. */
const TRAVEL = "travel";
/** Bit of a painter's code that is set for those who are under way. */
export const MOVING = 16;
/** Bit that is set for those who are pale, for others are looked at. */
export const PALE = 32;

export class People {
  constructor() {
    /** @type {string[]} */
    this.activities = [];
    this.travel = -1;
    /** @type {string[]} */
    this.names = [];
    /** @type {Int32Array} */
    this.ids = new Int32Array(0);
    /** Row of the activities of each person. @type {Uint8Array} */
    this.doing = new Uint8Array(0);
    /** Code of colour of each person. */
    this.colour = new Uint8Array(0);
    /** For the painter: code of colour in the low four bits, `MOVING` above. */
    this.codes = new Uint8Array(0);
    /** 1 for those who are looked at, 0 for the others; empty while everybody is. @type {Uint8Array} */
    this.emphasis = new Uint8Array(0);
    this.motion = new Motion();
    /** @type {Map<number, number>} */
    this.rows = new Map();
  }

  get count() {
    return this.doing.length;
  }

  /** @param {string[]} activities */
  takeActivities(activities) {
    this.activities = activities;
    this.travel = activities.indexOf(TRAVEL);
    this.#code();
  }

  /** @param {Identities} identities */
  takeIdentities({ ids, names }) {
    this.ids = ids;
    this.names = names;
    this.rows = new Map(Array.from(ids, (id, row) => [id, row]));
  }

  /**
   * @param {Positions} positions
   * @param {{ gap: number, nowMs: number, isStill: boolean }} how Gap in a crowd, in units; the
   *   time, in milliseconds; whether people jump to where they are.
   */
  takePositions({ points, doing, colour }, { gap, nowMs, isStill }) {
    this.doing = doing;
    this.colour = colour;
    this.motion.moveTo(spread(points, doing, this.travel, gap), nowMs, isStill);
    this.#code();
  }

  /** @param {Uint8Array} emphasis 1 or 0 a person; empty for everybody. */
  takeEmphasis(emphasis) {
    this.emphasis = emphasis;
    this.#code();
  }

  /**
   * Return the row of a person, -1 if there is none.
   *
   * @param {number} id
   */
  rowOf(id) {
    const row = this.rows.get(id) ?? -1;
    return row < this.count ? row : -1;
  }

  /** @param {number} row */
  nameOf(row) {
    return this.names[row] || `person ${this.ids[row]}`;
  }

  /** @param {number} row */
  activityOf(row) {
    return this.activities[this.doing[row]] ?? "";
  }

  /** Return how many people there are of each code of colour. */
  countByColour() {
    return tally(this.colour, CODES);
  }

  /** Return how many people do each of the activities. */
  countByActivity() {
    return tally(this.doing, this.activities.length);
  }

  #code() {
    const isWhole = this.emphasis.length === this.count;
    this.codes = this.colour.map((code, row) => {
      const moving = this.doing[row] === this.travel ? MOVING : 0;
      return code | moving | (isWhole && !this.emphasis[row] ? PALE : 0);
    });
  }
}

/**
 * Return how often each number from 0 to `kinds - 1` occurs.
 *
 * @param {Uint8Array} numbers
 * @param {number} kinds
 */
function tally(numbers, kinds) {
  const counts = new Uint32Array(kinds);
  for (const one of numbers) counts[one] += 1;
  return counts;
}
