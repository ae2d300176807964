import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Actions } from "../../src/map/actions.js";
import { Drawing } from "../../src/map/controls/drawing.js";
import { PointerControl } from "../../src/map/controls/pointer.js";
import { MapState, NOBODY } from "../../src/map/state.js";
import { modelOf } from "../people.js";

/** @typedef {import("../../src/map/renderer.js").Renderer} Renderer */

const renderer = /** @type {Renderer} */ (/** @type {unknown} */ ({
  draw() {}, drawAnew() {}, drawBaseMapAnew() {}, drawMoved() {},
}));
/** What was told last beside the pointer: "zone" or "nothing". */
let told = "nothing";
const feedback = {
  measure() {}, placeTip() {}, changed() {}, say() {},
  tip: (/** @type {number} */ row) => {
    if (row === NOBODY) told = "nothing";
  },
  zoneTip: () => {
    told = "zone";
  },
};
/** @type {HTMLElement} */
let stage;

beforeEach(() => {
  told = "nothing";
  stage = /** @type {any} */ (Object.assign(new EventTarget(), {
    setPointerCapture() {}, getBoundingClientRect: () => ({ left: 0, top: 0 }),
  }));
  const [state, model] = [new MapState(), modelOf({})];
  const actions = new Actions(model, state, renderer, feedback);
  new PointerControl(stage, actions, new Drawing(model, state, renderer, () => {}));
});

/**
 * @param {string} pointerType
 * @param {string[]} names Of events, at one point.
 */
function point(pointerType, ...names) {
  for (const name of names) {
    const where = { pointerType, pointerId: 1, clientX: 20, clientY: 20 };
    stage.dispatchEvent(Object.assign(new Event(name), where));
  }
}

describe("What is told of a zone", () => {
  test("goes when the mouse leaves the map", () => {
    point("mouse", "pointermove");
    assert.equal(told, "zone");
    point("mouse", "pointerleave");
    assert.equal(told, "nothing");
  });

  test("stays when a finger is lifted, until the next touch", () => {
    point("touch", "pointerdown", "pointerup", "pointerleave");
    assert.equal(told, "zone");
    point("touch", "pointerdown");
    assert.equal(told, "nothing");
  });
});
