// People at one place stand around it in a spiral, so that a crowd looks like one.

/** The golden angle, in radians: no two of a crowd stand in one direction. */
const ANGLE = 2.39996;

/**
 * Return where to draw people, in units, x and y by turns. Those who travel stay on their way.
 *
 * @param {Uint16Array} points x and y by turns.
 * @param {Uint8Array} doing Row of the activities of each person.
 * @param {number} travel The doing that stands for being under way.
 * @param {number} gap Between neighbours in a crowd, in units.
 */
export function spread(points, doing, travel, gap) {
  /** @type {Map<number, number>} */
  const ranks = new Map();
  const spots = new Float32Array(points);
  for (let row = 0; row < doing.length; row++) {
    if (doing[row] === travel) continue;
    const place = points[2 * row] * 65536 + points[2 * row + 1];
    const rank = ranks.get(place) ?? 0;
    ranks.set(place, rank + 1);
    const radius = gap * Math.sqrt(rank);
    spots[2 * row] = points[2 * row] + radius * Math.cos(ANGLE * rank);
    spots[2 * row + 1] = points[2 * row + 1] + radius * Math.sin(ANGLE * rank);
  }
  return spots;
}
