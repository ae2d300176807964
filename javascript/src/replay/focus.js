// What the reader has marked: hours, and people by what they do and how they travel.

/** @import { TimeRange } from "./time_range.js" */
/** @import { Run } from "./run.js" */

import { LocalModel } from "./local_model.js";
import { ABSENT } from "./moments.js";

/**
 * @typedef {object} Marks
 * @property {TimeRange | null} hours Null while none are marked.
 * @property {number[]} groups Classes of activities, none for anything.
 * @property {number[]} modes None for any way, at home too.
 */

/** @typedef {LocalModel<Marks>} Focus */

/** @returns {Focus} */
export function newFocus() {
  /** @type {Marks} */
  const nothing = { hours: null, groups: [], modes: [] };
  return new LocalModel(nothing);
}

/**
 * Mark people, or take their mark away.
 *
 * @param {Focus} focus
 * @param {"groups" | "modes"} kind
 * @param {number} one
 */
export function toggle(focus, kind, one) {
  const marked = focus.get(kind);
  focus.set(kind, marked.includes(one) ? marked.filter((other) => other !== one) : [...marked, one]);
}

/**
 * Tell whether people are marked.
 *
 * @param {Focus} focus
 */
export function marksPeople(focus) {
  return focus.get("groups").length > 0 || focus.get("modes").length > 0;
}

/**
 * Return who of those who are there is marked, 1 or 0 a person; empty while nobody is.
 *
 * @param {Run} run
 * @param {Focus} focus
 * @param {Int32Array} rows Of the moment.
 */
export function emphasisAt(run, focus, rows) {
  if (!marksPeople(focus)) return new Uint8Array(0);
  const isMarked = marking(run, focus);
  return Uint8Array.from(rows.filter((row) => row !== ABSENT), (row) => Number(isMarked(row)));
}

/**
 * Return a function that tells whether who is in a row of the track is marked.
 *
 * @param {Run} run
 * @param {Focus} focus
 * @returns {(row: number) => boolean}
 */
export function marking({ payload, track }, focus) {
  const [groups, modes] = [new Set(focus.get("groups")), new Set(focus.get("modes"))];
  return (row) => (!groups.size || groups.has(payload.groups[track.doing[row]]))
    && (!modes.size || modes.has(track.mode[row]));
}
