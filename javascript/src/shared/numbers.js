// Small functions over numbers.

/**
 * Limit a value to the range from `low` to `high`.
 *
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * Return the value at a share of the way from `from` (0) to `to` (1).
 *
 * @param {number} from
 * @param {number} to
 * @param {number} share
 */
export function lerp(from, to, share) {
  return from + share * (to - from);
}

/**
 * Write a count with separators of thousands: 12,345.
 *
 * @param {number} count
 */
export function grouped(count) {
  return count.toLocaleString("en-US");
}

/**
 * Write a count with what is counted: 1 talk, 1,200 talks.
 *
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export function counted(count, one, many) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
