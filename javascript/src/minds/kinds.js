// Colours of what minds do; they stand out on light and on dark ground.

/** @type {Record<string, string>} */
export const COLOURS = {
  conversations: "#2f9e8f",
  decisions: "#4a86c5",
  insights: "#b5791b",
  messages: "#cf5a5a",
  posts: "#9067c6",
  activities: "#2f9e8f",
  trips: "#b5791b",
};

/** Colour of a tone: from red for disliked through grey to blue for liked. */
const TONES = /** @type {const} */ ([[207, 90, 90], [140, 140, 140], [58, 134, 200]]);

/**
 * Return the colour of a tone.
 *
 * @param {number} tone From -1 to 1.
 */
export function toneColour(tone) {
  const share = Math.min(Math.max(tone, -1), 1);
  const [from, to] = share < 0 ? [TONES[1], TONES[0]] : [TONES[1], TONES[2]];
  const mixed = from.map((one, at) => Math.round(one + Math.abs(share) * (to[at] - one)));
  return `rgb(${mixed.join(" ")})`;
}
