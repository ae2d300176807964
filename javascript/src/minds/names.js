// Which names of a network are written: none covers another.

/** @import { NetData, NetNode } from "./traits.js" */

/** @typedef {{ x: number, y: number, isLeft: boolean }} Beside A dot, in pixels, and on which side. */
/** @typedef {Beside & { text: string }} Name */

/** Of more people, only the name of whom it is about is written. */
export const NAMED = 45;

/** What a name takes, in pixels: a letter, a sign as wide as high, a line, and up to its dot. */
const LETTER = 7;
const WIDE_SIGN = 13;
const LINE = 13;
const GAP = 11;
/** Signs from here on, such as Chinese ones, are as wide as high. */
const WIDE_FROM = 0x2e80;

/**
 * Return the ids of those whose names are written: of whom it is about, and of those with the most
 * lines before others.
 *
 * @param {Pick<NetData, "nodes" | "edges">} data
 * @param {(node: NetNode) => Beside} beside Returns where the name of somebody stands.
 */
export function namedIn({ nodes, edges }, beside) {
  /** @type {Map<number, number>} */
  const lines = new Map();
  for (const id of edges.flatMap(({ from, to }) => [from, to])) lines.set(id, (lines.get(id) ?? 0) + 1);
  const ranked = nodes.filter(({ own }) => own || nodes.length <= NAMED).sort((a, b) =>
    Number(b.own) - Number(a.own) || (lines.get(b.id) ?? 0) - (lines.get(a.id) ?? 0));
  const rows = readable(ranked.map((node) => ({ ...beside(node), text: node.name })));
  return new Set(ranked.filter((_, row) => rows.has(row)).map(({ id }) => id));
}

/**
 * Return the rows of the names that can be written, the first before the others.
 *
 * @param {Name[]} names
 * @returns {Set<number>}
 */
export function readable(names) {
  /** @type {Map<number, { left: number, right: number, y: number }>} */
  const written = new Map();
  names.forEach((name, row) => {
    const box = boxOf(name);
    const isFree = [...written.values()].every((one) =>
      one.right <= box.left || one.left >= box.right || Math.abs(one.y - box.y) >= LINE);
    if (isFree) written.set(row, box);
  });
  return new Set(written.keys());
}

/** @param {Name} name */
function boxOf({ x, y, text, isLeft }) {
  const signs = [...text].map((sign) => ((sign.codePointAt(0) ?? 0) < WIDE_FROM ? LETTER : WIDE_SIGN));
  const width = signs.reduce((sum, one) => sum + one, 0);
  const [left, right] = isLeft ? [x - GAP - width, x - GAP] : [x + GAP, x + GAP + width];
  return { left, right, y };
}
