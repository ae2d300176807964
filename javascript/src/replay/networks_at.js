// Whom people know, and who told whom, at a minute of a replayed run.

/** @import { NetData } from "../minds/traits.js" */
/** @import { Minds, Run } from "./run.js" */

import { whenOf } from "./feed_at.js";
import { tiesAt } from "./minds.js";

/** So many people at most are shown: those closest to somebody, and those who heard a message. */
const NEAR = 24;
const HEARD = 150;
/** So many messages are offered, by so many letters. */
const OFFERED = 12;
const LETTERS = 48;

/**
 * Return whom a person knows, or who told whom of a message.
 *
 * @param {Run} run
 * @param {string} choice
 * @param {number} selected
 * @param {number} minute
 * @returns {NetData}
 */
export function networkAt(run, choice, selected, minute) {
  const { names } = run.payload;
  /** @type {[string, string][]} */
  const choices = selected < 0 ? [] : [["ties", `Whom ${names[selected]} knows`]];
  choices.push(...messagesOf(run));
  const key = choices.some(([one]) => one === choice) ? choice : choices[0]?.[0] ?? "";
  const empty = {
    choices, choice: key, groups: [], group: "", timed: false, nodes: [], edges: [], summary: "",
    span: /** @type {NetData["span"]} */ ({ from: 0, to: 0, labels: ["", ""] }),
    hint: "Select somebody on the map to see whom they know.",
  };
  if (!key) return empty;
  const net = key === "ties" ? tiesNet(run, selected, minute) : toldNet(run, Number(key), minute);
  return { ...empty, ...net };
}

/**
 * Return the messages that were told most, as keys and labels.
 *
 * @param {Run} run
 * @returns {[string, string][]}
 */
function messagesOf({ minds }) {
  const { payload, tables: { feed }, texts } = /** @type {Minds} */ (minds);
  const kind = payload.kinds.findIndex(([key]) => key === "messages");
  /** @type {Map<number, { count: number, row: number }>} */
  const counts = new Map();
  feed.kind.forEach((one, row) => {
    if (one !== kind) return;
    const before = counts.get(feed.thread[row]);
    counts.set(feed.thread[row], { count: (before?.count ?? 0) + 1, row: before?.row ?? row });
  });
  const most = [...counts].sort(([, a], [, b]) => b.count - a.count).slice(0, OFFERED);
  return most.map(([number, { row }]) => {
    const words = texts[feed.title[row]].replace(/^[^:]*: /, "");
    return [String(number), `Who told whom: ${words.slice(0, LETTERS)}`];
  });
}

/**
 * @param {Run} run
 * @param {number} selected
 * @param {number} minute
 */
function tiesNet({ payload: { ids, names }, minds }, selected, minute) {
  const known = /** @type {Minds} */ (minds);
  const near = tiesAt(known, selected, minute).slice(0, NEAR);
  const among = new Map(near.map(({ other }) => [other, tiesAt(known, other, minute)]));
  const own = { id: ids[selected], name: names[selected], note: "", tone: 0, own: true, minute: 0 };
  const nodes = near.map(({ other, relation, shares }) => ({
    id: ids[other], name: names[other], note: relation, tone: 2 * shares[0] - 1, own: false, minute: 0,
  }));
  const edges = near.map((tie) => edgeOf(ids[selected], ids, tie, 1));
  for (const [one, ties] of among) {
    edges.push(...ties.filter(({ other }) => one < other && among.has(other))
      .map((tie) => edgeOf(ids[one], ids, tie, 0.5)));
  }
  const summary = `${names[selected]} and the ${near.length} closest: blue is liked, red is not; `
    + "thicker lines are more familiar.";
  return { nodes: near.length ? [own, ...nodes] : [], edges, summary };
}

/**
 * @param {number} from Id.
 * @param {number[]} ids
 * @param {import("./minds.js").Tie} tie
 * @param {number} part Of the usual width.
 */
function edgeOf(from, ids, { other, relation, shares }, part) {
  return { from, to: ids[other], tone: 2 * shares[0] - 1, weight: part * shares[2], note: relation };
}

/**
 * @param {Run} run
 * @param {number} message
 * @param {number} minute
 */
function toldNet({ payload: { ids, names, days }, minds }, message, minute) {
  const { feed } = /** @type {Minds} */ (minds).tables;
  const rows = heardRows(/** @type {Minds} */ (minds), message, minute);
  const toneOf = (/** @type {number} */ row) => (feed.tone[row] ? -1 : 1);
  const nodes = rows.map((row) => ({
    id: ids[feed.person[row]], name: names[feed.person[row]], tone: toneOf(row), own: false,
    note: whenOf(feed.time[row], days), minute: feed.time[row],
  }));
  const edges = rows.filter((row) => feed.other[row] >= 0).map((row) => ({
    from: ids[feed.other[row]], to: ids[feed.person[row]], tone: toneOf(row), weight: 0.4, note: "told",
  }));
  const [from, to] = [nodes[0]?.minute ?? 0, nodes.at(-1)?.minute ?? 0];
  const labels = /** @type {[string, string]} */ ([whenOf(from, days), whenOf(to, days)]);
  const summary = `${rows.length} people heard it, ${edges.length} of them from others. `
    + "Time goes from left to right.";
  return { nodes, edges, summary, timed: true, span: { from, to, labels }, hint: "Nobody has heard it yet." };
}

/**
 * Return the rows in which people heard a message first, in the order of time.
 *
 * @param {Minds} minds
 * @param {number} message
 * @param {number} minute
 */
function heardRows({ payload, tables: { feed } }, message, minute) {
  const kind = payload.kinds.findIndex(([key]) => key === "messages");
  /** @type {Map<number, number>} */
  const heard = new Map();
  for (let row = 0; row < feed.time.length && feed.time[row] < minute; row++) {
    const isIt = feed.kind[row] === kind && feed.thread[row] === message;
    if (isIt && !heard.has(feed.person[row]) && heard.size < HEARD) heard.set(feed.person[row], row);
  }
  return [...heard.values()];
}
