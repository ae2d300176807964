// What was closed at a minute of a replayed run.

/** @import { Closed, Run } from "./run.js" */

/** @type {Closed} */
const NOTHING = {
  minute: 0, closed: new Uint16Array(0), closed_sizes: [], closed_places: new Uint16Array(0),
};

/**
 * Return what was closed: the same object as long as nothing has changed.
 *
 * @param {Run} run
 * @param {number} minute
 */
export function closedAt({ closed }, minute) {
  return closed.findLast((one) => one.minute <= minute) ?? NOTHING;
}
