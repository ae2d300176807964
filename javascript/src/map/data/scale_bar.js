// Lengths for the scale bar.

/**
 * Return the largest of 1, 2 or 5 times a power of ten that is not longer.
 *
 * @param {number} limit Above 0.
 */
export function roundLength(limit) {
  const power = 10 ** Math.floor(Math.log10(limit));
  return power * Math.max(...[1, 2, 5].filter((one) => one * power <= limit));
}

/** @param {number} metres */
export function lengthLabel(metres) {
  return metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}
