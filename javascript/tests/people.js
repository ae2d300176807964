// People and a model for tests.

import assert from "node:assert/strict";

import { unpackStates } from "../src/map/message/format.js";
import { People } from "../src/map/data/people.js";
import { LocalModel } from "../src/replay/local_model.js";

export const ACTIVITIES = ["sleep", "work", "travel"];

/**
 * Return people at points, all at once.
 *
 * @param {number[]} points x and y by turns.
 * @param {number[]} state One a person: the doing in the low, the colour in the high four bits.
 */
export function peopleAt(points, state) {
  const people = new People();
  people.takeActivities(ACTIVITIES);
  people.takeIdentities({ ids: Int32Array.from(state.keys(), (row) => 10 + row), names: ["Ann", "Bo"] });
  moveTo(people, points, state, 0);
  return people;
}

/**
 * @param {People} people
 * @param {number[]} points
 * @param {number[]} state
 * @param {number} nowMs
 * @param {boolean} [isStill]
 */
export function moveTo(people, points, state, nowMs, isStill = false) {
  const states = unpackStates(Uint8Array.from(state), state.length);
  assert.ok(states);
  const positions = { points: Uint16Array.from(points), ...states };
  people.takePositions(positions, { gap: 10, nowMs, isStill });
}

/**
 * Return a widget model that holds some of the traits of the map.
 *
 * @param {Partial<import("../src/map/message/traits.js").Traits>} values
 */
export function modelOf(values) {
  return new LocalModel(/** @type {import("../src/map/message/traits.js").Traits} */ (values));
}
