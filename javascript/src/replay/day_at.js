// The day of one person at a minute of a replayed run.

/** @import { DayData, DayEntry } from "../minds/traits.js" */
/** @import { Minds, Run } from "./run.js" */

import { lowerBound } from "./minds.js";
import { DAY, HOUR, clock, midnightOf } from "../shared/time.js";

/** Levels of needs are coded by so many steps. */
const LEVELS = 14;

/**
 * Return the day of a person with reasons and talks.
 *
 * @param {Run} run
 * @param {number} person
 * @param {number} now Row of the track that holds at the minute, `ABSENT` for none.
 * @param {number} minute
 * @returns {DayData}
 */
export function dayAt(run, person, now, minute) {
  const { payload, track } = run;
  const midnight = midnightOf(minute);
  /** @type {DayEntry[]} */
  const entries = [];
  for (let row = track.first[person]; row < track.first[person + 1]; row++) {
    if (track.end[row] <= midnight || track.start[row] >= midnight + DAY) continue;
    const other = track.start[row] < minute ? "done" : "next";
    entries.push(entryOf(run, person, row, row === now ? "now" : other));
  }
  addNotes(run, person, minute, entries);
  const needs = needsAt(run, person, midnight, minute);
  return { name: payload.names[person], minute, midnight, entries, needs, hint: "" };
}

/**
 * Return what a person calls a place; empty for none.
 *
 * @param {Run} run
 * @param {number} person
 * @param {number} place
 */
export function placeNamed({ payload, track }, person, place) {
  if (place < 0) return "";
  return place === track.home[person] ? "home" : payload.places[place];
}

/**
 * @param {Run} run
 * @param {number} person
 * @param {number} row
 * @param {string} status
 * @returns {DayEntry}
 */
function entryOf(run, person, row, status) {
  const { payload, track } = run;
  const [start, end] = [track.start[row], track.end[row]];
  return {
    start, end, status,
    when: `${clock(start)}-${clock(end)}`,
    label: payload.activities[track.doing[row]],
    place: track.place[row] < 0 ? "" : `at ${placeNamed(run, person, track.place[row])}`,
    how: track.mode[row] < 0 ? "" : `by ${(payload.modes[track.mode[row]] ?? "another way").toLowerCase()}`,
    colour: payload.shades[payload.groups[track.doing[row]]],
    notes: [],
  };
}

/**
 * Add to each entry what was decided and said in it.
 *
 * @param {Run} run
 * @param {number} person
 * @param {number} minute
 * @param {DayEntry[]} entries They are changed.
 */
function addNotes({ payload, minds }, person, minute, entries) {
  if (!minds || !entries.length) return;
  const { feed } = minds.tables;
  const [from, to] = [lowerBound(feed.time, entries[0].start), lowerBound(feed.time, minute)];
  for (let row = from; row < to; row++) {
    if (feed.person[row] !== person && feed.other[row] !== person) continue;
    const entry = entries.findLast(({ start }) => start <= feed.time[row]);
    const other = feed.person[row] === person ? feed.other[row] : feed.person[row];
    const kind = minds.payload.kinds[feed.kind[row]][0];
    entry?.notes.push({ when: clock(feed.time[row]), ...wordsOf(minds, row, kind, payload.names[other]) });
  }
}

/**
 * @param {Minds} minds
 * @param {number} row
 * @param {string} kind
 * @param {string | undefined} other Name of the other person, if there is one.
 */
function wordsOf({ tables: { feed }, texts }, row, kind, other) {
  const [title, text] = [texts[feed.title[row]], texts[feed.text[row]]];
  if (kind === "decisions") return { kind: "why", text: text ? `${title}: ${text}` : title };
  if (kind === "conversations") return { kind: "talk", text: `with ${other ?? "somebody"}: ${title}` };
  return { kind: kind === "insights" ? "insight" : kind === "messages" ? "message" : "post", text: title };
}

/**
 * @param {Run} run
 * @param {number} person
 * @param {number} midnight
 * @param {number} minute
 */
function needsAt({ payload, needs }, person, midnight, minute) {
  const [count, people] = [payload.needs.length, payload.ids.length];
  const last = Math.min(Math.floor(Math.max(minute - 1, 0) / HOUR), needs.length / (people * count) - 1);
  return payload.need_looks.slice(0, count).map(([label, colour], need) => {
    /** @type {[number, number][]} */
    const levels = [];
    for (let hour = midnight / HOUR; hour <= last; hour++) {
      const level = needs[(hour * people + person) * count + need];
      if (level <= LEVELS) levels.push([hour * HOUR, level / LEVELS]);
    }
    return { label, colour, levels };
  });
}
