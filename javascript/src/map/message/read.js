// Reads what Python sends into the values that the map works with.

/** @import { Traits } from "./traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

import { outlines, unpackStates, wholeNumbers } from "./format.js";

/**
 * @typedef {object} Positions Where people are and what they do.
 * @property {Uint16Array} points x and y by turns.
 * @property {Uint8Array} doing Row of the activities of each person.
 * @property {Uint8Array<ArrayBuffer>} colour Code of colour of each person.
 */
/** @typedef {{ ids: Int32Array, names: string[] }} Identities Who the people are. */
/** @typedef {{ ends: Uint16Array, modes: Uint8Array }} Trips Trips as lines. */
/** @typedef {ReturnType<typeof readBaseMap>} BaseMap What does not move. */

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

/** @param {WidgetModel<Traits>} model */
export function readBaseMap(model) {
  const points = wholeNumbers(model, "zones", Uint16Array);
  return {
    zones: outlines(points, model.get("zone_sizes") || []),
    zoneNames: model.get("zone_names") || [],
    streets: wholeNumbers(model, "streets", Uint16Array),
    places: wholeNumbers(model, "places", Uint16Array),
    homes: wholeNumbers(model, "homes", Uint16Array),
    stations: wholeNumbers(model, "stations", Uint16Array),
    stationNames: model.get("station_names") || [],
  };
}

/**
 * @param {WidgetModel<Traits>} model
 * @returns {Trips}
 */
export function readTrips(model) {
  return {
    ends: wholeNumbers(model, "ways", Uint16Array),
    modes: wholeNumbers(model, "way_modes", Uint8Array),
  };
}
