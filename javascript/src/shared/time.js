// Times of a run, in minutes since its start at midnight.

export const HOUR = 60;
export const DAY = 1440;

/**
 * Write the time of day, HH:MM.
 *
 * @param {number} minute Since the start of the run; a whole number.
 */
export function clock(minute) {
  const ofDay = ((minute % DAY) + DAY) % DAY;
  return `${twoDigits(Math.floor(ofDay / HOUR))}:${twoDigits(ofDay % HOUR)}`;
}

/**
 * Return the midnight before a minute; that at the end of a day belongs to the day.
 *
 * @param {number} minute
 */
export function midnightOf(minute) {
  return Math.floor(Math.max(minute - 1, 0) / DAY) * DAY;
}

/**
 * Return the number of the day, from 1.
 *
 * The midnight at the end of the run belongs to its last day, as in the charts.
 *
 * @param {number} minute
 * @param {number} days Length of the run.
 */
export function dayNumber(minute, days) {
  return Math.min(Math.floor(minute / DAY) + 1, days);
}

/**
 * Write day and time of day, as in the head of the map.
 *
 * @param {number} minute
 * @param {number} days Length of the run.
 */
export function dayAndClock(minute, days) {
  return `Day ${dayNumber(minute, days)}, ${clock(minute)}`;
}

/** @param {number} number */
function twoDigits(number) {
  return String(number).padStart(2, "0");
}
