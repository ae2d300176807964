// Colours as numbers.

/** @typedef {[number, number, number]} Channels Red, green and blue, from 0 to 1. */

/** The golden angle, in degrees: hues that follow one another are easy to tell apart. */
const HUE_STEP = 137.508;

/**
 * Return the channels of a colour.
 *
 * @param {string} colour As #rrggbb.
 * @returns {Channels}
 */
export function rgb(colour) {
  const channel = (/** @type {number} */ at) => parseInt(colour.slice(at, at + 2), 16) / 255;
  return [channel(1), channel(3), channel(5)];
}

/**
 * Write channels as a CSS colour.
 *
 * @param {ArrayLike<number>} channels From 0 to 1; what follows the first three is left out.
 * @param {number} [alpha]
 */
export function css(channels, alpha) {
  const whole = Array.from({ length: 3 }, (_, at) => Math.round(255 * channels[at])).join();
  return alpha === undefined ? `rgb(${whole})` : `rgba(${whole},${alpha})`;
}

/**
 * Return a colour between two.
 *
 * @param {string} one As #rrggbb.
 * @param {string} other
 * @param {number} share Of the other, from 0 to 1.
 * @returns {Channels}
 */
export function mixed(one, other, share) {
  const [from, to] = [rgb(one), rgb(other)];
  return /** @type {Channels} */ (from.map((channel, at) => channel + share * (to[at] - channel)));
}

/**
 * Return a colour for a class that came without one: each has another hue.
 *
 * @param {number} at Number of the class.
 * @param {boolean} isDark Whether it stands on a dark background.
 */
export function derivedColour(at, isDark) {
  return hex(hsl((at * HUE_STEP) % 360, 0.55, isDark ? 0.65 : 0.42));
}

/**
 * @param {number} hue In degrees.
 * @param {number} saturation
 * @param {number} lightness
 * @returns {Channels}
 */
function hsl(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (/** @type {number} */ offset) => {
    const part = (offset + hue / 30) % 12;
    return lightness - reach * Math.max(-1, Math.min(part - 3, 9 - part, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** @param {Channels} channels */
function hex(channels) {
  const digits = channels.map((one) => Math.round(255 * one).toString(16).padStart(2, "0"));
  return `#${digits.join("")}`;
}
