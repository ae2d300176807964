// Where people are and what they do at a moment of a run.

/** @import { Track } from "./payload.js" */
/** @import { Run } from "./run.js" */

import { UNKNOWN, packStates } from "../map/message/format.js";
import { clamp, lerp } from "../shared/numbers.js";
import { HOUR } from "../shared/time.js";

/** Trips that ended within this time, in minutes, are drawn. */
const TRIPS_MIN = 60;

/**
 * Move each person's row to the one that holds at a minute.
 *
 * What begins at that minute has not begun yet.
 *
 * @param {Track} track
 * @param {Int32Array} rows Of the last moment; they are changed.
 * @param {number} minute
 */
export function seek({ first, start }, rows, minute) {
  const moment = Math.max(minute - 1, 0);
  for (let person = 0; person < rows.length; person++) {
    const [low, high] = [first[person], first[person + 1] - 1];
    let row = rows[person];
    if (row < low || row > high || start[row] > moment) row = low;
    while (row < high && start[row + 1] <= moment) row += 1;
    rows[person] = row;
  }
}

/**
 * Return where people are, in units, x and y by turns.
 *
 * @param {Track} track
 * @param {Int32Array} rows
 * @param {number} minute Not always whole: people move between two minutes too.
 */
export function positionsAt({ start, end, ends }, rows, minute) {
  const points = new Uint16Array(2 * rows.length);
  rows.forEach((row, person) => {
    const share = clamp((minute - start[row]) / Math.max(end[row] - start[row], 1), 0, 1);
    points[2 * person] = Math.round(lerp(ends[4 * row], ends[4 * row + 2], share));
    points[2 * person + 1] = Math.round(lerp(ends[4 * row + 1], ends[4 * row + 3], share));
  });
  return points;
}

/**
 * Return what people do and how they are coloured, as the map wants it.
 *
 * @param {Run} run
 * @param {Int32Array} rows
 * @param {string} by What people are coloured by.
 * @param {number} minute
 */
export function statesAt(run, rows, by, minute) {
  const colourOf = colouringOf(run, by, hourAt(run, minute));
  const doing = Uint8Array.from(rows, (row) => run.track.doing[row]);
  const colour = Uint8Array.from(rows, (row, person) => colourOf(person, row));
  return packStates(doing, colour);
}

/**
 * Return the hour whose needs hold at a minute.
 *
 * @param {Run} run
 * @param {number} minute
 */
function hourAt({ payload, needs }, minute) {
  const perHour = payload.ids.length * payload.needs.length;
  const hours = perHour ? needs.length / perHour : 0;
  return Math.min(Math.floor(Math.max(minute - 1, 0) / HOUR), Math.max(hours - 1, 0));
}

/**
 * Return a function that gives the code of colour of a person in a row.
 *
 * @param {Run} run
 * @param {string} by
 * @param {number} hour
 * @returns {(person: number, row: number) => number}
 */
function colouringOf({ payload, track, income, needs }, by, hour) {
  if (by === "activity") return (_, row) => payload.groups[track.doing[row]];
  if (by === "mode") return (_, row) => (track.mode[row] < 0 ? UNKNOWN : track.mode[row]);
  if (by === "income") return (person) => income[person];
  const need = payload.needs.indexOf(by);
  if (need < 0 || !needs.length) return () => UNKNOWN;
  const people = payload.ids.length;
  return (person) => needs[(hour * people + person) * payload.needs.length + need];
}

/**
 * Return the trips that ended within the last hour.
 *
 * @param {Track} track
 * @param {number} minute
 */
export function tripsAt({ mode, end, ends }, minute) {
  const rows = Array.from(end.keys()).filter(
    (row) => mode[row] >= 0 && end[row] < minute && end[row] > minute - TRIPS_MIN);
  return {
    ways: Uint16Array.from(rows.flatMap((row) => [...ends.subarray(4 * row, 4 * row + 4)])),
    modes: Uint8Array.from(rows, (row) => mode[row]),
  };
}
