// What the reader can do with places and with people at a point of the map.

/** @import { Actions } from "./actions.js" */

import { NOWHERE } from "./data/places.js";
import { NOBODY } from "./state.js";

/** A place that was found is seen at this scale at least, in pixels per metre. */
const FIND_SCALE = 0.8;

/**
 * Show who or what is under the pointer.
 *
 * @param {Actions} actions
 * @param {[number, number]} point In pixels.
 */
export function hoverAt(actions, point) {
  const { person, place } = actions.state.under(point, performance.now());
  if (place === NOWHERE) {
    actions.hover(person, point);
    if (person === NOBODY) actions.feedback.zoneTip(point);
    return;
  }
  actions.mark(NOBODY, place);
  actions.feedback.placeTip(place, point);
}

/**
 * Select the person or the place under a point, or nothing where there is none.
 *
 * @param {Actions} actions
 * @param {[number, number]} point In pixels.
 */
export function selectAt(actions, point) {
  const { person, place } = actions.state.under(point, performance.now());
  if (place === NOWHERE) actions.select(person);
  else actions.choose(NOBODY, place);
  // A finger does not point before it touches.
  if (place === NOWHERE && person === NOBODY) actions.feedback.zoneTip(point);
}

/**
 * Select a place and go there.
 *
 * @param {Actions} actions
 * @param {number} row Of the place.
 */
export function goToPlace(actions, row) {
  const { camera, baseMap } = actions.state;
  actions.choose(NOBODY, row);
  if (!baseMap) return;
  const scale = Math.max(camera.view.scale, FIND_SCALE * camera.unitM);
  camera.lookAt(baseMap.places.position(row), scale);
  actions.renderer.drawMoved();
}
