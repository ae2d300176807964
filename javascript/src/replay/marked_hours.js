// What the map shows of the marked hours: trips, flows and visits that began in them.

/** @import { Traits } from "../map/message/traits.js" */
/** @import { Run } from "./run.js" */
/** @import { Span, TimeRange } from "./time_range.js" */

import { inWords, isWithin, latest } from "./time_range.js";
import { NO_ZONE } from "./zones.js";
import { CODES } from "../map/message/format.js";
import { grouped } from "../shared/numbers.js";
import { midnightOf } from "../shared/time.js";

/** So many trips are drawn at most. */
const MOST_LINES = 1500;
/** Knuth (1998), The art of computer programming, vol. 3, sec. 6.4: multiplicative hashing. */
const SPREAD = 2_654_435_761;
const HALF = Math.floor(SPREAD / 2);
/** What zones are coloured by when visits are counted. */
export const VISITS = "visits";

/**
 * Return the rows of the trips that began within a span and are over by a minute.
 *
 * @param {Run} run
 * @param {Span} span
 * @param {number} minute
 */
export function tripsWithin({ track: { mode, start, end } }, span, minute) {
  const rows = [];
  for (let row = 0; row < mode.length; row++) {
    if (mode[row] >= 0 && isWithin(span, start[row], end[row], minute)) rows.push(row);
  }
  return rows;
}

/**
 * Return some of the trips, each with equal chance and always the same of the same trips.
 *
 * @param {Run} run
 * @param {number[]} rows
 * @param {number} most
 */
export function sampled({ track: { owner, start } }, rows, most) {
  const mixed = new Map(rows.map((row) =>
    [row, (Math.imul(owner[row], SPREAD) + Math.imul(start[row], HALF)) >>> 0]));
  const keyOf = (/** @type {number} */ row) => mixed.get(row) ?? 0;
  return [...rows].sort((a, b) => keyOf(a) - keyOf(b)).slice(0, most).sort((a, b) => a - b);
}

/**
 * Return the traits of the map that are about the marked hours.
 *
 * @param {Run} run
 * @param {TimeRange | null} hours
 * @param {number} minute
 * @param {{ hasTrips: boolean, measure: string }} shown Whether trips are, and what colours zones.
 * @returns {Pick<Traits, "hours" | "past_xy" | "past_sizes" | "past_modes">}
 */
export function hoursTraits(run, hours, minute, { hasTrips, measure }) {
  const rows = hours && hasTrips ? tripsWithin(run, latest(hours, minute), minute) : [];
  const drawn = sampled(run, rows, MOST_LINES);
  const lines = drawn.map((row) => lineOf(run, row));
  const counts = { trips: rows.length, drawn: drawn.length };
  return {
    past_xy: Uint16Array.from(lines.flatMap((line) => Array.from(line))),
    past_sizes: Uint16Array.from(lines, (line) => line.length / 2),
    past_modes: Uint8Array.from(drawn, (row) => run.track.mode[row]),
    hours: hours ? { ...counts, label: inWords(hours, minute), visits: measure === VISITS } : {},
  };
}

/**
 * Return the line of a trip, straight if its way is not in the file.
 *
 * @param {Run} run
 * @param {number} row
 */
function lineOf({ track: { ends, journeys } }, row) {
  return journeys.get(row)?.points ?? ends.subarray(4 * row, 4 * row + 4);
}

/**
 * Return the colours of zones by the visits that began within a span and are over by a minute, and
 * what is said of each zone.
 *
 * Those since midnight have one scale all day, unless it is too short.
 *
 * @param {Run} run
 * @param {Span | null} span Null for the time since midnight.
 * @param {number} minute
 * @returns {Pick<Traits, "zone_look" | "zone_codes" | "zone_words">}
 */
export function visitColours(run, span, minute) {
  const look = run.payload.zone_looks[VISITS];
  const counts = visitsWithin(run, span ?? { start: midnightOf(minute), end: minute }, minute);
  const high = Math.max(...counts, span ? 1 : look.high, 1);
  const title = span ? "visits in the marked hours" : look.title;
  return {
    zone_look: { ...look, title, high, ends: ["0", grouped(high)] },
    // The last code is for what is not known.
    zone_codes: Uint8Array.from(counts, (count) => Math.round(((CODES - 2) * count) / high)),
    zone_words: Array.from(counts, (count) => `${title}: ${grouped(count)}`).join("\n"),
  };
}

/**
 * Count the visits to each zone that began within a span and are over by a minute.
 *
 * @param {Run} run
 * @param {Span} span
 * @param {number} minute
 */
function visitsWithin({ payload, track, zones }, span, minute) {
  const counts = new Uint32Array(payload.zone_names.length);
  for (const row of zones.visits) {
    const zone = zones.ofPlace[track.place[row]];
    const isCounted = isWithin(span, track.start[row], track.end[row], minute);
    if (isCounted && zone !== NO_ZONE) counts[zone] += 1;
  }
  return counts;
}
