// Where things stand on the time bar: pure functions.

import { clamp } from "../shared/numbers.js";
import { DAY, HOUR, clock, dayAndClock } from "../shared/time.js";

/** Size of the drawing, in its own units. */
export const WIDTH = 1000;
export const HEIGHT = 64;
/** The bars of trips stand on this line, and the highest is this high. */
export const BASE = 50;
const HIGHEST = 42;
/** Share of an hour that is left free on either side of its bar. */
const GAP = 0.08;
/** On a bar of one day, there is a label every three hours. */
const LABEL_MIN = 180;

/** What is free at either end of the bar, in pixels. */
const INSET_PX = 8;

/**
 * Return a place on the bar as a length of CSS.
 *
 * @param {number} share
 */
export function along(share) {
  return `calc(${INSET_PX}px + (100% - ${2 * INSET_PX}px) * ${share})`;
}

/**
 * Return at which share of the bar a point is.
 *
 * @param {number} x From the left end, in pixels.
 * @param {number} width In pixels.
 */
export function shareAt(x, width) {
  return clamp((x - INSET_PX) / Math.max(width - 2 * INSET_PX, 1), 0, 1);
}

/**
 * Return how many days a bar shows.
 *
 * @param {number} end In minutes.
 */
function daysOf(end) {
  return Math.ceil(end / DAY);
}

/**
 * Tell a moment: the time of day, and the day where there are several.
 *
 * @param {number} minute
 * @param {number} end Of the bar, in minutes.
 */
export function momentLabel(minute, end) {
  return daysOf(end) > 1 ? dayAndClock(minute, daysOf(end)) : clock(minute);
}

/**
 * Return a bar for the trips of each hour.
 *
 * @param {number[]} trips Departures in each hour from the start.
 * @param {number} end In minutes.
 * @param {number} reached How far the run has come, in minutes.
 * @returns {{ x: number, y: number, width: number, height: number, isPast: boolean }[]}
 */
export function tripBars(trips, end, reached) {
  const most = Math.max(1, ...trips);
  const hour = (HOUR / end) * WIDTH;
  return trips.map((count, at) => {
    const height = (count / most) * HIGHEST;
    const isPast = at * HOUR < reached;
    const x = at * hour + GAP * hour;
    return { x, y: BASE - height, width: (1 - 2 * GAP) * hour, height, isPast };
  });
}

/**
 * Return where a new day begins, after the first.
 *
 * @param {number} end In minutes.
 * @returns {number[]}
 */
export function dayLines(end) {
  return Array.from({ length: daysOf(end) - 1 }, (_, at) => (((at + 1) * DAY) / end) * WIDTH);
}

/**
 * Return what is written under the bar, and at which share of its width.
 *
 * A day is named at its beginning, an hour in the middle under its tick.
 *
 * @param {number} end In minutes.
 * @returns {{ text: string, share: number, isCentred: boolean }[]}
 */
export function timeLabels(end) {
  const hasDays = daysOf(end) > 1;
  const pace = hasDays ? DAY : LABEL_MIN;
  return Array.from({ length: Math.ceil(end / pace) }, (_, at) => ({
    text: hasDays ? `Day ${at + 1}` : clock(at * pace),
    share: (at * pace) / end,
    isCentred: !hasDays && at > 0,
  }));
}
