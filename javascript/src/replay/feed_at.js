// The feed at a minute of a replayed run.

/** @import { FeedData, FeedFilter, FeedItem } from "../minds/traits.js" */
/** @import { Minds, Run } from "./run.js" */
/** @import { TimeRange } from "./time_range.js" */

import { lowerBound } from "./minds.js";
import { inWords, latest } from "./time_range.js";
import { DAY, clock } from "../shared/time.js";

const HINTS = {
  hours: "Nothing fits in the marked hours: take the mark away, or mark others.",
  usual: "Nothing fits: let the run play on, or search for less.",
};

/**
 * Return the rows of the feed that are wanted, the newest first.
 *
 * @param {Run} run
 * @param {FeedFilter} filter
 * @param {{ minute: number, count: number, selected: number, hours: TimeRange | null }} moment
 *   `selected` is a row, -1 for nobody; with `hours` it is of these alone.
 * @returns {FeedData}
 */
export function feedAt(run, filter, { minute, count, selected, hours }) {
  const minds = /** @type {Minds} */ (run.minds);
  const { feed } = minds.tables;
  const fits = fitting(run, filter, selected);
  const span = hours ? latest(hours, minute) : { start: 0, end: minute };
  const first = lowerBound(feed.time, span.start);
  /** @type {FeedItem[]} */
  const items = [];
  for (let row = lowerBound(feed.time, span.end) - 1; row >= first && items.length <= count; row--) {
    if (fits(row)) items.push(itemOf(run, row));
  }
  const present = new Set(feed.kind);
  return {
    kinds: minds.payload.kinds.filter((_, kind) => present.has(kind)),
    sources: minds.payload.sources.filter(Boolean).map((word) => [word, word]),
    filter,
    items: items.slice(0, count),
    more: items.length > count,
    selected: selected < 0 ? "" : run.payload.names[selected],
    hours: hours ? inWords(hours, minute) : "",
    hint: hours ? HINTS.hours : HINTS.usual,
  };
}

/**
 * Return a function that tells whether a row of the feed is wanted.
 *
 * @param {Run} run
 * @param {FeedFilter} filter
 * @param {number} selected
 */
function fitting(run, filter, selected) {
  const { payload, tables: { feed }, texts } = /** @type {Minds} */ (run.minds);
  const kinds = new Set(filter.kinds.map((key) => payload.kinds.findIndex(([one]) => one === key)));
  const source = payload.sources.indexOf(filter.source);
  const wanted = filter.text.trim().toLowerCase();
  const has = texts.map((text) => !wanted || text.toLowerCase().includes(wanted));
  const named = run.payload.names.map((name) => Boolean(wanted) && name.toLowerCase().includes(wanted));
  const isWith = (/** @type {number} */ row) =>
    feed.person[row] === selected || feed.other[row] === selected;
  return (/** @type {number} */ row) => kinds.has(feed.kind[row])
    && (!filter.source || feed.source[row] === source)
    && (!filter.only || selected < 0 || isWith(row))
    && (has[feed.title[row]] || has[feed.text[row]] || named[feed.person[row]] || named[feed.other[row]]);
}

/**
 * @param {Run} run
 * @param {number} row
 * @returns {FeedItem}
 */
function itemOf({ payload: { ids, names, days }, minds }, row) {
  const { payload, tables: { feed }, texts } = /** @type {Minds} */ (minds);
  const who = [feed.person[row], feed.other[row]].filter((one) => one >= 0);
  const minute = feed.time[row];
  return {
    minute,
    when: whenOf(minute, days),
    kind: payload.kinds[feed.kind[row]][0],
    people: who.map((one) => [ids[one], names[one]]),
    title: texts[feed.title[row]],
    text: texts[feed.text[row]],
    source: payload.sources[feed.source[row]],
    tone: payload.tones[feed.tone[row]],
  };
}

/**
 * Write when something was, with the day if there are several.
 *
 * @param {number} minute
 * @param {number} days
 */
export function whenOf(minute, days) {
  return days > 1 ? `Day ${Math.floor(minute / DAY) + 1} ${clock(minute)}` : clock(minute);
}
