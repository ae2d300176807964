// What people remembered, believed and felt at a minute of a run, out of the rows of the file.

/** @import { MoodNumbers } from "./payload.js" */
/** @import { Column, Minds } from "./run.js" */

import { DAY, HOUR } from "../shared/time.js";

/** Code of a share that is not known. */
const UNRATED = 255;

/** @typedef {{ when: number, what: string, place: number, text: string, liked: number | null }} Memory */
/** @typedef {{ place: number, visits: number, shares: number[] }} Belief */
/** @typedef {{ other: number, relation: string, shares: number[] }} Tie */
/** @typedef {{ text: string, kind: string, strength: number }} Thought */

/**
 * Return the rows of a person that were written before a minute, in the order of time.
 *
 * @param {Record<string, Column>} table Ordered by person and time.
 * @param {number} person
 * @param {number} minute
 * @returns {number[]}
 */
export function rowsOf({ person: owners, time }, person, minute) {
  const rows = [];
  for (let row = lowerBound(owners, person); row < owners.length && owners[row] === person; row++) {
    if (time[row] < minute) rows.push(row);
  }
  return rows;
}

/**
 * Return the first row whose value is not below a number.
 *
 * @param {Column} values Rising.
 * @param {number} wanted
 */
export function lowerBound(values, wanted) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Return the last row of each thing, such as of each place.
 *
 * @param {Column} keys
 * @param {number[]} rows
 * @returns {number[]}
 */
function lastOf(keys, rows) {
  return [...new Map(rows.map((row) => [keys[row], row])).values()];
}

/**
 * Return what a person remembers, the latest first.
 *
 * @param {Minds} minds
 * @param {number} person
 * @param {number} minute
 * @returns {Memory[]}
 */
export function memoriesAt({ payload, tables, texts }, person, minute) {
  const { memories } = tables;
  if (!memories) return [];
  const rows = lastOf(memories.number, rowsOf(memories, person, minute));
  return rows.slice(-payload.capacity).reverse().map((row) => ({
    when: memories.start[row],
    what: texts[memories.key[row]],
    place: memories.place[row],
    text: texts[memories.text[row]],
    liked: memories.score[row] === UNRATED ? null : memories.score[row] / 100,
  }));
}

/**
 * Return what a person has come to think, the surest first.
 *
 * @param {Minds} minds
 * @param {number} person
 * @param {number} minute
 * @returns {Thought[]}
 */
export function thoughtsAt({ payload, tables, texts }, person, minute) {
  const { insights } = tables;
  if (!insights) return [];
  const rows = lastOf(insights.number, rowsOf(insights, person, minute));
  const held = rows.filter((row) => texts[insights.kind[row]]);
  const thoughts = held.map((row) => ({
    text: texts[insights.text[row]],
    kind: texts[insights.kind[row]],
    strength: (insights.strength[row] / 100)
      * 0.5 ** ((minute - insights.time[row]) / DAY / payload.half_life_days),
  }));
  return thoughts.sort((a, b) => b.strength - a.strength);
}

/**
 * Return what a person believes of places, the best liked first.
 *
 * Beliefs fade to neutral by a share a day without a visit, as in the model.
 *
 * @param {Minds} minds
 * @param {number} person
 * @param {number} minute
 * @returns {Belief[]}
 */
export function beliefsAt({ payload, tables }, person, minute) {
  const { beliefs } = tables;
  if (!beliefs) return [];
  const known = lastOf(beliefs.place, rowsOf(beliefs, person, minute)).filter((row) => beliefs.visits[row]);
  const found = known.map((row) => {
    const days = Math.floor((minute - beliefs.time[row]) / DAY);
    const left = (1 - payload.decay) ** Math.max(days, 0);
    const learnt = ["price", "atmosphere", "satisfaction", "convenience"].map(
      (name) => beliefs[name][row] / 100);
    const shares = learnt.map((share) => left * share + (1 - left) * payload.neutral);
    return { place: beliefs.place[row], visits: beliefs.visits[row], shares };
  });
  return found.sort((a, b) => total(b.shares) - total(a.shares));
}

/**
 * Return whom a person knows, the closest first; levels are those of the last talk.
 *
 * @param {Minds} minds
 * @param {number} person
 * @param {number} minute
 * @returns {Tie[]}
 */
export function tiesAt({ tables, texts }, person, minute) {
  const { ties } = tables;
  if (!ties) return [];
  const rows = lastOf(ties.other, rowsOf(ties, person, Math.max(minute, 1)));
  const known = rows.filter((row) => texts[ties.relation[row]] && ties.other[row] >= 0);
  const found = known.map((row) => ({
    other: ties.other[row],
    relation: texts[ties.relation[row]],
    shares: [ties.affinity[row] / 100, ties.trust[row] / 100, ties.familiarity[row] / 100],
  }));
  return found.sort((a, b) => total(b.shares) - total(a.shares));
}

/**
 * Return mood, thought and goals of a person, empty where they are not known.
 *
 * Feelings return to rest and thoughts pass, as in the model.
 *
 * @param {Minds} minds
 * @param {number} person
 * @param {number} minute
 */
export function moodAt({ payload, tables, texts }, person, minute) {
  const { moods } = tables;
  const row = moods ? rowsOf(moods, person, Math.max(minute, 1)).at(-1) : undefined;
  if (row === undefined) return { mood: "", thought: "", goals: "" };
  const goals = texts[moods.goals[row]].replaceAll("\n", "; ");
  if (Math.abs(moods.valence[row]) > payload.mood.codes) return { mood: "", thought: "", goals };
  const hours = (minute - moods.thought_min[row]) / HOUR;
  const thought = hours < payload.mood.thought_h ? texts[moods.thought[row]] : "";
  return { mood: moodWord(payload.mood, moods, row, minute), thought, goals };
}

/**
 * Return the word for a feeling that returns to rest, by its direction in the circumplex.
 *
 * @param {MoodNumbers} numbers
 * @param {Record<string, Column>} moods
 * @param {number} row
 * @param {number} minute
 */
function moodWord({ codes, half_life_h: halfLifeH, even_below: evenBelow, words, even }, moods, row, minute) {
  const left = 0.5 ** (Math.max(minute - moods.mood_min[row], 0) / HOUR / halfLifeH);
  const [valence, arousal] = ["valence", "arousal"].map((name) => {
    const [level, rest] = [moods[name][row], moods[`rest_${name}`][row]];
    return (rest + (level - rest) * left) / codes;
  });
  if (Math.hypot(valence, arousal) < evenBelow) return even;
  const sector = Math.round((Math.atan2(arousal, valence) / (2 * Math.PI)) * words.length);
  return words[(sector + words.length) % words.length];
}

/** @param {number[]} values */
function total(values) {
  return values.reduce((sum, one) => sum + one, 0);
}
