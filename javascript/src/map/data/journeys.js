// Trips along lines: where somebody is at a minute, and what lies behind.

/** @import { Trips } from "../message/read.js" */

import { lerp } from "../../shared/numbers.js";

/**
 * @typedef {object} Journey
 * @property {number} person Id.
 * @property {number} start Departure, in minutes of the run.
 * @property {number} end Arrival.
 * @property {number} mode Row of the modes.
 * @property {ArrayLike<number>} points In units, x and y by turns.
 * @property {Float32Array} along From the beginning to each point, in units.
 */

/** Trips leave a trail of this many minutes. */
export const TRAIL_MIN = 8;

export class Journeys {
  constructor() {
    /** Of each person the trip that began last. @type {Map<number, Journey>} */
    this.ofPerson = new Map();
  }

  /**
   * Take trips that have begun, in the place of earlier ones of the same people.
   *
   * @param {Trips} trips
   */
  take({ persons, times, modes, lines }) {
    lines.forEach((points, row) => {
      const [start, end] = [times[2 * row], times[2 * row + 1]];
      const journey = { person: persons[row], start, end, mode: modes[row], points };
      this.ofPerson.set(persons[row], { ...journey, along: distances(points) });
    });
  }

  /**
   * Forget the trips that are over and have no trail any more, and those that have not begun.
   *
   * @param {number} from Earliest minute that is still shown.
   * @param {number} to Latest minute.
   */
  prune(from, to) {
    for (const [person, { start, end }] of this.ofPerson) {
      if (end < from - TRAIL_MIN || start > to) this.ofPerson.delete(person);
    }
  }

  /** Return the trips. */
  all() {
    return this.ofPerson.values();
  }
}

/**
 * Return how far each point of a line is from its beginning.
 *
 * @param {ArrayLike<number>} points x and y by turns.
 */
export function distances(points) {
  const along = new Float32Array(points.length / 2);
  for (let at = 1; at < along.length; at++) {
    const [right, down] = [points[2 * at] - points[2 * at - 2], points[2 * at + 1] - points[2 * at - 1]];
    along[at] = along[at - 1] + Math.hypot(right, down);
  }
  return along;
}

/**
 * Return where somebody is at a minute: at an end of the line before and after the trip.
 *
 * @param {Journey} journey
 * @param {number} minute
 * @returns {[number, number]} In units.
 */
export function placeAt(journey, minute) {
  return pointAt(journey, gone(journey, minute));
}

/**
 * Return the part of a line on which somebody was between two minutes, x and y by turns.
 *
 * @param {Journey} journey
 * @param {number} from
 * @param {number} to
 * @returns {number[]} In units; nothing if the person stood still.
 */
export function stretch(journey, from, to) {
  const { points, along } = journey;
  const [low, high] = [gone(journey, from), gone(journey, to)];
  if (low >= high) return [];
  const part = [...pointAt(journey, low)];
  for (let at = after(along, low); at < along.length && along[at] < high; at++) {
    part.push(points[2 * at], points[2 * at + 1]);
  }
  part.push(...pointAt(journey, high));
  return part;
}

/**
 * Return how far somebody has gone, in units.
 *
 * @param {Journey} journey
 * @param {number} minute
 */
function gone({ start, end, along }, minute) {
  const share = end > start ? (minute - start) / (end - start) : Number(minute >= end);
  return along[along.length - 1] * Math.min(Math.max(share, 0), 1);
}

/**
 * Return the point so far along a line.
 *
 * @param {Journey} journey
 * @param {number} distance In units.
 * @returns {[number, number]}
 */
function pointAt({ points, along }, distance) {
  const at = Math.min(after(along, distance), along.length - 1);
  const gap = along[at] - along[at - 1];
  const share = gap > 0 ? (distance - along[at - 1]) / gap : 1;
  return [
    lerp(points[2 * at - 2], points[2 * at], share),
    lerp(points[2 * at - 1], points[2 * at + 1], share),
  ];
}

/**
 * Return the first point that is farther along than a distance, at least the second.
 *
 * @param {Float32Array} along
 * @param {number} distance
 */
function after(along, distance) {
  let [low, high] = [1, along.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (along[middle] > distance) high = middle;
    else low = middle + 1;
  }
  return low;
}
