// The map as tables: what people do, and where they are.

/** @import { People } from "./people.js" */

import { grouped } from "../../shared/numbers.js";

/** Where those are who are in no zone. */
const ELSEWHERE = "elsewhere";

/**
 * Tell how many people do what, the most frequent first.
 *
 * @param {People} people
 * @returns {{ doing: string, count: number }[]}
 */
export function activityCounts(people) {
  const counts = people.countByActivity();
  return people.activities
    .map((doing, row) => ({ doing, count: counts[row] }))
    .filter(({ count }) => count)
    .sort((one, other) => other.count - one.count);
}

/**
 * Return the rows of the table of activities: name, people, share.
 *
 * @param {People} people
 */
export function activityRows(people) {
  const total = Math.max(people.count, 1);
  return activityCounts(people).map(({ doing, count }) => [
    doing,
    grouped(count),
    `${((100 * count) / total).toFixed(1)} %`,
  ]);
}

/**
 * Return the rows of the table of zones: name, people, what most do, how many are under way.
 *
 * @param {People} people
 * @param {string[]} zoneNames
 * @param {(x: number, y: number) => number} zoneAt Number of the zone at a point, -1 for none.
 */
export function zoneRows(people, zoneNames, zoneAt) {
  return Array.from(countByZone(people, zoneNames, zoneAt))
    .map(([zone, counts]) => ({ zone, counts, total: counts.reduce((sum, one) => sum + one, 0) }))
    .sort((one, other) => other.total - one.total)
    .map(({ zone, counts, total }) => [
      zone,
      grouped(total),
      people.activities[counts.indexOf(Math.max(...counts))] ?? "",
      grouped(counts[people.travel] ?? 0),
    ]);
}

/**
 * @param {People} people
 * @param {string[]} zoneNames
 * @param {(x: number, y: number) => number} zoneAt
 */
function countByZone(people, zoneNames, zoneAt) {
  /** @type {Map<string, Uint32Array>} */
  const zones = new Map();
  const { after } = people.motion;
  for (let row = 0; row < people.count; row++) {
    const zone = zoneNames[zoneAt(after[2 * row], after[2 * row + 1])] || ELSEWHERE;
    const counts = zones.get(zone) ?? new Uint32Array(people.activities.length);
    counts[people.doing[row]] += 1;
    zones.set(zone, counts);
  }
  return zones;
}
