import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { readDensity } from "../../src/map/message/read.js";
import { MapState } from "../../src/map/state.js";
import { modelOf, moveTo } from "../people.js";

describe("People without a dot", () => {
  test("are counted with the others by colour", () => {
    const state = new MapState();
    state.people.takeActivities(["sleep", "work", "travel"]);
    moveTo(state.people, [1, 1, 2, 2], [0, 0x11], 0);
    assert.deepEqual([...state.counts].slice(0, 3), [1, 1, 0]);
    state.density = { steps: new Uint8Array(1), look: { counts: [40, 0, 2] } };
    assert.deepEqual([...state.counts].slice(0, 3), [41, 1, 2]);
  });

  test("are read with what they cover", () => {
    const about = { columns: 2, lines: 1 };
    const density = readDensity(modelOf({ density: Uint8Array.of(0, 255), density_look: about }));
    assert.deepEqual([...density.steps], [0, 255]);
    assert.equal(density.look.columns, 2);
    assert.equal(readDensity(modelOf({})).steps.length, 0);
  });
});
