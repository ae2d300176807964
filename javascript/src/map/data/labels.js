// Which labels can be written without covering one another.

/** @typedef {{ x: number, y: number, width: number }} LabelBox Left end and middle, in pixels. */

/**
 * Choose labels in their order: one is free if no chosen one lies across it.
 *
 * @param {LabelBox[]} boxes
 * @param {number} height Of a line, in pixels.
 * @returns {boolean[]}
 */
export function freeLabels(boxes, height) {
  /** @type {LabelBox[]} */
  const taken = [];
  return boxes.map((box) => {
    const isFree = taken.every((other) => isApart(box, other, height));
    if (isFree) taken.push(box);
    return isFree;
  });
}

/**
 * @param {LabelBox} one
 * @param {LabelBox} other
 * @param {number} height
 */
function isApart(one, other, height) {
  return (
    Math.abs(one.y - other.y) > height ||
    one.x + one.width < other.x ||
    other.x + other.width < one.x
  );
}
