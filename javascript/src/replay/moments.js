// Where people are and what they do at a moment of a run.

/** @import { Track } from "./payload.js" */
/** @import { Run } from "./run.js" */

import { TRAIL_MIN, placeAt } from "../map/data/journeys.js";
import { UNKNOWN, packStates } from "../map/message/format.js";
import { clamp, lerp } from "../shared/numbers.js";
import { HOUR } from "../shared/time.js";

/** Row of those who have not come yet, or have left. */
export const ABSENT = -1;

/**
 * Move each person's row to the one that holds at a minute, `ABSENT` for those who are not there.
 *
 * What begins at that minute has not begun yet, but who comes or leaves then is there.
 *
 * @param {Track} track
 * @param {Int32Array} rows Of the last moment; they are changed.
 * @param {number} minute
 */
export function seek({ first, start, end }, rows, minute) {
  const moment = Math.max(minute - 1, 0);
  for (let person = 0; person < rows.length; person++) {
    const [low, high] = [first[person], first[person + 1] - 1];
    let row = rows[person];
    if (row < low || row > high || start[row] > moment) row = low;
    while (row < high && start[row + 1] <= moment) row += 1;
    const isThere = low <= high && start[row] <= minute && minute <= end[row];
    rows[person] = isThere ? row : ABSENT;
  }
}

/**
 * Return who is there, rising.
 *
 * @param {Int32Array} rows Of a moment.
 */
export function presentIn(rows) {
  return Int32Array.from(rows.keys()).filter((person) => rows[person] !== ABSENT);
}

/**
 * Return where those are who are there, in units, x and y by turns.
 *
 * @param {Track} track
 * @param {Int32Array} rows
 * @param {number} minute Not always whole: people move between two minutes too.
 */
export function positionsAt({ start, end, ends, journeys }, rows, minute) {
  const there = rows.filter((row) => row !== ABSENT);
  const points = new Uint16Array(2 * there.length);
  there.forEach((row, person) => {
    const journey = journeys.get(row);
    if (journey) {
      points.set(placeAt(journey, minute).map(Math.round), 2 * person);
      return;
    }
    const share = clamp((minute - start[row]) / Math.max(end[row] - start[row], 1), 0, 1);
    points[2 * person] = Math.round(lerp(ends[4 * row], ends[4 * row + 2], share));
    points[2 * person + 1] = Math.round(lerp(ends[4 * row + 1], ends[4 * row + 3], share));
  });
  return points;
}

/**
 * Return what those do who are there and how they are coloured, as the map wants it.
 *
 * @param {Run} run
 * @param {Int32Array} rows
 * @param {string} by What people are coloured by.
 * @param {number} minute
 */
export function statesAt(run, rows, by, minute) {
  const colourOf = colouringOf(run, by, minute);
  const there = presentIn(rows);
  const doing = Uint8Array.from(there, (person) => run.track.doing[rows[person]]);
  const colour = Uint8Array.from(there, (person) => colourOf(person, rows[person]));
  return packStates(doing, colour);
}

/**
 * Return a function that gives the code of a person's colour in the hour of a minute.
 *
 * @param {Uint8Array} codes By hour, person and kind.
 * @param {{ people: number, kinds: string[], by: string }} what
 * @param {number} minute
 * @returns {(person: number) => number}
 */
function hourly(codes, { people, kinds, by }, minute) {
  const hours = codes.length / (people * kinds.length);
  const hour = Math.min(Math.floor(Math.max(minute - 1, 0) / HOUR), Math.max(hours - 1, 0));
  return (person) => codes[(hour * people + person) * kinds.length + kinds.indexOf(by)];
}

/**
 * Return a function that gives the code of colour of a person in a row.
 *
 * @param {Run} run
 * @param {string} by
 * @param {number} minute
 * @returns {(person: number, row: number) => number}
 */
function colouringOf({ payload, track, income, needs, feelings }, by, minute) {
  if (by === "activity") return (_, row) => payload.groups[track.doing[row]];
  if (by === "mode") return (_, row) => (track.mode[row] < 0 ? UNKNOWN : track.mode[row]);
  if (by === "income") return (person) => income[person];
  const people = payload.ids.length;
  if (payload.feelings.includes(by)) return hourly(feelings, { people, kinds: payload.feelings, by }, minute);
  if (!payload.needs.includes(by) || !needs.length) return () => UNKNOWN;
  return hourly(needs, { people, kinds: payload.needs, by }, minute);
}

/**
 * Return the trips that are under way, or are over for so short a time that their trail is seen.
 *
 * @param {Track} track
 * @param {number} minute
 */
export function tripsAt({ mode, start, end, owner, journeys }, minute) {
  const rows = Array.from(journeys.keys()).filter(
    (row) => start[row] <= minute && end[row] > minute - TRAIL_MIN);
  const lines = rows.map((row) => journeys.get(row)?.points ?? []);
  return {
    trip_xy: Uint16Array.from(lines.flatMap((one) => Array.from(one))),
    trip_sizes: Uint16Array.from(lines, (one) => one.length / 2),
    trip_person: Int32Array.from(rows, (row) => owner[row]),
    trip_times: Int32Array.from(rows.flatMap((row) => [start[row], end[row]])),
    trip_modes: Uint8Array.from(rows, (row) => mode[row]),
  };
}
