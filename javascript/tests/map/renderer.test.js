import assert from "node:assert/strict";
import { test } from "node:test";

import { paintPastTrips } from "../../src/map/drawing/past_trips.js";
import { flowsPainters } from "../../src/map/renderer.js";
import { MapState } from "../../src/map/state.js";

test("Past trips are drawn only while hours are marked", () => {
  const state = new MapState();
  state.layers.add("trips");
  state.hours = { ...state.hours, lines: [Uint16Array.of(1, 2, 3, 4)] };
  assert.deepEqual(flowsPainters(state), []);
  state.hours = { ...state.hours, label: "07:00-09:00, day 1" };
  assert.deepEqual(flowsPainters(state), [paintPastTrips]);
});
