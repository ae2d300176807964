// Who talked with whom, who told whom, and who passed on a post, by a minute of a replayed run.

/** @import { NetData, NetEdge, NetNode } from "../minds/traits.js" */
/** @import { Column, Minds, Run } from "./run.js" */

import { whenOf } from "./feed_at.js";
import { lowerBound } from "./minds.js";
import { counted, grouped } from "../shared/numbers.js";
import { DAY } from "../shared/time.js";

/** So many of those who talk, and of those who hear something and of posts, are drawn at most. */
const TALKING = 60;
const TOLD = 150;
/** Code of an unknown person. */
const NOBODY = -1;
/** Tone of each of the words of a talk, by their codes: none, positive, negative. */
const TONES = [0, 1, -1];

/** @typedef {Set<number> | null} Members Rows of those among whom it is; null for everybody. */
/** @typedef {Pick<NetData, "nodes" | "edges" | "summary"> & Partial<NetData>} Net */

/**
 * Return the number of a kind of row in the feed.
 *
 * @param {Minds} minds
 * @param {string} kind
 */
export function kindOf({ payload }, kind) {
  return payload.kinds.findIndex(([key]) => key === kind);
}

/**
 * Return who talked with whom in the 24 hours before a minute.
 *
 * @param {Run} run
 * @param {number} minute
 * @param {Members} members
 * @returns {Net}
 */
export function talksNet({ payload: { ids, names }, minds }, minute, members) {
  const known = /** @type {Minds} */ (minds);
  const pairs = talksOf(known, minute, members);
  /** @type {Map<number, number>} */
  const busy = new Map();
  for (const { ends, count } of pairs) for (const one of ends) busy.set(one, (busy.get(one) ?? 0) + count);
  const ranked = [...busy].sort(([a, one], [b, other]) => other - one || a - b).slice(0, TALKING);
  const shown = new Set(ranked.map(([person]) => person));
  const most = Math.max(...pairs.map(({ count }) => count), 1);
  const edges = pairs.filter(({ ends }) => ends.every((one) => shown.has(one)))
    .map(({ ends: [one, other], count, tone }) => ({
      from: ids[one], to: ids[other], weight: count / most, tone: tone / count,
      note: counted(count, "talk", "talks"),
    }));
  const nodes = [...shown].sort((a, b) => a - b).map((person) => ({
    id: ids[person], name: names[person], note: counted(busy.get(person) ?? 0, "talk", "talks"),
    tone: 0, own: false, minute: 0,
  }));
  const total = counted(pairs.reduce((sum, { count }) => sum + count, 0), "talk", "talks");
  return { nodes, edges, summary: `${total}; the ${nodes.length} people who talked most are shown.` };
}

/**
 * Count talks by pair.
 *
 * @param {Minds} minds
 * @param {number} minute
 * @param {Members} members
 */
function talksOf(minds, minute, members) {
  const { feed } = minds.tables;
  const kind = kindOf(minds, "conversations");
  /** @type {Map<string, { ends: number[], count: number, tone: number }>} */
  const pairs = new Map();
  for (let row = lowerBound(feed.time, minute - DAY); row < lowerBound(feed.time, minute); row++) {
    if (feed.kind[row] !== kind || feed.other[row] < 0) continue;
    const ends = [feed.person[row], feed.other[row]].sort((a, b) => a - b);
    if (!ends.every((one) => isAmong(members, one))) continue;
    const pair = pairs.get(ends.join()) ?? { ends, count: 0, tone: 0 };
    pair.count += 1;
    pair.tone += TONES[feed.tone[row]] ?? 0;
    pairs.set(ends.join(), pair);
  }
  return [...pairs.values()];
}

/**
 * Return who told whom of a message.
 *
 * @param {Run} run
 * @param {number} message
 * @param {number} minute
 * @param {Members} members
 * @returns {Net}
 */
export function toldNet({ payload: { ids, names, days }, minds }, message, minute, members) {
  const { feed } = /** @type {Minds} */ (minds).tables;
  const heard = heardRows(/** @type {Minds} */ (minds), message, minute, members);
  const rows = heard.slice(0, TOLD);
  const toneOf = (/** @type {number} */ row) => (feed.tone[row] ? -1 : 1);
  const nodes = rows.map((row) => ({
    id: ids[feed.person[row]], name: names[feed.person[row]], tone: toneOf(row), own: false,
    note: whenOf(feed.time[row], days), minute: feed.time[row],
  }));
  const edges = rows.filter((row) => feed.other[row] >= 0).map((row) => ({
    from: ids[feed.other[row]], to: ids[feed.person[row]], tone: toneOf(row), weight: 0.4, note: "told",
  }));
  const people = counted(heard.length, "person", "people");
  const fromOthers = grouped(heard.filter((row) => feed.other[row] >= 0).length);
  const summary = `${people} heard it, ${fromOthers} of them from others${drawnOf(heard)}.`;
  return timed({ nodes, edges, summary, hint: "Nobody has heard it yet." }, days);
}

/**
 * Return the rows in which people heard a message first, in the order of time.
 *
 * @param {Minds} minds
 * @param {number} message
 * @param {number} minute
 * @param {Members} members
 */
function heardRows(minds, message, minute, members) {
  const { feed } = minds.tables;
  const kind = kindOf(minds, "messages");
  /** @type {Map<number, number>} */
  const heard = new Map();
  for (let row = 0; row < feed.time.length && feed.time[row] < minute; row++) {
    const isIt = feed.kind[row] === kind && feed.thread[row] === message
      && isAmong(members, feed.person[row]);
    if (isIt && !heard.has(feed.person[row])) heard.set(feed.person[row], row);
  }
  return [...heard.values()];
}

/**
 * Return who passed on or answered a post.
 *
 * @param {Run} run
 * @param {number} root Number of the first post.
 * @param {number} minute
 * @param {Members} members
 * @returns {Net}
 */
export function threadNet({ payload: { ids, names, days }, minds }, root, minute, members) {
  const { tables: { posts }, texts } = /** @type {Minds} */ (minds);
  const written = postsOf(posts, root, minute, members);
  /** @type {Map<number, NetNode>} */
  const nodes = new Map();
  /** @type {NetEdge[]} */
  const edges = [];
  for (const { row, person, teller } of written.slice(0, TOLD).filter((post) => post.person >= 0)) {
    const [kind, tone, at] = [texts[posts.kind[row]], posts.stance[row] / 100, posts.time[row]];
    const note = `${kind} at ${whenOf(at, days)}`;
    const node = { id: ids[person], name: names[person], note, tone, own: false, minute: at };
    if (!nodes.has(person)) nodes.set(person, node);
    if (teller < 0 || teller === person) continue;
    edges.push({ from: ids[teller], to: ids[person], weight: 0.4, tone, note: kind });
  }
  const count = counted(written.length, "post", "posts");
  const writers = new Set(written.map(({ person }) => person).filter((person) => person >= 0));
  const summary = `${count} of ${counted(writers.size, "person", "people")}${drawnOf(written)}.`;
  return timed({ nodes: [...nodes.values()], edges, summary, hint: "It is not written yet." }, days);
}

/**
 * Return the posts of a thread, with who wrote each and who wrote the one that it answers.
 *
 * @param {Record<string, Column>} posts
 * @param {number} root Number of the first post.
 * @param {number} minute
 * @param {Members} members
 */
function postsOf(posts, root, minute, members) {
  /** @type {Map<number, number>} */
  const writers = new Map();
  const found = [];
  for (let row = 0; row < posts.time.length && posts.time[row] < minute; row++) {
    if (posts.root[row] !== root) continue;
    const [person, teller] = [posts.person[row], writers.get(posts.parent[row]) ?? NOBODY];
    writers.set(posts.post[row], person);
    if (isAmong(members, person)) found.push({ row, person, teller });
  }
  return found;
}

/**
 * Say how many are drawn, if not all are.
 *
 * @param {unknown[]} all
 */
function drawnOf(all) {
  return all.length > TOLD ? `; the first ${TOLD} are drawn` : "";
}

/**
 * Tell whether somebody is among those of whom a network is; nobody is only among everybody.
 *
 * @param {Members} members
 * @param {number} person Row.
 */
function isAmong(members, person) {
  return members === null || members.has(person);
}

/**
 * Lay a network out by time.
 *
 * @param {Net} net
 * @param {number} days Length of the run.
 * @returns {Net}
 */
function timed(net, days) {
  const [from, to] = [net.nodes[0]?.minute ?? 0, net.nodes.at(-1)?.minute ?? 0];
  const labels = /** @type {[string, string]} */ ([whenOf(from, days), whenOf(to, days)]);
  return {
    ...net, timed: true, span: { from, to, labels },
    summary: `${net.summary} Time goes from left to right.`,
  };
}
