import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Actions } from "../../src/map/actions.js";
import { SharedCamera } from "../../src/map/controls/shared_camera.js";
import { Camera } from "../../src/map/data/camera.js";
import { MapState } from "../../src/map/state.js";
import { modelOf, peopleAt } from "../people.js";

/** @typedef {import("../../src/map/renderer.js").Renderer} Renderer */
/** @typedef {{ width: number, height: number }} Size */

const renderer = /** @type {Renderer} */ (/** @type {unknown} */ ({
  draw() {}, drawAnew() {}, drawBaseMapAnew() {}, drawMoved() {},
}));
const feedback = {
  measure() {}, tip() {}, placeTip() {}, zoneTip() {}, changed() {}, say() {},
};

/**
 * Return a map of 1000 by 1000 units.
 *
 * @param {EventTarget} page
 * @param {string} group
 * @param {Size} [size]
 */
function mapOn(page, group, size = { width: 500, height: 400 }) {
  const state = new MapState();
  state.people = peopleAt([100, 100, 900, 500], [0x01, 0x00]);
  state.camera.takeFrame({ width: 1000, height: 1000 });
  state.camera.resize(size, 1);
  const model = modelOf({ camera_group: group, camera: [] });
  const actions = new Actions(model, state, renderer, feedback);
  return { state, model, actions, shared: new SharedCamera(model, actions, page) };
}

/** @param {number[]} where */
const rounded = (where) => where.map((one) => Math.round(one));

describe("Where a map looks", () => {
  test("is its middle and the largest square in view", () => {
    const camera = new Camera();
    camera.takeFrame({ width: 1000, height: 1000 });
    camera.resize({ width: 500, height: 400 }, 1);
    assert.deepEqual(camera.where, []);
    camera.lookAt([300, 200], 2);
    // 400 pixels at 2 pixels a unit.
    assert.deepEqual(camera.where, [300, 200, 200]);
  });

  test("is seen on a map of another shape around the same point", () => {
    const camera = new Camera();
    camera.takeFrame({ width: 1000, height: 1000 });
    camera.resize({ width: 100, height: 300 }, 1);
    camera.show([300, 200, 200]);
    assert.equal(camera.view.scale, 0.5);
    assert.deepEqual(camera.where, [300, 200, 200]);
    assert.equal(camera.moves, 0);
    camera.show([]);
    assert.equal(camera.isChosen, false);
  });

  test("is all of the city on a map without a height", () => {
    const camera = new Camera();
    camera.takeFrame({ width: 1000, height: 1000 });
    camera.resize({ width: 100, height: 0 }, 1);
    camera.show([300, 200, 200]);
    assert.equal(camera.isChosen, false);
    assert.ok(Object.values(camera.view).every(Number.isFinite));
    assert.ok(camera.view.scale > 0);
  });
});

describe("Maps of one group", () => {
  /** @type {EventTarget} */
  let page;
  /** @type {ReturnType<typeof mapOn>} */
  let one;
  /** @type {ReturnType<typeof mapOn>} */
  let other;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    page = new EventTarget();
    one = mapOn(page, "pair");
    other = mapOn(page, "pair", { width: 800, height: 800 });
  });
  afterEach(() => mock.timers.reset());

  test("move at once, and without an echo", () => {
    one.actions.zoomBy(4);
    one.actions.panBy(-40, 20);
    one.shared.tell();
    assert.deepEqual(rounded(other.state.camera.where), rounded(one.state.camera.where));
    assert.deepEqual(rounded(one.state.camera.where), [525, 488, 250]);
    const before = one.state.camera.view;
    other.shared.tell();
    assert.equal(one.state.camera.view, before);
  });

  test("both show all again", () => {
    one.actions.zoomBy(4);
    one.shared.tell();
    other.actions.showAll();
    other.shared.tell();
    assert.equal(one.state.camera.isChosen, false);
    assert.deepEqual(one.state.camera.where, []);
  });

  test("tell Python once for many moves, where they stand at last", () => {
    const saved = mock.method(one.model, "save_changes");
    for (let at = 0; at < 20; at++) {
      one.actions.zoomBy(1.1);
      one.shared.tell();
    }
    assert.equal(saved.mock.callCount(), 0);
    mock.timers.tick(300);
    assert.equal(saved.mock.callCount(), 1);
    assert.deepEqual(one.model.get("camera"), one.state.camera.where);
    assert.deepEqual(rounded(other.model.get("camera")), rounded(one.state.camera.where));
  });

  test("are joined by one that Python made before it knew where they had moved", () => {
    one.shared.take();
    other.shared.take();
    one.actions.zoomBy(4);
    one.shared.tell();
    const later = mapOn(page, "pair");
    later.shared.take();
    assert.deepEqual(rounded(later.state.camera.where), rounded(one.state.camera.where));
    mock.timers.tick(300);
    assert.deepEqual(later.model.get("camera"), later.state.camera.where);
  });

  test("look where Python wants even if one has come before", () => {
    one.shared.take();
    other.shared.take();
    one.model.set("camera", [600, 400, 100]);
    one.shared.take();
    assert.deepEqual(rounded(one.state.camera.where), [600, 400, 100]);
  });

  test("go on showing the same when one of them changes its size", () => {
    one.actions.zoomBy(4);
    one.shared.tell();
    const before = one.state.camera.where;
    one.shared.resize({ width: 300, height: 900 }, 1);
    assert.deepEqual(one.state.camera.where, before);
    assert.deepEqual(rounded(other.state.camera.where), rounded(before));
    one.actions.showAll();
    one.shared.resize({ width: 500, height: 400 }, 1);
    assert.deepEqual(one.state.camera.where, []);
  });

  test("leave a followed person when another map is moved", () => {
    one.actions.select(0);
    one.actions.follow(true);
    one.shared.tell();
    assert.deepEqual(rounded(other.state.camera.where).slice(0, 2), [100, 100]);
    other.actions.panBy(50, 0);
    other.shared.tell();
    assert.equal(one.state.isFollowing, false);
  });

  test("stay where they are when a map of another group moves, or one that is gone", () => {
    const stranger = mapOn(page, "other pair");
    stranger.actions.zoomBy(4);
    stranger.shared.tell();
    other.shared.close();
    one.actions.zoomBy(4);
    one.shared.tell();
    assert.equal(other.state.camera.isChosen, false);
  });
});

describe("A camera that Python sends", () => {
  test("is shown, and is no move of the reader", () => {
    const { model, shared, state } = mapOn(new EventTarget(), "pair");
    model.set("camera", [600, 400, 100]);
    shared.take();
    assert.deepEqual(state.camera.where, [600, 400, 100]);
    assert.equal(state.camera.moves, 0);
  });

  test("means nothing to a map that moves alone", () => {
    const { model, actions, shared, state } = mapOn(new EventTarget(), "");
    model.set("camera", [600, 400, 100]);
    shared.take();
    assert.equal(state.camera.isChosen, false);
    actions.zoomBy(2);
    shared.tell();
    assert.equal(shared.timer, undefined);
    const { scale } = state.camera.view;
    shared.resize({ width: 300, height: 900 }, 1);
    assert.equal(state.camera.view.scale, scale);
  });
});
