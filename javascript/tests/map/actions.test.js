import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Actions } from "../../src/map/actions.js";
import { keyListener } from "../../src/map/controls/keyboard.js";
import { MapState, NOBODY } from "../../src/map/state.js";
import { modelOf, peopleAt } from "../people.js";

/** @typedef {import("../../src/map/renderer.js").Renderer} Renderer */

const state = new MapState();
const model = modelOf({});
/** @type {string[]} */
const said = [];
const renderer = /** @type {Renderer} */ (/** @type {unknown} */ ({
  draw() {}, drawAnew() {}, drawMoved() {},
}));
const actions = new Actions(model, state, renderer, {
  measure() {}, tip() {}, changed() {}, say: (text) => said.push(text),
});

beforeEach(() => {
  Object.assign(state, new MapState());
  state.people = peopleAt([100, 100, 900, 500], [0x01, 0x00]);
  state.camera.takeFrame({ width: 1000, height: 1000 });
  state.camera.resize({ width: 500, height: 500 }, 1);
  state.layers = new Set(["people", "streets"]);
  said.length = 0;
});

describe("Selecting", () => {
  test("tells the model the id of the person", () => {
    actions.select(1);
    assert.equal(model.get("selected"), 11);
    assert.equal(state.selected, 1);
    actions.select(NOBODY);
    assert.equal(model.get("selected"), -1);
  });

  test("a person that was searched brings the person to the middle", () => {
    actions.goTo(1);
    assert.deepEqual(state.screenPosition(1, 0).map(Math.round), [250, 250]);
    assert.equal(state.camera.magnification, 6);
  });
});

describe("Following", () => {
  test("needs somebody who is selected", () => {
    actions.follow(true);
    assert.equal(state.isFollowing, false);
    assert.deepEqual(said, ["Select a person first."]);
  });

  test("keeps the person in the middle, and ends when the reader moves the map", () => {
    actions.select(0);
    actions.follow(true);
    assert.deepEqual(state.screenPosition(0, 0), [250, 250]);
    assert.equal(state.follow(0), false);
    actions.panBy(40, 0);
    assert.equal(state.isFollowing, false);
  });

  test("moves the view with the person", () => {
    actions.select(0);
    actions.follow(true);
    state.people.motion.moveTo(Float32Array.of(300, 300, 900, 500), 0, true);
    assert.equal(state.follow(0), true);
    assert.deepEqual(state.screenPosition(0, 0), [250, 250]);
  });
});

describe("The keyboard", () => {
  /** @param {Partial<KeyboardEvent>} keys */
  const press = (keys) => keyListener(actions, () => said.push("search"))(
    /** @type {KeyboardEvent} */ ({ preventDefault() {}, ...keys }));

  test("goes round all people and tells who each is", () => {
    for (let time = 0; time < 3; time++) press({ key: "n" });
    assert.deepEqual(said, ["Ann, work", "Bo, sleep", "Ann, work"]);
    press({ key: "P" });
    assert.equal(state.cursor, 1);
    press({ key: "Enter" });
    assert.equal(model.get("selected"), 11);
  });

  test("moves and zooms the map", () => {
    const { x } = state.camera.view;
    press({ key: "ArrowRight" });
    // 60 pixels at half a pixel a unit.
    assert.equal(state.camera.view.x, x + 120);
    press({ key: "+" });
    assert.equal(state.camera.view.scale, 0.5 * 1.4);
    press({ key: "0" });
    assert.equal(state.camera.view.scale, 0.5);
  });

  test("leaves the shortcuts of the browser alone", () => {
    press({ key: "0", ctrlKey: true });
    press({ key: "/" });
    assert.deepEqual(said, ["search"]);
  });
});

test("layers are sent in one order, whatever the order of the clicks", () => {
  actions.toggleLayer("heat");
  assert.deepEqual(model.get("layers"), ["people", "heat", "streets"]);
  actions.toggleLayer("people");
  assert.deepEqual(model.get("layers"), ["heat", "streets"]);
});

test("the person under a point is described with what the person does", () => {
  assert.equal(state.personAt([50, 50], 0), -1);
  state.look.take({ by: "group", labels: ["rest", "duty"], light: [], dark: [] }, {}, false);
  assert.equal(state.personAt([50, 50], 0), 0);
  assert.equal(state.about(0), "work, group: rest");
});
