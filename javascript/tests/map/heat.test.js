import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { averaged, blurred, countedInCells, tinted } from "../../src/map/data/heat.js";

describe("Heat", () => {
  test("counts points in cells and leaves out those outside", () => {
    const points = Float64Array.of(0, 0, 5.9, 5.9, 6, 0, -1, 0, 0, 12, 18, 0);
    const { counts } = countedInCells(points, 3, 2, 6);
    assert.deepEqual([...counts], [2, 1, 0, 0, 0, 0]);
  });

  test("averages over five cells and turns the grid", () => {
    const grid = { counts: Float32Array.of(0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0), columns: 6, lines: 2 };
    const turned = averaged(grid);
    assert.deepEqual([turned.columns, turned.lines], [2, 6]);
    // The first line is now the first column: 1 in the five cells around the middle.
    const column = [0, 1, 2, 3, 4, 5].map((line) => turned.counts[2 * line]);
    assert.deepEqual(column, [1, 1, 1, 1, 1, 0]);
  });

  test("keeps the number of people when it is blurred away from the edge", () => {
    const counts = new Float32Array(41 * 41);
    counts[20 * 41 + 20] = 7;
    const { counts: soft } = blurred({ counts, columns: 41, lines: 41 });
    assert.ok(Math.abs(soft.reduce((sum, one) => sum + one, 0) - 7) < 1e-4);
    assert.equal(soft[20 * 41 + 22], soft[22 * 41 + 20]);
  });

  test("is clear where nobody is, and has the upper colour where most are", () => {
    const grid = { counts: Float32Array.of(0, 9), columns: 2, lines: 1 };
    const pixels = tinted(grid, { low: [1, 0, 0], high: [0, 0, 1] });
    assert.equal(pixels[3], 0);
    // Opacity 0.85 * 255 = 216.75
    assert.deepEqual([...pixels.subarray(4)], [0, 0, 255, 217]);
  });
});
