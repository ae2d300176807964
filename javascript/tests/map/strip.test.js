import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Actions } from "../../src/map/actions.js";
import { MapState } from "../../src/map/state.js";
import { modelOf } from "../people.js";

/** @typedef {import("../../src/map/renderer.js").Renderer} Renderer */

const renderer = /** @type {Renderer} */ (/** @type {unknown} */ ({
  draw() {}, drawAnew() {}, drawBaseMapAnew() {}, drawMoved() {},
}));

describe("A legend that opens as a strip", () => {
  const state = new MapState();
  state.camera.takeFrame({ width: 1000, height: 1000 });
  state.camera.resize({ width: 500, height: 500 }, 1);
  const strip = new Actions(modelOf({}), state, renderer, {
    measure() { state.camera.obstacles = { top: 0, left: 0, bottom: 100 }; },
    tip() {}, placeTip() {}, zoneTip() {}, changed() {}, say() {},
  });

  test("leaves all of the city in view", () => {
    strip.panelsChanged();
    assert.equal(state.camera.view.scale, 0.4);
  });

  test("leaves a view alone that was chosen", () => {
    state.camera.lookAt([300, 300], 2);
    const { view } = state.camera;
    strip.panelsChanged();
    assert.deepEqual(state.camera.view, view);
  });
});
