// How zones are coloured at a moment of a run, and how many trips led from one to another.

/** @import { Run } from "./run.js" */
/** @import { Span } from "./time_range.js" */

import { isWithin } from "./time_range.js";
import { HOUR, midnightOf } from "../shared/time.js";

/** Number of no zone. */
export const NO_ZONE = 65535;
/** So many flows are shown. */
const MOST = 60;

/**
 * Return the last minute at which colours of zones are known.
 *
 * @param {Run} run
 * @param {number} minute
 */
export function knownAt({ payload: { zone_every: every, zone_looks: looks }, zones }, minute) {
  const rows = (Object.keys(looks).length * zones.middles.length) / 2;
  return Math.min(Math.floor(minute / every), zones.steps.length / rows - 1) * every;
}

/**
 * Return the code of colour of each zone at the last moment at which it is known.
 *
 * @param {Run} run
 * @param {string} measure "" for nothing.
 * @param {number} minute
 */
export function zoneCodesAt(run, measure, minute) {
  const { payload: { zone_every: every, zone_looks: looks }, zones } = run;
  const names = Object.keys(looks);
  const row = names.indexOf(measure);
  if (row < 0) return new Uint8Array(0);
  const count = zones.middles.length / 2;
  const moments = zones.steps.length / (names.length * count);
  const at = (row * moments + knownAt(run, minute) / every) * count;
  return zones.steps.slice(at, at + count);
}

/**
 * Return the strongest flows between zones: of the trips that ended within an hour, or since
 * midnight; or of those that began within a span and are over.
 *
 * @param {Run} run
 * @param {string | Span} span "hour", "day" or a span.
 * @param {number} minute
 */
export function flowsAt({ track: { start, end }, zones: { from, to, middles } }, span, minute) {
  const isCounted = counting(span, minute);
  /** @type {Map<number, number>} */
  const counts = new Map();
  from.forEach((zone, row) => {
    if (zone === NO_ZONE || to[row] === NO_ZONE || zone === to[row]) return;
    if (!isCounted(start[row], end[row])) return;
    const pair = zone * (NO_ZONE + 1) + to[row];
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  });
  const strongest = [...counts].sort(([a, one], [b, other]) => other - one || a - b).slice(0, MOST);
  const middle = (/** @type {number} */ zone) => [middles[2 * zone], middles[2 * zone + 1]];
  return {
    flows: Uint16Array.from(strongest.flatMap(([pair]) => [
      ...middle(Math.floor(pair / (NO_ZONE + 1))), ...middle(pair % (NO_ZONE + 1)),
    ])),
    flow_counts: Uint32Array.from(strongest, ([, count]) => count),
  };
}

/**
 * Return a function that tells whether a trip is counted, by its start and end.
 *
 * @param {string | Span} span
 * @param {number} minute
 * @returns {(start: number, end: number) => boolean}
 */
function counting(span, minute) {
  if (typeof span === "object") return (start, end) => isWithin(span, start, end, minute);
  const since = span === "day" ? midnightOf(minute) : minute - HOUR;
  return (_, end) => end > since && end <= minute;
}
