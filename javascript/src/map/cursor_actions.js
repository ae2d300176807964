// Going from person to person by keyboard.

/** @import { Actions } from "./actions.js" */

import { NOBODY } from "./state.js";

/** A person reached by keyboard is brought to the middle from this close to the edge, in pixels. */
const EDGE_PX = 20;

/**
 * Go to the next or the previous person.
 *
 * @param {Actions} actions
 * @param {1 | -1} step
 */
export function cycle(actions, step) {
  const { state } = actions;
  const { count } = state.people;
  if (!count) return;
  const start = state.cursor === NOBODY ? Math.max(state.selected, step > 0 ? -1 : 0) : state.cursor;
  state.cursor = (start + step + count) % count;
  showCursor(actions);
}

/**
 * Select the person who was reached.
 *
 * @param {Actions} actions
 */
export function selectCursor(actions) {
  if (actions.state.cursor !== NOBODY) actions.select(actions.state.cursor);
}

/**
 * Forget who was reached.
 *
 * @param {Actions} actions
 */
export function dropCursor(actions) {
  actions.state.cursor = NOBODY;
  actions.hover(NOBODY);
  actions.renderer.draw();
}

/** @param {Actions} actions */
function showCursor(actions) {
  const { state } = actions;
  const nowMs = performance.now();
  const { width, height } = state.camera.size;
  const [x, y] = state.screenPosition(state.cursor, nowMs);
  const isInside = x >= EDGE_PX && y >= EDGE_PX && x <= width - EDGE_PX && y <= height - EDGE_PX;
  if (!isInside) actions.lookAt(state.cursor);
  const name = state.people.nameOf(state.cursor);
  actions.feedback.say([name, state.about(state.cursor)].filter(Boolean).join(", "));
  actions.hover(state.cursor, state.screenPosition(state.cursor, nowMs));
  actions.renderer.draw();
}
