// Whom people know, and who told whom, at a minute of a replayed run.

/** @import { NetData } from "../minds/traits.js" */
/** @import { Minds, Run } from "./run.js" */

import { tiesAt } from "./minds.js";
import { kindOf, talksNet, threadNet, toldNet } from "./told_at.js";

/** So many of those closest to somebody are shown at most. */
const NEAR = 24;
/** So many messages and posts are offered, by so many letters. */
const OFFERED = 12;
const LETTERS = 48;
const MESSAGE = "message:";
const POST = "post:";

/**
 * Return whom a person knows, who talked with whom, or who told whom.
 *
 * @param {Run} run
 * @param {string} choice
 * @param {number} selected
 * @param {number} minute
 * @returns {NetData}
 */
export function networkAt(run, choice, selected, minute) {
  const choices = choicesOf(run, selected);
  const key = choices.some(([one]) => one === choice) ? choice : choices[0][0];
  const empty = {
    choices, choice: key, groups: [], group: "", timed: false, nodes: [], edges: [], summary: "",
    span: /** @type {NetData["span"]} */ ({ from: 0, to: 0, labels: ["", ""] }),
    hint: "Nobody is here yet: let the run play on, or select somebody on the map.",
  };
  return { ...empty, ...netOf(run, key, selected, minute) };
}

/**
 * @param {Run} run
 * @param {string} key
 * @param {number} selected
 * @param {number} minute
 */
function netOf(run, key, selected, minute) {
  if (key === "ties") return tiesNet(run, selected, minute);
  if (key === "talks") return talksNet(run, minute);
  const number = Number(key.slice(key.indexOf(":") + 1));
  return key.startsWith(MESSAGE) ? toldNet(run, number, minute) : threadNet(run, number, minute);
}

/**
 * @param {Run} run
 * @param {number} selected
 * @returns {[string, string][]} Keys and labels.
 */
function choicesOf({ payload: { names }, minds }, selected) {
  const known = /** @type {Minds} */ (minds);
  const { tables: { feed, posts }, texts } = known;
  const kind = kindOf(known, "messages");
  const messages = most(feed.thread, (row) => feed.kind[row] === kind);
  const threads = posts ? most(posts.root, () => true) : [];
  return [
    ...(selected < 0 ? [] : [/** @type {[string, string]} */ (["ties", `Whom ${names[selected]} knows`])]),
    ["talks", "Who talked with whom in the last 24 hours"],
    ...messages.map(([number, row]) => /** @type {[string, string]} */ ([
      `${MESSAGE}${number}`, `Who told whom: ${shortened(texts[feed.title[row]].replace(/^[^:]*: /, ""))}`])),
    ...threads.map(([number, row]) => /** @type {[string, string]} */ ([
      `${POST}${number}`, `Who passed on post ${number}: ${shortened(texts[posts.topic[row]])}`])),
  ];
}

/**
 * Return the numbers that are there most often, and more than once, with the first row of each.
 *
 * @param {ArrayLike<number>} numbers
 * @param {(row: number) => boolean} isCounted
 * @returns {[number, number][]}
 */
function most(numbers, isCounted) {
  /** @type {Map<number, { count: number, row: number }>} */
  const counts = new Map();
  for (let row = 0; row < numbers.length; row++) {
    if (!isCounted(row)) continue;
    const before = counts.get(numbers[row]) ?? { count: 0, row };
    counts.set(numbers[row], { ...before, count: before.count + 1 });
  }
  return [...counts].filter(([, { count }]) => count > 1).sort(([, a], [, b]) => b.count - a.count)
    .slice(0, OFFERED).map(([number, { row }]) => [number, row]);
}

/** @param {string} text */
function shortened(text) {
  return text.length <= LETTERS ? text : `${text.slice(0, LETTERS - 1)}…`;
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
