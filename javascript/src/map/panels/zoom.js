// Buttons that zoom, for mouse and fingers.

/** @import { Actions } from "../actions.js" */

import { element } from "../../shared/dom.js";

const ZOOM = 1.6;

/** @param {Actions} actions */
export function zoomPanel(actions) {
  return element("div", { class: "mlc-panel mlc-zoom" },
    button("Zoom in", "+", () => actions.zoomBy(ZOOM)),
    button("Zoom out", "\u2212", () => actions.zoomBy(1 / ZOOM)),
    button("Show all", "\u2922", () => actions.showAll()));
}

/**
 * @param {string} label
 * @param {string} text
 * @param {() => void} act
 */
function button(label, text, act) {
  return element(
    "button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
}
