// Groups of people among whom a network can be shown: those marked, a household, a zone.

/** @import { Focus } from "./focus.js" */
/** @import { Run } from "./run.js" */

import { marking, marksPeople } from "./focus.js";
import { presentIn } from "./moments.js";
import { NO_ZONE } from "./zones.js";

/** Key of the group of all. */
export const ANYBODY = "";
const MARKED = "marked";
const HOUSEHOLD = "household";
const ZONE = "zone:";

/**
 * Return the groups there are, as keys and labels; everybody is the first.
 *
 * @param {Run} run
 * @param {number} selected Row of the selected person, -1 for nobody.
 * @param {Focus} focus
 * @returns {[string, string][]}
 */
export function groupsOf(run, selected, focus) {
  /** @type {[string, string][]} */
  const groups = [[ANYBODY, "everybody"]];
  if (marksPeople(focus)) groups.push([MARKED, "those who are marked on the map"]);
  if (selected >= 0) groups.push([HOUSEHOLD, `the household of ${run.payload.names[selected]}`]);
  return [...groups, ...zonesOf(run)];
}

/**
 * Return the rows of the people of a group who are there; null for everybody.
 *
 * @param {Run} run
 * @param {string} key One of those of `groupsOf`.
 * @param {{ selected: number, focus: Focus, rows: Int32Array }} moment
 * @returns {Set<number> | null}
 */
export function membersOf(run, key, { selected, focus, rows }) {
  if (key === ANYBODY) return null;
  const people = Array.from(presentIn(rows));
  if (key === HOUSEHOLD) {
    return new Set(people.filter((one) => run.household[one] === run.household[selected]));
  }
  if (key === MARKED) {
    const isMarked = marking(run, focus);
    return new Set(people.filter((one) => isMarked(rows[one])));
  }
  const zone = Number(key.slice(ZONE.length));
  return new Set(people.filter((one) => homeZone(run, one) === zone));
}

/**
 * Return the zones in which people live, by name.
 *
 * @param {Run} run
 * @returns {[string, string][]}
 */
function zonesOf(run) {
  const { ids, zone_names: names } = run.payload;
  const lived = new Set(ids.map((_, person) => homeZone(run, person)));
  lived.delete(NO_ZONE);
  const byName = (/** @type {number} */ a, /** @type {number} */ b) => (names[a] < names[b] ? -1 : 1);
  return [...lived].sort(byName).map((zone) => [`${ZONE}${zone}`, `those who live in ${names[zone]}`]);
}

/**
 * @param {Run} run
 * @param {number} person
 */
function homeZone({ track, zones }, person) {
  return zones.ofPlace[track.home[person]] ?? NO_ZONE;
}
