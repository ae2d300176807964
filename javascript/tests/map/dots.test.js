import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { MOVING, PALE } from "../../src/map/data/people.js";
import { drawingOrder } from "../../src/map/painters/order.js";
import { Pixels } from "../../src/map/painters/pixels.js";
import { PARTS, Stamps } from "../../src/map/painters/stamps.js";
import { dotsAlike, sceneOf, viewsAlike } from "../../src/map/painters/scene.js";
import { MapState } from "../../src/map/state.js";
import { moveTo, peopleAt } from "../people.js";

const [RED, BLUE, HIDDEN] = [0, 1, 2];

/**
 * Return a scene of three people in red and blue, whose dots have a radius of 3 pixels.
 *
 * @returns {import("../../src/map/painters/scene.js").Scene}
 */
function scene() {
  const state = new MapState();
  state.people = peopleAt([0, 0, 100, 100, 200, 200], [0, 0, 16]);
  state.layers = new Set(["people"]);
  const found = sceneOf(state, 0);
  assert.ok(found);
  const colours = new Float32Array(64);
  colours.set([1, 0, 0, 1, 0, 0, 1, 0.5, 0, 1, 0, 0]);
  return { ...found, colours, edge: [1, 1, 1], size: 3, border: 1, ratio: 1 };
}

/**
 * @param {Pixels} sheet
 * @param {number} x
 * @param {number} y
 */
function at(sheet, x, y) {
  return Array.from(sheet.bytes.subarray(4 * (y * sheet.width + x), 4 * (y * sheet.width + x) + 4));
}

describe("People are drawn in an order", () => {
  test("of those who stand still, those who move, and those under way", () => {
    const order = drawingOrder({
      codes: Uint8Array.of(MOVING, 0, 1, MOVING | PALE, PALE, 3), moved: Uint8Array.of(0, 1, 0, 1, 0, 1),
    });
    assert.deepEqual(Array.from(order.rows), [2, 4, 1, 5, 0, 3]);
    assert.equal(order.still, 2);
  });

  test("that follows from where they go", () => {
    const people = peopleAt([0, 0, 100, 100], [0, 0]);
    moveTo(people, [0, 0, 120, 100], [0, 0], 300);
    assert.deepEqual(Array.from(people.motion.moved), [0, 1]);
    people.motion.put(0, [5, 5]);
    assert.deepEqual(Array.from(people.motion.moved), [1, 1]);
  });
});

describe("A stamp", () => {
  test("is filled in the middle, has the colour of the border around and nothing outside", () => {
    const stamp = new Stamps(scene()).of(RED, 0, 0);
    assert.ok(stamp);
    // Radius 3, and one pixel more on each side of the one in the middle.
    assert.deepEqual([stamp.half, stamp.side], [4, 9]);
    const sheet = new Pixels(9, 9);
    sheet.put(stamp, 0, 0);
    assert.deepEqual(at(sheet, 4, 4), [255, 0, 0, 255]);
    assert.deepEqual(at(sheet, 0, 0)[3], 0);
    // 2.55 pixels from the middle (0.5 and 2.5): 0.95 of the pixel is covered, all by the border.
    const [, green, , alpha] = at(sheet, 6, 4);
    assert.equal(alpha, 242);
    assert.ok(green > 0.9 * 255);
  });

  test("has the opacity of its colour, and less for those who are pale", () => {
    const stamps = new Stamps(scene());
    const middle = 4 * (4 * 9 + 4) + 3;
    assert.equal(stamps.of(BLUE, 0, 0)?.bytes[middle], 128);
    assert.equal(stamps.of(BLUE | PALE, 0, 0)?.bytes[middle], 15);
  });

  test("is larger for those under way", () => {
    const stamps = new Stamps(scene());
    assert.equal(stamps.of(RED | MOVING, 0, 0)?.half, 5);
    assert.equal(stamps.reach, 5);
  });

  test("is made once for each part of a pixel, and not for those who are hidden", () => {
    const stamps = new Stamps(scene());
    assert.equal(stamps.of(RED, 0, PARTS - 1), stamps.of(RED, 0, PARTS - 1));
    assert.notEqual(stamps.of(RED, 0, 0), stamps.of(RED, 0, PARTS - 1));
    assert.equal(stamps.of(HIDDEN, 0, 0), null);
  });

  test("keeps its colours when the palette is changed in place", () => {
    const told = scene();
    const stamps = new Stamps(told);
    assert.ok(dotsAlike(stamps.scene, told));
    told.colours[3] = 0;
    assert.ok(!dotsAlike(stamps.scene, told));
  });
});

describe("A sheet of pixels", () => {
  const point = (/** @type {number[]} */ ...bytes) => {
    const list = Uint8ClampedArray.from(bytes);
    return { half: 0, side: 1, bytes: list, pixels: new Uint32Array(list.buffer) };
  };

  test("lays half of a colour over another", () => {
    const sheet = new Pixels(2, 1);
    sheet.put(point(255, 0, 0, 255), 1, 0);
    sheet.put(point(0, 0, 255, 51), 1, 0);
    // A fifth of blue over red.
    assert.deepEqual(at(sheet, 1, 0), [204, 0, 51, 255]);
    assert.deepEqual(at(sheet, 0, 0), [0, 0, 0, 0]);
  });

  test("adds up what shines through", () => {
    const sheet = new Pixels(1, 1);
    sheet.put(point(200, 0, 0, 51), 0, 0);
    sheet.put(point(200, 0, 0, 51), 0, 0);
    // 1 - 0.8 * 0.8 of the pixel.
    assert.deepEqual(at(sheet, 0, 0), [200, 0, 0, 92]);
  });

  test("cuts off what lies outside", () => {
    const stamp = new Stamps(scene()).of(RED, 0, 0);
    assert.ok(stamp);
    const sheet = new Pixels(6, 6);
    for (const [left, top] of [[-4, -4], [1, 1], [-20, 0], [0, 20]]) sheet.put(stamp, left, top);
    assert.deepEqual(at(sheet, 0, 0), [255, 0, 0, 255]);
    assert.deepEqual(at(sheet, 5, 5), [255, 0, 0, 255]);
    sheet.clear();
    assert.ok(sheet.pixels.every((one) => one === 0));
  });
});

describe("Two scenes", () => {
  test("are seen alike from the same point only", () => {
    const told = scene();
    assert.ok(viewsAlike(told, { ...told, share: 0.5 }));
    assert.ok(!viewsAlike(told, { ...told, x: told.x + 1 }));
    assert.ok(!viewsAlike(told, { ...told, scale: 2 * told.scale }));
  });
});
