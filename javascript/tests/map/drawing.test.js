import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Drawing } from "../../src/map/controls/drawing.js";
import { MapState } from "../../src/map/state.js";
import { modelOf } from "../people.js";

/** @typedef {import("../../src/map/renderer.js").Renderer} Renderer */

const renderer = /** @type {Renderer} */ (/** @type {unknown} */ ({ draw() {} }));
const state = new MapState();
/** @type {string[]} */
const said = [];
/** @type {ReturnType<typeof modelOf>} */
let model;
/** @type {Drawing} */
let drawing;

beforeEach(() => {
  Object.assign(state, new MapState());
  state.camera.takeFrame({ width: 1000, height: 1000 });
  state.camera.resize({ width: 500, height: 500 }, 1);
  said.length = 0;
  model = modelOf({ drawing: true, drawn: [] });
  drawing = new Drawing(model, state, renderer, (text) => said.push(text));
  drawing.take();
});

describe("A sketch", () => {
  test("is an area once it has three corners, and is told to Python", () => {
    drawing.setAt([50, 50]);
    drawing.setAt([250, 50]);
    drawing.end();
    assert.equal(drawing.isOn, true);
    assert.match(said.at(-1) ?? "", /three corners/);
    drawing.setAt([250, 250]);
    drawing.end();
    assert.deepEqual(model.get("drawn"), [100, 100, 500, 100, 500, 500]);
    assert.equal(model.get("drawing"), false);
    assert.equal(drawing.isOn, false);
  });

  test("of one corner is a spot", () => {
    drawing.setAt([50, 50]);
    drawing.end();
    assert.deepEqual(model.get("drawn"), [100, 100]);
  });

  test("takes a double click as one corner, and none outside the square", () => {
    drawing.setAt([50, 50]);
    drawing.setAt([50, 50]);
    drawing.setAt([-900, 50]);
    assert.deepEqual(state.sketch.points, [100, 100, 0, 100]);
  });

  test("is made by keys alone", () => {
    assert.equal(drawing.press("n"), false);
    assert.equal(drawing.press(" "), true);
    assert.deepEqual(state.sketch.points, [500, 500]);
    drawing.press("Backspace");
    assert.equal(state.sketch.count, 0);
    drawing.press(" ");
    drawing.press("Enter");
    assert.deepEqual(model.get("drawn"), [500, 500]);
    assert.equal(drawing.press("Enter"), false);
  });

  test("that is cancelled leaves nothing", () => {
    drawing.setAt([50, 50]);
    drawing.cancel();
    assert.deepEqual(model.get("drawn"), []);
    assert.equal(state.sketch.count, 0);
  });

  test("stays on the map until Python takes it away", () => {
    drawing.setAt([50, 50]);
    drawing.end();
    drawing.take();
    assert.equal(state.sketch.count, 1);
    model.set("drawn", []);
    drawing.take();
    assert.equal(state.sketch.count, 0);
  });
});
