// The part of the day that the reader has marked (`TimeRange` in `ui/focus.py`).

import { DAY, clock } from "../shared/time.js";

/** Ends of a range are rounded to so many minutes. */
export const GRAIN_MIN = 10;

/** @typedef {{ start: number, end: number }} TimeRange In minutes of the day, from 0 to 1440. */
/** @typedef {{ start: number, end: number }} Span In minutes since the start of the run. */

/**
 * Return the range between two times of the day, whichever comes first; null for an empty one.
 *
 * @param {number} one In minutes of the day.
 * @param {number} other
 * @returns {TimeRange | null}
 */
export function rangeBetween(one, other) {
  const [start, end] = [one, other].sort((a, b) => a - b)
    .map((minute) => GRAIN_MIN * Math.round(Math.min(Math.max(minute, 0), DAY) / GRAIN_MIN));
  return start < end ? { start, end } : null;
}

/**
 * Return the range on the latest day on which it has begun, as far as it is over.
 *
 * A range that begins now has not begun yet; before it begins for the first time, nothing is in it.
 *
 * @param {TimeRange} range
 * @param {number} minute
 * @returns {Span}
 */
export function latest({ start, end }, minute) {
  const day = Math.floor((minute - 1 - start) / DAY);
  if (day < 0) return { start: 0, end: 0 };
  return { start: day * DAY + start, end: Math.min(day * DAY + end, minute) };
}

/**
 * Tell whether something began within a span and is over by a minute.
 *
 * @param {Span} span
 * @param {number} start
 * @param {number} end
 * @param {number} minute
 */
export function isWithin(span, start, end, minute) {
  return start >= span.start && start < span.end && end < minute;
}

/**
 * Write a range with its day.
 *
 * @param {TimeRange} range
 * @param {number} minute
 */
export function inWords(range, minute) {
  const span = latest(range, minute);
  const when = span.end ? `day ${Math.floor(span.start / DAY) + 1}` : "not begun yet";
  return `${hoursText(range)}, ${when}`;
}

/**
 * Write a range, such as 07:00-09:30.
 *
 * @param {TimeRange} range
 */
export function hoursText({ start, end }) {
  return `${timeText(start)}-${timeText(end)}`;
}

/**
 * Write a time of the day; its end is 24:00.
 *
 * @param {number} minute From 0 to 1440.
 */
export function timeText(minute) {
  return minute === DAY ? "24:00" : clock(minute);
}
