// People on the way from where they were to where they are.

import { lerp } from "../../shared/numbers.js";

/** How long a move takes at least, in milliseconds. */
const LEAST_MS = 60;
/** A pause longer than this, in milliseconds, counts as this long. */
const PAUSE_MS = 1500;
/** Weight of the last pause between two messages in the mean of all. */
const WEIGHT = 0.4;

export class Motion {
  constructor() {
    /** Where people were, in units, x and y by turns. */
    this.before = new Float32Array(0);
    /** Where they are. */
    this.after = new Float32Array(0);
    /** 1 for those who are not where they were, or are put anywhere on the way. */
    this.moved = new Uint8Array(0);
    this.begunMs = 0;
    this.lastsMs = 0;
    this.intervalMs = 300;
    /** @type {number | null} */
    this.updatedMs = null;
    /** Rises whenever positions are changed in place. */
    this.version = 0;
  }

  /**
   * Put somebody at a point, whatever the share of the way.
   *
   * @param {number} row
   * @param {[number, number]} point In units.
   */
  put(row, [x, y]) {
    this.before[2 * row] = this.after[2 * row] = x;
    this.before[2 * row + 1] = this.after[2 * row + 1] = y;
    this.moved[row] = 1;
  }

  /**
   * Return the share of the way that lies behind people, from 0 to 1.
   *
   * @param {number} nowMs
   */
  share(nowMs) {
    return this.lastsMs > 0 ? Math.min((nowMs - this.begunMs) / this.lastsMs, 1) : 1;
  }

  /**
   * Return where a person stands, in units.
   *
   * @param {number} row
   * @param {number} share Of the way.
   * @returns {[number, number]}
   */
  position(row, share) {
    const { before, after } = this;
    return [
      lerp(before[2 * row], after[2 * row], share),
      lerp(before[2 * row + 1], after[2 * row + 1], share),
    ];
  }

  /**
   * Send people to new positions, in about the time until the next message; at once if others
   * are there, or if nothing is to move.
   *
   * @param {Float32Array<ArrayBuffer>} points
   * @param {number} nowMs
   * @param {boolean} isStill Whether nothing is to move.
   */
  moveTo(points, nowMs, isStill) {
    this.#measure(nowMs);
    const isSmooth = points.length === this.after.length && !isStill;
    this.before = isSmooth ? this.#between(this.share(nowMs)) : points.slice();
    this.lastsMs = isSmooth ? Math.max(this.intervalMs, LEAST_MS) : 0;
    this.after = points;
    this.moved = movedBetween(this.before, points);
    this.begunMs = nowMs;
  }

  /** @param {number} nowMs */
  #measure(nowMs) {
    if (this.updatedMs !== null) {
      const pause = Math.min(nowMs - this.updatedMs, PAUSE_MS);
      this.intervalMs = lerp(this.intervalMs, pause, WEIGHT);
    }
    this.updatedMs = nowMs;
  }

  /** @param {number} share */
  #between(share) {
    return this.before.map((from, at) => lerp(from, this.after[at], share));
  }
}

/**
 * Return 1 for everybody who is at another point than before, else 0.
 *
 * @param {Float32Array} before x and y by turns.
 * @param {Float32Array} after
 */
function movedBetween(before, after) {
  const moved = new Uint8Array(after.length / 2);
  for (let row = 0; row < moved.length; row++) {
    const [x, y] = [2 * row, 2 * row + 1];
    moved[row] = Number(before[x] !== after[x] || before[y] !== after[y]);
  }
  return moved;
}
