// The keys of the map.

/** @import { Actions } from "../actions.js" */
/** @import { Drawing } from "./drawing.js" */

import { cycle, selectCursor } from "../cursor_actions.js";
import { NOBODY } from "../state.js";

/** An arrow key moves the map by this many pixels. */
const STEP_PX = 60;
const ZOOM = 1.4;

export const KEYS_HINT =
  "Arrow keys move the map, plus and minus zoom, 0 shows all, N and P go to the next and the " +
  "previous person, Enter selects, F follows, slash searches, Escape clears the selection.";

/**
 * Return a listener for keys on the map.
 *
 * @param {Actions} actions
 * @param {() => void} search Goes to the search field.
 * @param {Drawing} [drawing] Has some keys while something is sketched.
 * @returns {(event: KeyboardEvent) => void}
 */
export function keyListener(actions, search, drawing) {
  const acts = keyActions(actions, search);
  return (event) => {
    if (!hasModifier(event) && drawing?.press(event.key)) {
      event.preventDefault();
      return;
    }
    const act = acts.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!act || hasModifier(event)) return;
    event.preventDefault();
    act();
  };
}

/** @param {KeyboardEvent} event */
function hasModifier({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}

/**
 * @param {Actions} actions
 * @param {() => void} search
 * @returns {Map<string, () => void>}
 */
function keyActions(actions, search) {
  return new Map(Object.entries({
    ArrowLeft: () => actions.panBy(STEP_PX, 0),
    ArrowRight: () => actions.panBy(-STEP_PX, 0),
    ArrowUp: () => actions.panBy(0, STEP_PX),
    ArrowDown: () => actions.panBy(0, -STEP_PX),
    "+": () => actions.zoomBy(ZOOM),
    "=": () => actions.zoomBy(ZOOM),
    "-": () => actions.zoomBy(1 / ZOOM),
    0: () => actions.showAll(),
    n: () => cycle(actions, 1),
    p: () => cycle(actions, -1),
    Enter: () => selectCursor(actions),
    f: () => actions.follow(!actions.state.isFollowing),
    "/": search,
    Escape: () => actions.select(NOBODY),
  }));
}
