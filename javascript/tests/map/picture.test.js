import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { rampsOf } from "../../src/map/picture.js";
import { MapState } from "../../src/map/state.js";

const COLOURS = ["#000000", "#333333"];
/** @type {[string, string]} */
const ENDS = ["low", "high"];
const MOOD = { by: "mood", labels: [], light: COLOURS, ends: ENDS };

/**
 * @param {Partial<import("../../src/map/message/traits.js").Colouring>} colouring
 * @param {Partial<import("../../src/map/message/read.js").ZoneColours>} [zones]
 */
function stateOf(colouring, zones = {}) {
  const state = new MapState();
  state.look.take(colouring, {}, false);
  Object.assign(state.zoneColours, zones);
  return state;
}

describe("The legend of a picture", () => {
  test("has a ramp of people who are coloured by numbers", () => {
    const ramps = rampsOf(stateOf(MOOD));
    assert.deepEqual(ramps, [{ title: "mood", shades: COLOURS, ends: ENDS }]);
  });

  test("has none of people without colours, or with those of classes", () => {
    assert.deepEqual(rampsOf(stateOf({ by: "difference" })), []);
    assert.deepEqual(rampsOf(stateOf({ by: "mode", labels: ["bus"], light: ["#ff0000"] })), []);
  });

  test("has a ramp of zones that are coloured", () => {
    const look = { title: "visits today", light: COLOURS, ends: ENDS };
    const zones = { measure: "visits", look };
    const ramp = { title: "visits today", shades: COLOURS, ends: ENDS };
    assert.deepEqual(rampsOf(stateOf({ by: "difference" }, zones)), [ramp]);
    assert.equal(rampsOf(stateOf(MOOD, zones)).length, 2);
    assert.deepEqual(rampsOf(stateOf({}, { ...zones, measure: "" })), []);
  });
});
