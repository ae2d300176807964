import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { nearest } from "../../src/map/data/hit.js";
import { spread } from "../../src/map/data/spread.js";
import { MOVING, PALE } from "../../src/map/data/people.js";
import { moveTo, peopleAt } from "../people.js";

const everybody = () => true;

describe("A crowd at one place", () => {
  test("stands in a spiral: the first in the middle, the next one gap away", () => {
    const points = Uint16Array.of(100, 100, 100, 100, 500, 500);
    const spots = spread(points, Uint8Array.of(0, 0, 0), 2, 10);
    assert.deepEqual([...spots.subarray(0, 2)], [100, 100]);
    assert.ok(Math.abs(Math.hypot(spots[2] - 100, spots[3] - 100) - 10) < 1e-4);
    assert.deepEqual([...spots.subarray(4)], [500, 500]);
  });

  test("takes an area that grows with the number of people", () => {
    const spots = spread(new Uint16Array(2 * 101), new Uint8Array(101), 2, 10);
    // The last of 101 has rank 100: 10 * sqrt(100).
    assert.ok(Math.abs(Math.hypot(spots[200], spots[201]) - 100) < 1e-3);
  });

  test("leaves those who travel on their way", () => {
    const spots = spread(Uint16Array.of(7, 7, 7, 7), Uint8Array.of(2, 2), 2, 10);
    assert.deepEqual([...spots], [7, 7, 7, 7]);
  });
});

describe("People", () => {
  test("are counted by what they do and by colour", () => {
    const people = peopleAt([0, 0, 1, 1, 2, 2], [0x01, 0x31, 0x32]);
    assert.deepEqual([...people.countByActivity()], [0, 2, 1]);
    assert.deepEqual([...people.countByColour()].slice(0, 4), [1, 0, 0, 2]);
  });

  test("are marked for the painter while they travel", () => {
    const people = peopleAt([0, 0, 1, 1], [0x31, 0x32]);
    assert.deepEqual([...people.codes], [3, 3 | MOVING]);
  });

  test("who are not looked at are marked for the painter, once it is known of all of them", () => {
    const people = peopleAt([0, 0, 1, 1], [0x31, 0x32]);
    people.takeEmphasis(Uint8Array.of(0, 1));
    assert.deepEqual([...people.codes], [3 | PALE, 3 | MOVING]);
    people.takeEmphasis(Uint8Array.of(0));
    assert.deepEqual([...people.codes], [3, 3 | MOVING]);
  });

  test("without a name are called by their number", () => {
    const people = peopleAt([0, 0, 1, 1, 2, 2], [0, 0, 0]);
    assert.deepEqual([0, 1, 2].map((row) => people.nameOf(row)), ["Ann", "Bo", "person 12"]);
  });

  test("are found by id while they are there", () => {
    const people = peopleAt([0, 0, 1, 1], [0, 0]);
    assert.equal(people.rowOf(11), 1);
    assert.equal(people.rowOf(99), -1);
    moveTo(people, [0, 0], [0], 100);
    assert.equal(people.rowOf(11), -1);
  });

  test("may do what has no label yet", () => {
    const people = peopleAt([0, 0], [0x0f]);
    assert.equal(people.activityOf(0), "");
  });
});

describe("The person under the pointer", () => {
  const view = { x: 0, y: 0, scale: 0.5 };
  const people = peopleAt([100, 100, 120, 100], [0x01, 0x31]);

  test("is the nearest within reach", () => {
    // On the screen they stand at 50 and 60 pixels.
    const where = { view, share: 1, reach: 14 };
    assert.equal(nearest(people, { ...where, point: [53, 50] }, everybody), 0);
    assert.equal(nearest(people, { ...where, point: [58, 50] }, everybody), 1);
    assert.equal(nearest(people, { ...where, point: [80, 50] }, everybody), -1);
  });

  test("is none of those whose colour is hidden", () => {
    const where = { view, share: 1, reach: 14, point: /** @type {[number, number]} */ ([58, 50]) };
    assert.equal(nearest(people, where, (colour) => colour !== 3), 0);
  });

  test("is found on the way between two places", () => {
    const walker = peopleAt([0, 0], [2]);
    moveTo(walker, [200, 0], [2], 300);
    assert.equal(nearest(walker, { view, share: 0.5, reach: 2, point: [50, 0] }, everybody), 0);
    assert.equal(nearest(walker, { view, share: 1, reach: 2, point: [50, 0] }, everybody), -1);
  });
});
