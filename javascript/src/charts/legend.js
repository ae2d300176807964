// The legend of a chart: buttons, so that it can be used by keyboard and wraps in a narrow window.

/** @import { Entry } from "./traits.js" */

import { element } from "../shared/dom.js";

/**
 * Return the buttons of a legend.
 *
 * @param {Entry[]} entries
 * @param {object} how
 * @param {string[]} how.picked Keys; none means all.
 * @param {boolean} how.isDark
 * @param {(key: string) => void} how.onPick
 */
export function legendButtons(entries, { picked, isDark, onPick }) {
  return entries.map(({ key, label, light, dark }) => {
    const swatch = element("i", { style: `background:${isDark ? dark : light}` });
    const isPicked = picked.includes(key);
    return element("button", {
      type: "button",
      class: picked.length && !isPicked ? "mlv-entry mlv-pale" : "mlv-entry",
      "aria-pressed": String(isPicked),
      title: `Show only: ${label}`,
      onclick: () => onPick(key),
    }, swatch, label);
  });
}
