// Where labels can be written without covering one another, or what they must leave free.

/** @import { BoxGrid } from "./box_grid.js" */

/** @typedef {{ left: number, top: number, width: number, height: number }} Box In pixels. */
/** @typedef {{ x: number, y: number, width: number }} Label What it names, and its own width. */

/**
 * Find room for labels, in their order: to the right of what they name, to the left, above or
 * below. A label without room is left out.
 *
 * @param {Label[]} labels
 * @param {{ height: number, gap: number }} look Height of a line; distance from what is named.
 * @param {BoxGrid} grid What is taken; the labels that found room are added.
 * @returns {(Box | null)[]}
 */
export function placedLabels(labels, { height, gap }, grid) {
  return labels.map((label) => {
    const found = placesOf(label, height, gap).find((box) => grid.isFree(box));
    if (found) grid.take(found);
    return found ?? null;
  });
}

/**
 * Return the box of a label in the middle of what it names.
 *
 * @param {Label} label
 * @param {number} height
 * @returns {Box}
 */
export function centredBox({ x, y, width }, height) {
  return { left: x - width / 2, top: y - height / 2, width, height };
}

/**
 * Cut a name into two lines of about the same length at a space, or leave it in one.
 *
 * @param {string} name
 * @param {number} most Letters that stay in one line.
 */
export function twoLines(name, most) {
  if (name.length <= most) return [name];
  const middle = name.length / 2;
  const spaces = Array.from(name.matchAll(/ /g), ({ index }) => index);
  if (!spaces.length) return [name];
  const cut = spaces.reduce(
    (best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best));
  return [name.slice(0, cut), name.slice(cut + 1)];
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
