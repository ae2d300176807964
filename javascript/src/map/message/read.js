// Reads what Python sends into the values that the map works with.

/** @import { DensityLook, Traits } from "./traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

import { outlines, unpackStates, wholeNumbers } from "./format.js";

/**
 * @typedef {object} Positions Where people are and what they do.
 * @property {Uint16Array} points x and y by turns.
 * @property {Uint8Array} doing Row of the activities of each person.
 * @property {Uint8Array<ArrayBuffer>} colour Code of colour of each person.
 */
/** @typedef {{ ids: Int32Array, names: string[] }} Identities Who the people are. */
/** @typedef {ReturnType<typeof readClosed>} Closed What is closed. */
/**
 * @typedef {object} Trips Trips that have begun, and their lines.
 * @property {Int32Array} persons Ids.
 * @property {Int32Array} times Departure and arrival by turns, in minutes.
 * @property {Uint8Array} modes Rows of the modes.
 * @property {Uint16Array[]} lines x and y by turns.
 */
/** @typedef {ReturnType<typeof readZoneColours>} ZoneColours How zones are coloured. */
/** @typedef {{ steps: Uint8Array, look: Partial<DensityLook> }} Density People without a dot. */
/** @typedef {ReturnType<typeof readFlows>} Flows Trips between zones. */
/** @typedef {ReturnType<typeof readHours>} MarkedHours Hours that are marked, and their trips. */

/**
 * Return where people are, or null while positions and states are not of the same people.
 *
 * @param {WidgetModel<Traits>} model
 * @returns {Positions | null}
 */
export function readPositions(model) {
  const points = wholeNumbers(model, "xy", Uint16Array);
  const states = unpackStates(wholeNumbers(model, "state", Uint8Array), points.length / 2);
  return states && { points, ...states };
}

/**
 * @param {WidgetModel<Traits>} model
 * @returns {Identities}
 */
export function readIdentities(model) {
  const names = model.get("names") || "";
  return { ids: wholeNumbers(model, "person", Int32Array), names: names.split("\n") };
}

/**
 * Return 1 for those who are looked at and 0 for the others; nothing while everybody is.
 *
 * @param {WidgetModel<Traits>} model
 */
export function readEmphasis(model) {
  return wholeNumbers(model, "emphasis", Uint8Array);
}

/**
 * Return what is closed: outlines of areas, and places.
 *
 * @param {WidgetModel<Traits>} model
 */
export function readClosed(model) {
  return {
    areas: outlines(wholeNumbers(model, "closed", Uint16Array), model.get("closed_sizes") || []),
    places: wholeNumbers(model, "closed_places", Uint16Array),
  };
}

/** @param {WidgetModel<Traits>} model */
export function readZoneColours(model) {
  return {
    measure: model.get("measure") || "",
    codes: wholeNumbers(model, "zone_codes", Uint8Array),
    look: model.get("zone_look") ?? {},
    words: (model.get("zone_words") || "").split("\n"),
  };
}

/**
 * @param {WidgetModel<Traits>} model
 * @returns {Density}
 */
export function readDensity(model) {
  return { steps: wholeNumbers(model, "density", Uint8Array), look: model.get("density_look") ?? {} };
}

/** @param {WidgetModel<Traits>} model */
export function readFlows(model) {
  return {
    ends: wholeNumbers(model, "flows", Uint16Array),
    counts: wholeNumbers(model, "flow_counts", Uint32Array),
    span: model.get("flow_span") || "hour",
  };
}

/**
 * Return which hours are marked, and the lines of trips that began in them.
 *
 * @param {WidgetModel<Traits>} model
 */
export function readHours(model) {
  const { label = "", trips = 0, drawn = 0, visits = false } = model.get("hours") ?? {};
  const points = wholeNumbers(model, "past_xy", Uint16Array);
  return {
    label, trips, drawn, hasVisits: visits,
    modes: wholeNumbers(model, "past_modes", Uint8Array),
    lines: outlines(points, [...wholeNumbers(model, "past_sizes", Uint16Array)]),
  };
}

/**
 * @param {WidgetModel<Traits>} model
 * @returns {Trips}
 */
export function readTrips(model) {
  const points = wholeNumbers(model, "trip_xy", Uint16Array);
  return {
    persons: wholeNumbers(model, "trip_person", Int32Array),
    times: wholeNumbers(model, "trip_times", Int32Array),
    modes: wholeNumbers(model, "trip_modes", Uint8Array),
    lines: outlines(points, [...wholeNumbers(model, "trip_sizes", Uint16Array)]),
  };
}
