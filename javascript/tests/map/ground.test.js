import assert from "node:assert/strict";
import { test } from "node:test";

import { areasOf } from "../../src/map/data/areas.js";
import { NO_KIND, kindAround } from "../../src/map/data/ground.js";

const SQUARE = [0, 0, 65535, 0, 65535, 65535, 0, 65535];
const TOWN = [20000, 20000, 40000, 20000, 40000, 40000, 20000, 40000];
const WEST = [0, 0, 30000, 0, 30000, 65535, 0, 65535];

/**
 * @param {number[][][]} shapes Rings of each area.
 * @param {number[]} kinds
 */
function areas(shapes, kinds) {
  return areasOf({
    points: Uint16Array.from(shapes.flat(2)),
    rings: shapes.flat().map((ring) => ring.length / 2),
    shapes: shapes.map((rings) => rings.length),
    kinds: Uint8Array.from(kinds),
  });
}

test("fields around a town, with a hole for it, are what lies around", () => {
  assert.equal(kindAround(areas([[TOWN], [SQUARE, TOWN]], [3, 5])), 5);
});

test("where the corners lie in several areas, or in none, nothing is known", () => {
  assert.equal(kindAround(areas([[WEST], [TOWN]], [1, 2])), NO_KIND);
  assert.equal(kindAround(areas([], [])), NO_KIND);
});
