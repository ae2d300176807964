// Finds the person under the pointer.

/** @import { View } from "./viewport.js" */
/** @import { People } from "./people.js" */

import { lerp } from "../../shared/numbers.js";

/**
 * Return the row of the nearest person that is shown, -1 if nobody is within reach.
 *
 * @param {People} people
 * @param {object} where
 * @param {View} where.view
 * @param {number} where.share Of the way between two messages.
 * @param {[number, number]} where.point In pixels.
 * @param {number} where.reach In pixels.
 * @param {(colour: number) => boolean} isShown Whether people of a code of colour are shown.
 */
export function nearest(people, { view, share, point: [x, y], reach }, isShown) {
  const { before, after } = people.motion;
  let best = -1;
  let least = reach * reach;
  for (let row = 0; row < people.count; row++) {
    const left = (lerp(before[2 * row], after[2 * row], share) - view.x) * view.scale;
    const top = (lerp(before[2 * row + 1], after[2 * row + 1], share) - view.y) * view.scale;
    const far = (left - x) ** 2 + (top - y) ** 2;
    if (far < least && isShown(people.colour[row])) {
      least = far;
      best = row;
    }
  }
  return best;
}
