// Where labels can be written without covering one another, or what they must leave free.

/** Longer than any map, in pixels. */
const FAR = 1e6;

/** @typedef {{ left: number, top: number, width: number, height: number }} Box In pixels. */
/** @typedef {{ x: number, y: number, width: number }} Label What it names, and its own width. */

/**
 * Find room for labels, in their order: to the right of what they name, to the left, above or
 * below. A label without room is left out.
 *
 * @param {Label[]} labels
 * @param {{ height: number, gap: number }} look Height of a line; distance from what is named.
 * @param {Box[]} taken What the labels leave free, in pixels.
 * @returns {(Box | null)[]}
 */
export function placedLabels(labels, { height, gap }, taken) {
  const covered = [...taken];
  return labels.map((label) => {
    const found = placesOf(label, height, gap).find((box) => covered.every(isApartFrom(box)));
    if (found) covered.push(found);
    return found ?? null;
  });
}

/**
 * Return what lies outside a map, so that labels stay on it.
 *
 * @param {{ width: number, height: number }} size Of the map, in pixels.
 * @returns {Box[]}
 */
export function outside({ width, height }) {
  return [
    { left: -FAR, top: -FAR, width: FAR, height: 2 * FAR },
    { left: width, top: -FAR, width: FAR, height: 2 * FAR },
    { left: -FAR, top: -FAR, width: 2 * FAR, height: FAR },
    { left: -FAR, top: height, width: 2 * FAR, height: FAR },
  ];
}

/**
 * @param {Label} label
 * @param {number} height
 * @param {number} gap
 * @returns {Box[]}
 */
function placesOf({ x, y, width }, height, gap) {
  const aside = y - height / 2;
  return [
    { left: x + gap, top: aside, width, height },
    { left: x - gap - width, top: aside, width, height },
    { left: x - width / 2, top: y - gap - height, width, height },
    { left: x - width / 2, top: y + gap, width, height },
  ];
}

/** @param {Box} one */
function isApartFrom(one) {
  /** @param {Box} other */
  return (other) =>
    one.left + one.width <= other.left ||
    other.left + other.width <= one.left ||
    one.top + one.height <= other.top ||
    other.top + other.height <= one.top;
}
