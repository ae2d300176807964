import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { namedIn, readable } from "../../src/minds/names.js";

describe("Names of a network", () => {
  /**
   * @param {number} x
   * @param {number} y
   * @param {boolean} [isLeft]
   */
  const name = (x, y, isLeft = false, text = "Ann Lee") => ({ x, y, text, isLeft });

  test("are written where they cover none before them", () => {
    assert.deepEqual([...readable([name(0, 50), name(20, 55), name(0, 70), name(90, 50)])], [0, 2, 3]);
  });

  test("stand to the left of a dot near the right edge", () => {
    // From 29 to 78, and from 30 to 79.
    assert.deepEqual([...readable([name(89, 50, true), name(19, 50)])], [0]);
    assert.deepEqual([...readable([name(89, 50, true), name(89, 50)])], [0, 1]);
  });

  test("in Chinese take more room a sign", () => {
    assert.deepEqual([...readable([name(0, 50, false, "王小明王小明王"), name(70, 50)])], [0]);
    assert.deepEqual([...readable([name(0, 50, false, "Ann Lee"), name(70, 50)])], [0, 1]);
  });

  test("are those of whom it is about, and of those with the most lines", () => {
    const nodes = [1, 2, 3].map((id) =>
      ({ id, name: "Ann Lee", note: "", tone: 0, own: id === 3, minute: 0 }));
    const edges = [{ from: 1, to: 2, tone: 0, weight: 1, note: "" }];
    const together = { x: 0, y: 0, isLeft: false };
    const namedAt = (/** @type {(id: number) => object} */ at) =>
      [...namedIn({ nodes, edges }, ({ id }) => ({ ...together, ...at(id) }))];
    assert.deepEqual(namedAt(() => ({})), [3]);
    assert.deepEqual(namedAt((id) => ({ y: 20 * id })), [3, 1, 2]);
    assert.deepEqual(namedAt((id) => ({ y: id === 3 ? 20 : 0 })), [3, 1]);
  });
});
