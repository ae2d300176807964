// Streets, rails and rivers of the base map, and those of one name put together.

import { boxOf, startsOf } from "./areas.js";

/**
 * @typedef {object} Lines
 * @property {number} count
 * @property {Uint16Array} points x and y by turns, in units.
 * @property {Uint32Array} start Where each line begins among the points, and where the last ends.
 * @property {Uint8Array} kinds
 * @property {Uint16Array} boxes Left, top, right and bottom of each line, in units.
 * @property {number[][]} ofKind Rows of each kind.
 */
/**
 * @typedef {object} Street Lines of one kind and name that follow one another.
 * @property {string} name
 * @property {number} kind
 * @property {Uint16Array} points x and y by turns, in units.
 * @property {number} length In units.
 * @property {Uint16Array} box Left, top, right and bottom, in units.
 */

/**
 * @param {object} sent
 * @param {Uint16Array} sent.points
 * @param {ArrayLike<number>} sent.sizes Points of each line.
 * @param {Uint8Array} sent.kinds
 * @returns {Lines}
 */
export function linesOf({ points, sizes, kinds }) {
  const start = startsOf(sizes, 2);
  const boxes = new Uint16Array(4 * kinds.length);
  /** @type {number[][]} */
  const ofKind = [];
  kinds.forEach((kind, row) => {
    boxes.set(boxOf(points, start[row], start[row + 1]), 4 * row);
    (ofKind[kind] ??= []).push(row);
  });
  return { count: kinds.length, points, start, kinds, boxes, ofKind };
}

/**
 * Put lines of the same kind and name together where they meet, so that a name has room that no
 * single piece between two junctions has. The longest come first.
 *
 * @param {Lines} lines
 * @param {ArrayLike<number>} nameRows Row of the name of each line, plus one; 0 for none.
 * @param {string[]} names
 * @returns {Street[]}
 */
export function streetsOf(lines, nameRows, names) {
  /** @type {Map<number, number[]>} */
  const groups = new Map();
  for (let row = 0; row < lines.count; row++) {
    if (!nameRows[row]) continue;
    const key = nameRows[row] * 256 + lines.kinds[row];
    const rows = groups.get(key) ?? [];
    if (!rows.length) groups.set(key, rows);
    rows.push(row);
  }
  return [...groups.values()]
    .flatMap((rows) => chained(lines, rows).map((points) => ({
      name: names[nameRows[rows[0]] - 1] ?? "", kind: lines.kinds[rows[0]], points,
      length: lengthOf(points), box: Uint16Array.from(boxOf(points, 0, points.length)),
    })))
    .filter(({ name }) => name)
    .sort((one, other) => other.length - one.length);
}

/**
 * @param {Lines} lines
 * @param {number[]} rows
 */
function chained({ points, start }, rows) {
  const pieces = rows.map((row) => Array.from(points.subarray(start[row], start[row + 1])));
  /** @type {Map<number, Set<number>>} */
  const meeting = new Map();
  pieces.forEach((piece, at) => {
    for (const end of endsOf(piece)) meeting.set(end, (meeting.get(end) ?? new Set()).add(at));
  });
  const isUsed = new Uint8Array(pieces.length);
  const chains = [];
  for (let at = 0; at < pieces.length; at++) {
    if (isUsed[at]) continue;
    isUsed[at] = 1;
    const forwards = extended(pieces[at], pieces, meeting, isUsed);
    chains.push(Uint16Array.from(extended(reversed(forwards), pieces, meeting, isUsed)));
  }
  return chains;
}

/**
 * Go on from the end of a chain as long as there are pieces that begin or end there.
 *
 * @param {number[]} chain
 * @param {number[][]} pieces
 * @param {Map<number, Set<number>>} meeting Pieces by their ends.
 * @param {Uint8Array} isUsed Changed: 1 for the pieces that are in a chain.
 */
function extended(chain, pieces, meeting, isUsed) {
  const longer = [...chain];
  for (;;) {
    const [, end] = endsOf(longer);
    const next = [...(meeting.get(end) ?? [])].find((one) => !isUsed[one]);
    if (next === undefined) return longer;
    isUsed[next] = 1;
    const piece = endsOf(pieces[next])[0] === end ? pieces[next] : reversed(pieces[next]);
    for (let at = 2; at < piece.length; at++) longer.push(piece[at]);
  }
}

/** @param {number[]} piece */
function endsOf(piece) {
  const last = piece.length - 2;
  return [piece[0] * 65536 + piece[1], piece[last] * 65536 + piece[last + 1]];
}

/** @param {number[]} points */
function reversed(points) {
  const turned = [];
  for (let at = points.length - 2; at >= 0; at -= 2) turned.push(points[at], points[at + 1]);
  return turned;
}

/** @param {Uint16Array} points */
function lengthOf(points) {
  let length = 0;
  for (let at = 2; at < points.length; at += 2) {
    length += Math.hypot(points[at] - points[at - 2], points[at + 1] - points[at - 1]);
  }
  return length;
}
