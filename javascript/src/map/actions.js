// What the reader can do on the map.

/** @import { Renderer } from "./renderer.js" */
/** @import { MapState } from "./state.js" */
/** @import { Traits } from "./message/traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { NOWHERE } from "./data/places.js";
import { NOBODY } from "./state.js";

/** In the order in which they are sent. */
export const LAYERS = [
  "people", "heat", "trips", "flows", "land", "streets", "places", "zones", "names",
];
/** A followed and a found person are seen at least this many times larger than fitted. */
const FOLLOW_ZOOM = 5;
const FIND_ZOOM = 6;

/**
 * @typedef {object} Feedback What the page shows of an action.
 * @property {() => void} measure Measures the panels that cover parts of the map.
 * @property {(row: number, point?: [number, number]) => void} tip Shows who is at a point, or
 *   nobody.
 * @property {(row: number, point?: [number, number]) => void} placeTip The same of a place.
 * @property {(point: [number, number]) => void} zoneTip The same of the zone there, if there is
 *   anything to say of it.
 * @property {() => void} changed Shows which layers are on, and whether a person is followed.
 * @property {(text: string) => void} say Tells readers of the screen.
 */

export class Actions {
  /**
   * @param {WidgetModel<Traits>} model
   * @param {MapState} state
   * @param {Renderer} renderer
   * @param {Feedback} feedback
   */
  constructor(model, state, renderer, feedback) {
    this.model = model;
    this.state = state;
    this.renderer = renderer;
    this.feedback = feedback;
  }

  fit() {
    this.feedback.measure();
    this.state.camera.fit();
    this.#moved();
  }

  /** Note that panels cover other parts of the map; a strip covers none of a city shown whole. */
  panelsChanged() {
    const { camera } = this.state;
    const { bottom } = camera.obstacles;
    this.feedback.measure();
    if (camera.obstacles.bottom !== bottom && !camera.isChosen) this.fit();
    this.renderer.drawBaseMapAnew();
  }

  showAll() {
    this.follow(false);
    this.feedback.measure();
    this.state.camera.showAll();
    this.#moved();
  }

  /**
   * Show what another map shows.
   *
   * @param {number[]} where As `Camera.where` of the other.
   */
  showWhere(where) {
    this.follow(false);
    this.state.camera.show(where);
    this.#moved();
  }

  /**
   * @param {number} factor
   * @param {[number, number]} [point] In pixels; it stays where it is.
   */
  zoomBy(factor, point) {
    this.state.camera.zoomBy(factor, point);
    this.#moved();
  }

  /**
   * @param {number} right In pixels.
   * @param {number} down In pixels.
   */
  panBy(right, down) {
    this.follow(false);
    this.state.camera.panBy(right, down);
    this.#moved();
  }

  /**
   * Bring a person to the middle.
   *
   * @param {number} row
   * @param {number} [zoom] At least this many times larger than fitted.
   */
  lookAt(row, zoom = 0) {
    const { camera } = this.state;
    const scale = Math.max(camera.view.scale, zoom * camera.fitScale);
    camera.lookAt(this.state.position(row, performance.now()), scale);
    this.renderer.drawMoved();
  }

  /** @param {boolean} isOn Whether to keep the selected person in the middle. */
  follow(isOn) {
    const { state } = this;
    state.isFollowing = isOn && state.selected !== NOBODY;
    this.feedback.changed();
    if (isOn && !state.isFollowing) this.feedback.say("Select a person first.");
    if (state.isFollowing) this.lookAt(state.selected, FOLLOW_ZOOM);
  }

  /** @param {number} row Of a person, or `NOBODY`; a place is not selected any more. */
  select(row) {
    this.choose(row === NOBODY ? NOBODY : this.state.people.ids[row], NOWHERE);
  }

  /**
   * Select a person and go there.
   *
   * @param {number} row
   */
  goTo(row) {
    this.select(row);
    this.lookAt(row, FIND_ZOOM);
  }

  /**
   * @param {number} row Of the person under the pointer, or `NOBODY`.
   * @param {[number, number]} [point] Of the pointer, in pixels.
   */
  hover(row, point) {
    this.mark(row, NOWHERE);
    this.feedback.tip(row, point);
  }

  /** @param {string} name */
  toggleLayer(name) {
    const { layers } = this.state;
    if (!layers.delete(name)) layers.add(name);
    this.model.set("layers", LAYERS.filter((one) => layers.has(one)));
    this.model.save_changes();
    this.feedback.changed();
    this.renderer.drawAnew();
  }

  /** @param {string} by What to colour people by. */
  colourBy(by) {
    this.state.look.showAll();
    this.model.set("by", by);
    this.model.save_changes();
  }

  /** @param {string} measure What to colour zones by, "" for nothing. */
  colourZonesBy(measure) {
    this.model.set("measure", measure);
    this.model.save_changes();
  }

  /** @param {string} span Over what time to count flows. */
  countFlowsOver(span) {
    this.model.set("flow_span", span);
    this.model.save_changes();
  }

  /** Take the mark of hours away. */
  clearHours() {
    this.model.set("hours", {});
    this.model.save_changes();
  }

  /** @param {number} code Of colour, whose people are hidden or shown again. */
  toggleColour(code) {
    this.state.look.toggle(code);
    this.renderer.draw();
  }

  /**
   * Select a person or a place.
   *
   * @param {number} id Of a person, or `NOBODY`.
   * @param {number} place Row of a place, or `NOWHERE`.
   */
  choose(id, place) {
    const { state, model } = this;
    state.selectedId = id;
    state.place = place;
    model.set("selected", id);
    model.set("place", place);
    model.save_changes();
    if (id === NOBODY) this.follow(false);
    // Names make room for that of what is selected.
    this.renderer.drawBaseMapAnew();
  }

  /**
   * Mark who or what is under the pointer.
   *
   * @param {number} person Row, or `NOBODY`.
   * @param {number} place Row, or `NOWHERE`.
   */
  mark(person, place) {
    const { state } = this;
    if (person === state.hovered && place === state.hoveredPlace) return;
    state.hovered = person;
    state.hoveredPlace = place;
    this.renderer.draw();
  }

  #moved() {
    this.hover(NOBODY);
    this.renderer.drawMoved();
  }
}
