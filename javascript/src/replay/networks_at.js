// Whom people know, and who told whom, at a minute of a replayed run.

/** @import { NetData } from "../minds/traits.js" */
/** @import { Focus } from "./focus.js" */
/** @import { Column, Minds, Run } from "./run.js" */
/** @import { Members, Net } from "./told_at.js" */

import { groupsOf, membersOf } from "./groups.js";
import { lowerBound } from "./minds.js";
import { circleNet, groupNet } from "./ties_at.js";
import { kindOf, talksNet, threadNet, toldNet } from "./told_at.js";

/** So many messages and posts are offered, by so many letters. */
const OFFERED = 12;
const LETTERS = 48;
const MESSAGE = "message:";
const POST = "post:";
const HINTS = {
  usual: "Nobody is here yet: let the run play on, or select somebody on the map.",
  group: "None of these people is in this network: choose others.",
};

/**
 * Return whom people know, who talked with whom, or who told whom.
 *
 * @param {Run} run
 * @param {{ choice: string, group: string }} wish Which network, and among whom.
 * @param {{ selected: number, minute: number, rows: Int32Array, focus: Focus }} moment
 * @returns {NetData}
 */
export function networkAt(run, wish, moment) {
  const { selected, minute, focus } = moment;
  const groups = groupsOf(run, selected, focus);
  const group = chosen(groups, wish.group);
  const members = membersOf(run, group, moment);
  const choices = choicesOf(run, { selected, minute, members });
  const choice = chosen(choices, wish.choice);
  const empty = {
    choices, choice, groups, group, timed: false, nodes: [], edges: [], summary: "",
    span: /** @type {NetData["span"]} */ ({ from: 0, to: 0, labels: ["", ""] }),
    hint: HINTS.usual,
  };
  const net = netOf(run, choice, { selected, minute, members });
  const summary = net.nodes.length ? net.summary : "";
  return { ...empty, ...net, summary, ...(members ? { hint: HINTS.group } : {}) };
}

/**
 * Return a key if it is offered, or else the first that is.
 *
 * @param {[string, string][]} offered Keys and labels.
 * @param {string} key
 */
function chosen(offered, key) {
  return offered.some(([one]) => one === key) ? key : offered[0][0];
}

/**
 * @param {Run} run
 * @param {string} key
 * @param {{ selected: number, minute: number, members: Members }} whom
 * @returns {Net}
 */
function netOf(run, key, { selected, minute, members }) {
  if (key === "ties") {
    return members ? groupNet(run, members, selected, minute) : circleNet(run, selected, minute);
  }
  if (key === "talks") return talksNet(run, minute, members);
  const number = Number(key.slice(key.indexOf(":") + 1));
  const made = key.startsWith(MESSAGE) ? toldNet : threadNet;
  return made(run, number, minute, members);
}

/**
 * Return the networks there are; messages and posts as far as they are known by then.
 *
 * @param {Run} run
 * @param {{ selected: number, minute: number, members: Members }} whom
 * @returns {[string, string][]} Keys and labels.
 */
function choicesOf({ payload: { names }, minds }, { selected, minute, members }) {
  const known = /** @type {Minds} */ (minds);
  const { tables: { feed, posts, ties }, texts } = known;
  const kind = kindOf(known, "messages");
  const messages = most(before(feed.thread, feed.time, minute), (row) => feed.kind[row] === kind);
  const threads = posts ? most(before(posts.root, posts.time, minute), () => true) : [];
  const label = members ? "Who knows whom" : `Whom ${names[selected]} knows`;
  return [
    ...(ties && (members || selected >= 0) ? [/** @type {[string, string]} */ (["ties", label])] : []),
    ["talks", "Who talked with whom in the last 24 hours"],
    ...messages.map(([number, row]) => /** @type {[string, string]} */ ([
      `${MESSAGE}${number}`, `Who told whom: ${shortened(texts[feed.title[row]].replace(/^[^:]*: /, ""))}`])),
    ...threads.map(([number, row]) => /** @type {[string, string]} */ ([
      `${POST}${number}`, `Who passed on post ${number}: ${shortened(texts[posts.topic[row]])}`])),
  ];
}

/**
 * Return the numbers of the rows that were written before a minute.
 *
 * @param {Column} numbers
 * @param {Column} time Rising.
 * @param {number} minute
 */
function before(numbers, time, minute) {
  return numbers.subarray(0, lowerBound(time, minute));
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
    const found = counts.get(numbers[row]) ?? { count: 0, row };
    counts.set(numbers[row], { ...found, count: found.count + 1 });
  }
  return [...counts].filter(([, { count }]) => count > 1).sort(([, a], [, b]) => b.count - a.count)
    .slice(0, OFFERED).map(([number, { row }]) => [number, row]);
}

/** @param {string} text */
function shortened(text) {
  return text.length <= LETTERS ? text : `${text.slice(0, LETTERS - 1)}…`;
}
