// Whom people know at a minute of a replayed run: one person's circle, or those of a group.

/** @import { Minds, Run } from "./run.js" */
/** @import { Tie } from "./minds.js" */
/** @import { Net } from "./told_at.js" */
/** @import { NetEdge } from "../minds/traits.js" */

import { tiesAt } from "./minds.js";
import { counted } from "../shared/numbers.js";

/** So many of those closest to somebody are shown at most, and of a group. */
const NEAR = 24;
const AMONG = 60;
const LINES = "lines are blue where people like each other and red where they do not, and thicker "
  + "where they know each other well.";

/**
 * Return a person and those whom the person knows.
 *
 * @param {Run} run
 * @param {number} selected Row.
 * @param {number} minute
 * @returns {Net}
 */
export function circleNet(run, selected, minute) {
  const { payload: { ids, names }, minds } = run;
  const near = tiesAt(/** @type {Minds} */ (minds), selected, minute).slice(0, NEAR);
  const own = { id: ids[selected], name: names[selected], note: "", tone: 0, own: true, minute: 0 };
  const nodes = near.map(({ other, relation, shares }) => ({
    id: ids[other], name: names[other], note: relation, tone: 2 * shares[0] - 1, own: false, minute: 0,
  }));
  const edges = near.map((tie) => edgeOf(run, selected, tie, tie.relation, 1));
  const summary = `${names[selected]} and the ${near.length} closest: ${LINES}`;
  return {
    nodes: near.length ? [own, ...nodes] : [],
    edges: [...edges, ...edgesAmong(run, near.map(({ other }) => other), minute, 0.5)],
    summary,
  };
}

/**
 * Return the ties among the people of a group, of those with the most such ties.
 *
 * @param {Run} run
 * @param {Set<number>} members Rows.
 * @param {number} selected
 * @param {number} minute
 * @returns {Net}
 */
export function groupNet(run, members, selected, minute) {
  const { payload: { ids, names }, minds } = run;
  const known = knownAmong(/** @type {Minds} */ (minds), members, minute);
  const shown = [...known].sort(([, one], [, other]) => other - one).slice(0, AMONG)
    .map(([person]) => person).sort((a, b) => a - b);
  const nodes = shown.map((person) => ({
    id: ids[person], name: names[person], note: `knows ${known.get(person)} of them`,
    tone: 0, own: person === selected, minute: 0,
  }));
  return { nodes, edges: edgesAmong(run, shown, minute, 1), summary: summaryOf(members, known, shown) };
}

/**
 * @param {Set<number>} members
 * @param {Map<number, number>} known
 * @param {number[]} shown
 */
function summaryOf(members, known, shown) {
  const count = counted(members.size, "person", "people");
  const sample = known.size < members.size
    ? ` This file has the ties of ${known.size} of them, a sample.` : "";
  const few = shown.length < known.size ? ` The ${AMONG} who know most of them are shown.` : "";
  return `${count}: ${LINES}${sample}${few}`;
}

/**
 * Return how many of a group each of its people knows whose ties are in the file, by row.
 *
 * @param {Minds} minds
 * @param {Set<number>} members
 * @param {number} minute
 * @returns {Map<number, number>}
 */
function knownAmong(minds, members, minute) {
  const people = [...members].filter((one) => minds.people.has(one)).sort((a, b) => a - b);
  return new Map(people.map((person) => [
    person, tiesAt(minds, person, minute).filter(({ other }) => members.has(other)).length,
  ]));
}

/**
 * Return the ties among some people, each once, by `part` of their usual width.
 *
 * @param {Run} run
 * @param {number[]} people Rows.
 * @param {number} minute
 * @param {number} part
 * @returns {NetEdge[]}
 */
function edgesAmong(run, people, minute, part) {
  const { names } = run.payload;
  const left = new Set(people);
  return people.flatMap((one) => {
    left.delete(one);
    const ties = tiesAt(/** @type {Minds} */ (run.minds), one, minute);
    return ties.filter(({ other }) => left.has(other)).map((tie) =>
      edgeOf(run, one, tie, `${names[one]} and ${names[tie.other]}: ${tie.relation}`, part));
  });
}

/**
 * @param {Run} run
 * @param {number} person Row.
 * @param {Tie} tie
 * @param {string} note
 * @param {number} part Of the usual width.
 */
function edgeOf({ payload: { ids } }, person, { other, shares }, note, part) {
  return { from: ids[person], to: ids[other], tone: 2 * shares[0] - 1, weight: part * shares[2], note };
}
