// Where the letters of a name stand along a line.

/** @import { Box } from "./labels.js" */

/** A name may turn by this much from one letter to the next, and from the first to the last. */
const MOST_STEP = 0.5;
const MOST_TURN = 1.1;
/** Letters of these scripts are joined or stand in another order: such a name is one piece. */
const JOINED = /[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\ufb1d-\ufefc]/u;

/** @typedef {{ text: string, x: number, y: number, angle: number, width: number }} Piece */

/**
 * Cut a name into pieces that can be turned on their own.
 *
 * @param {string} name
 */
export function piecesOf(name) {
  return JOINED.test(name) ? [name] : Array.from(name);
}

/**
 * Return where the pieces of a name stand along a line, null where it turns too sharply.
 *
 * The name is read from left to right, whichever way the line goes.
 *
 * @param {number[]} line x and y by turns, in pixels.
 * @param {number} middle Of the name, in pixels along the line.
 * @param {{ text: string, width: number }[]} pieces
 * @returns {Piece[] | null} With the middle of each piece.
 */
export function lettersAlong(line, middle, pieces) {
  const width = pieces.reduce((sum, one) => sum + one.width, 0);
  const from = pointAt(line, middle - width / 2);
  const to = pointAt(line, middle + width / 2);
  if (!from || !to) return null;
  const isReversed = to.x < from.x;
  /** @type {Piece[]} */
  const found = [];
  let reached = 0;
  for (const { text, width: own } of pieces) {
    const along = reached + own / 2;
    const point = pointAt(line, middle + (isReversed ? width / 2 - along : along - width / 2));
    if (!point) return null;
    found.push({ text, width: own, ...point, angle: point.angle + (isReversed ? Math.PI : 0) });
    reached += own;
  }
  return isGentle(found) ? found : null;
}

/**
 * Return the box around a piece.
 *
 * @param {Piece} piece
 * @param {number} height
 * @returns {Box}
 */
export function boxAround({ x, y, angle, width }, height) {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [across, down] = [width * cos + height * sin, width * sin + height * cos];
  return { left: x - across / 2, top: y - down / 2, width: across, height: down };
}

/** @param {Piece[]} pieces */
function isGentle(pieces) {
  let turned = 0;
  for (let at = 1; at < pieces.length; at++) {
    const change = turnBetween(pieces[at - 1].angle, pieces[at].angle);
    turned += change;
    if (Math.abs(change) > MOST_STEP || Math.abs(turned) > MOST_TURN) return false;
  }
  return true;
}

/**
 * @param {number} before
 * @param {number} after
 */
function turnBetween(before, after) {
  return Math.atan2(Math.sin(after - before), Math.cos(after - before));
}

/**
 * Return the point at a distance along a line, and which way the line goes there.
 *
 * @param {number[]} line
 * @param {number} distance
 */
function pointAt(line, distance) {
  let left = distance;
  if (left < 0) return null;
  for (let at = 2; at < line.length; at += 2) {
    const [dx, dy] = [line[at] - line[at - 2], line[at + 1] - line[at - 1]];
    const length = Math.hypot(dx, dy);
    if (left <= length && length > 0) {
      const share = left / length;
      const [x, y] = [line[at - 2] + share * dx, line[at - 1] + share * dy];
      return { x, y, angle: Math.atan2(dy, dx) };
    }
    left -= length;
  }
  return null;
}
