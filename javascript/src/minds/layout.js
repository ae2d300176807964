// Where people of a network stand: by forces, or by the time at which they heard something.

/** @import { NetEdge, NetNode } from "./traits.js" */

import { clamp } from "../shared/numbers.js";

/** @typedef {{ x: number, y: number }} Spot In [0, 1], from the upper left. */

const STEPS = 160;
/** Spots keep this far from the edges. */
const MARGIN = 0.06;
/** How strongly all are pulled to the middle. */
const GRAVITY = 4;
const MIDDLE = { x: 0.5, y: 0.5 };
/** An angle that spreads points evenly over a disc. */
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/**
 * Place people by forces: all push each other away, ties pull together (Fruchterman and Reingold, 1991).
 *
 * The person whom it is about stays in the middle. It is the same each time.
 *
 * @param {NetNode[]} nodes
 * @param {NetEdge[]} edges
 * @param {Map<number, Spot>} before Where people stood the last time.
 * @returns {Map<number, Spot>}
 */
export function forceLayout(nodes, edges, before) {
  const spots = nodes.map((node, at) => startOf(node, at, nodes.length, before.get(node.id)));
  const rows = new Map(nodes.map(({ id }, at) => [id, at]));
  const links = edges.map(({ from, to, weight }) => ({ a: rows.get(from), b: rows.get(to), weight }))
    .filter((one) => one.a !== undefined && one.b !== undefined);
  const known = nodes.filter(({ id, own }) => (own ? isMiddle(before.get(id)) : before.has(id))).length;
  const steps = known === nodes.length ? 0 : STEPS;
  const ideal = Math.sqrt(0.7 / Math.max(nodes.length, 1));
  for (let step = 0; step < steps; step++) {
    const moves = spots.map(() => ({ x: 0, y: 0 }));
    pushApart(spots, moves, ideal);
    for (const { a, b, weight } of links) pull(spots, moves, [Number(a), Number(b)], weight / ideal);
    pullInwards(spots, moves);
    move(spots, moves, nodes, 0.08 * (1 - step / steps));
  }
  return new Map(nodes.map(({ id }, at) => [id, spots[at]]));
}

/** @param {Spot | undefined} spot */
function isMiddle(spot) {
  return spot?.x === MIDDLE.x && spot.y === MIDDLE.y;
}

/**
 * @param {NetNode} node
 * @param {number} at
 * @param {number} count
 * @param {Spot | undefined} before
 * @returns {Spot}
 */
function startOf({ own }, at, count, before) {
  if (own) return { ...MIDDLE };
  // The middle may be somebody else's now.
  if (before && !isMiddle(before)) return { ...before };
  const far = 0.42 * Math.sqrt((at + 0.5) / count);
  return { x: 0.5 + far * Math.cos(at * GOLDEN), y: 0.5 + far * Math.sin(at * GOLDEN) };
}

/**
 * @param {Spot[]} spots
 * @param {Spot[]} moves They are changed.
 * @param {number} ideal Distance at which pushing and pulling are equal.
 */
function pushApart(spots, moves, ideal) {
  for (let a = 0; a < spots.length; a++) {
    for (let b = a + 1; b < spots.length; b++) {
      const [x, y] = [spots[a].x - spots[b].x, spots[a].y - spots[b].y];
      const square = Math.max(x * x + y * y, 1e-5);
      const force = (ideal * ideal) / square;
      moves[a].x += x * force;
      moves[a].y += y * force;
      moves[b].x -= x * force;
      moves[b].y -= y * force;
    }
  }
}

/**
 * @param {Spot[]} spots
 * @param {Spot[]} moves They are changed.
 * @param {[number, number]} ends
 * @param {number} strength
 */
function pull(spots, moves, [a, b], strength) {
  const [x, y] = [spots[b].x - spots[a].x, spots[b].y - spots[a].y];
  const force = 0.8 * strength * Math.hypot(x, y);
  moves[a].x += x * force;
  moves[a].y += y * force;
  moves[b].x -= x * force;
  moves[b].y -= y * force;
}

/**
 * Pull everybody to the middle a little, so that groups that know nobody else stay in sight.
 *
 * @param {Spot[]} spots
 * @param {Spot[]} moves They are changed.
 */
function pullInwards(spots, moves) {
  spots.forEach(({ x, y }, at) => {
    moves[at].x += GRAVITY * (0.5 - x);
    moves[at].y += GRAVITY * (0.5 - y);
  });
}

/**
 * @param {Spot[]} spots They are changed.
 * @param {Spot[]} moves
 * @param {NetNode[]} nodes
 * @param {number} most Longest way in one step.
 */
function move(spots, moves, nodes, most) {
  spots.forEach((spot, at) => {
    if (nodes[at].own) return;
    const { x, y } = moves[at];
    const share = Math.min(most / Math.max(Math.hypot(x, y), 1e-9), 1);
    spot.x = clamp(spot.x + x * share, MARGIN, 1 - MARGIN);
    spot.y = clamp(spot.y + y * share, MARGIN, 1 - MARGIN);
  });
}

/**
 * Place people who heard something: in the order of time from left to right, whoever told them
 * beside them.
 *
 * @param {NetNode[]} nodes In the order in which they heard it.
 * @param {NetEdge[]} edges From who told to who heard.
 * @returns {Map<number, Spot>}
 */
export function timeLayout(nodes, edges) {
  const tellers = new Map(edges.map((edge) => [edge.to, edge.from]));
  const known = new Set(nodes.map(({ id }) => id));
  /** @type {Map<number, number[]>} */
  const told = new Map();
  /** @type {number[]} */
  const first = [];
  for (const { id } of nodes) {
    const teller = tellers.get(id);
    if (teller === undefined || !known.has(teller) || teller === id) first.push(id);
    else told.set(teller, [...(told.get(teller) ?? []), id]);
  }
  const order = inOrder(first, told);
  // By rank: one who heard late would push all others to the left.
  const moments = [...new Set(nodes.map(({ minute }) => minute))].sort((a, b) => a - b);
  const ranks = new Map(nodes.map(({ id, minute }) => [id, moments.indexOf(minute)]));
  const last = Math.max(moments.length - 1, 1);
  return new Map(order.map((id, at) => [id, {
    x: MARGIN + (1 - 2 * MARGIN) * ((ranks.get(id) ?? 0) / last),
    y: MARGIN + (1 - 2 * MARGIN) * ((at + 0.5) / Math.max(order.length, 1)),
  }]));
}

/**
 * Return people so that all whom somebody told follow that person.
 *
 * @param {number[]} first Whom nobody told.
 * @param {Map<number, number[]>} told
 */
function inOrder(first, told) {
  /** @type {Set<number>} */
  const found = new Set();
  const open = [...first].reverse();
  while (open.length) {
    const id = Number(open.pop());
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(told.get(id) ?? []).toReversed());
  }
  // Those who told each other in a circle come last.
  for (const id of [...told.values()].flat()) found.add(id);
  return [...found];
}
