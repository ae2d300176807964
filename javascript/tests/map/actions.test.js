import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Actions } from "../../src/map/actions.js";
import { goToPlace, hoverAt, selectAt } from "../../src/map/place_actions.js";
import { NOWHERE } from "../../src/map/data/places.js";
import { readBaseMap } from "../../src/map/message/read_city.js";
import { keyListener } from "../../src/map/controls/keyboard.js";
import { MapState, NOBODY } from "../../src/map/state.js";
import { modelOf, peopleAt } from "../people.js";

/** @typedef {import("../../src/map/renderer.js").Renderer} Renderer */

const state = new MapState();
const model = modelOf({});
/** @type {string[]} */
const said = [];
const renderer = /** @type {Renderer} */ (/** @type {unknown} */ ({
  draw() {}, drawAnew() {}, drawBaseMapAnew() {}, drawMoved() {},
}));
const actions = new Actions(model, state, renderer, {
  measure() {}, tip() {}, placeTip() {}, zoneTip() {}, changed() {}, say: (text) => said.push(text),
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

describe("Places", () => {
  /** Put a café at (500, 500), where nobody is, and an office beside Ann, at (110, 100). */
  function furnish() {
    state.layers = new Set(["people", "places"]);
    state.look.take({ by: "group", labels: ["rest"], light: [], dark: [] }, {}, false);
    state.baseMap = readBaseMap(modelOf({
      place_xy: Uint16Array.of(500, 500, 110, 100), place_kinds: Uint8Array.of(0, 0),
      place_names: "Caf\u00e9\n", place_look: [
        { kind: "cafe", label: "caf\u00e9", icon: "food", light: "#aa0000", dark: "#ff0000" }],
    }));
  }

  test("are selected instead of a person, and the other way round", () => {
    furnish();
    actions.select(1);
    selectAt(actions, [252, 251]);
    assert.deepEqual([model.get("selected"), model.get("place")], [NOBODY, 0]);
    selectAt(actions, [450, 250]);
    assert.deepEqual([model.get("selected"), model.get("place")], [11, NOWHERE]);
    selectAt(actions, [300, 400]);
    assert.deepEqual([model.get("selected"), model.get("place")], [NOBODY, NOWHERE]);
  });

  test("give way to a person whose dot is hit, and come before one who is only near", () => {
    furnish();
    // Ann is at (50, 50) in pixels, the office at (55, 50).
    assert.deepEqual(state.under([50, 50], 0), { person: 0, place: NOWHERE });
    assert.deepEqual(state.under([58, 53], 0), { person: NOBODY, place: 1 });
    assert.deepEqual(state.under([40, 50], 0), { person: 0, place: NOWHERE });
  });

  test("are not under the pointer where they are not drawn", () => {
    furnish();
    state.layers.delete("places");
    assert.equal(state.placeAt([250, 250]), NOWHERE);
    state.layers.add("places");
    state.camera.unitM = 20;
    assert.equal(state.placeAt([250, 250]), NOWHERE);
  });

  test("are marked while the pointer is on them", () => {
    furnish();
    hoverAt(actions, [250, 250]);
    assert.deepEqual([state.hovered, state.hoveredPlace], [NOBODY, 0]);
    hoverAt(actions, [300, 400]);
    assert.equal(state.hoveredPlace, NOWHERE);
  });

  test("that were found come to the middle, from close by", () => {
    furnish();
    goToPlace(actions, 1);
    assert.equal(model.get("place"), 1);
    assert.equal(state.camera.metrePx, 0.8);
    assert.deepEqual(state.camera.view, { scale: 0.8, x: 110 - 312.5, y: 100 - 312.5 });
  });

  test("without a name are called by their kind", () => {
    furnish();
    const places = state.baseMap?.places;
    assert.deepEqual([0, 1].map((row) => places?.nameOf(row)), ["Caf\u00e9", "caf\u00e9"]);
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

describe("A zone", () => {
  /** What is told of zones. @type {[number, number][]} */
  const told = [];

  beforeEach(() => {
    told.length = 0;
    actions.feedback.zoneTip = (point) => told.push(point);
    state.look.take({ by: "group", labels: ["rest"], light: [], dark: [] }, {}, false);
    state.baseMap = readBaseMap(modelOf({
      zones: Uint16Array.of(0, 0, 600, 0, 600, 600, 0, 600), zone_sizes: [4],
      zone_names: ["Docks"], zone_areas: Uint16Array.of(1),
    }));
    state.zoneColours = { measure: "people", codes: Uint8Array.of(3, 4), look: {}, words: ["7", "9 more"] };
  });

  test("is told by its words where one points", () => {
    assert.deepEqual(state.zoneWordsAt([200, 200]), { name: "Docks", about: "9 more" });
    assert.equal(state.zoneWordsAt([400, 400]), null);
    state.zoneColours.measure = "";
    assert.equal(state.zoneWordsAt([200, 200]), null);
  });

  test("is told of where there is neither person nor place, by pointing and by a touch", () => {
    hoverAt(actions, [200, 200]);
    selectAt(actions, [210, 200]);
    hoverAt(actions, state.screenPosition(0, 0));
    assert.deepEqual(told, [[200, 200], [210, 200]]);
  });
});
