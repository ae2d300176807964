import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { hasMarks, nameTags } from "../../src/map/drawing/marks.js";
import { MapState } from "../../src/map/state.js";
import { peopleAt } from "../people.js";

/** A pen whose letters are ten pixels wide. */
const pen = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ ({
  measureText: (/** @type {string} */ text) => ({ width: 10 * text.length }),
}));

/** @param {number} x In pixels. */
function stateWithAnnAt(x) {
  const state = new MapState();
  state.people = peopleAt([x, 50], [0]);
  state.camera.size = { width: 300, height: 200 };
  state.camera.choose({ x: 0, y: 0, scale: 1 });
  state.selectedId = 10;
  return state;
}

describe("The name of who is selected", () => {
  test("stands to the right, in the middle of its ground", () => {
    const [tag] = nameTags(pen, stateWithAnnAt(100), 0);
    // Three letters, and seven pixels on either side.
    assert.deepEqual([tag.name, tag.width, tag.top, tag.height], ["Ann", 44, 40, 20]);
    assert.ok(tag.left > 100);
  });

  test("stands to the left where there is no room on the right", () => {
    const [tag] = nameTags(pen, stateWithAnnAt(290), 0);
    assert.ok(tag.left + tag.width < 290);
  });

  test("begins on the map where there is no room on either side", () => {
    const state = stateWithAnnAt(30);
    state.camera.size = { width: 60, height: 200 };
    const [tag] = nameTags(pen, state, 0);
    assert.equal(tag.left, 0);
  });

  test("is not there while nobody is selected", () => {
    const state = stateWithAnnAt(100);
    assert.ok(hasMarks(state));
    state.selectedId = -1;
    assert.deepEqual(nameTags(pen, state, 0), []);
    assert.ok(!hasMarks(state));
  });
});
