import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { freeLabels } from "../../src/map/data/labels.js";
import { rowsNamed } from "../../src/map/data/names.js";
import { lengthLabel, roundLength } from "../../src/map/data/scale_bar.js";
import { dotRadius } from "../../src/map/painters/scene.js";
import { wheelFactor } from "../../src/map/controls/pointer.js";

describe("Labels", () => {
  test("that would cover an earlier one are left out", () => {
    const boxes = [
      { x: 0, y: 0, width: 50 },
      { x: 40, y: 5, width: 50 },
      { x: 51, y: 5, width: 50 },
      { x: 40, y: 20, width: 50 },
    ];
    assert.deepEqual(freeLabels(boxes, 13), [true, false, true, true]);
  });

  test("make way for nobody if they were left out themselves", () => {
    const boxes = [
      { x: 0, y: 0, width: 50 },
      { x: 40, y: 0, width: 50 },
      { x: 80, y: 0, width: 50 },
    ];
    assert.deepEqual(freeLabels(boxes, 13), [true, false, true]);
  });
});

describe("The scale bar", () => {
  test("is 1, 2 or 5 times a power of ten long, and not longer than there is room", () => {
    const lengths = [1, 1.9, 2, 4.99, 5, 9.99, 10, 1234, 0.7].map(roundLength);
    assert.deepEqual(lengths, [1, 1, 2, 2, 5, 5, 10, 1000, 0.5]);
  });

  test("tells metres below a kilometre", () => {
    assert.equal(lengthLabel(500), "500 m");
    assert.equal(lengthLabel(2000), "2 km");
  });
});

describe("A dot", () => {
  test("is smaller in a crowd", () => {
    assert.deepEqual([100, 2000, 10_000].map((people) => dotRadius(people, 1)), [3.7, 2.9, 2.3]);
  });

  test("grows from close by, up to a limit", () => {
    // 8 ** 0.3 = 1.866
    assert.ok(Math.abs(dotRadius(100, 8) - 3.7 * 1.866) < 0.01);
    assert.equal(dotRadius(100, 1000), 3.7 * 2.4);
  });
});

describe("The wheel", () => {
  test("zooms in by turning it away", () => {
    // exp(0.0016 * 100)
    assert.ok(Math.abs(wheelFactor({ deltaY: -100, deltaMode: 0 }) - 1.1735) < 1e-4);
  });

  test("counts lines as eighteen pixels", () => {
    assert.equal(
      wheelFactor({ deltaY: 5, deltaMode: 1 }), wheelFactor({ deltaY: 90, deltaMode: 0 }));
  });

  test("does not leap", () => {
    assert.equal(
      wheelFactor({ deltaY: 9999, deltaMode: 0 }), wheelFactor({ deltaY: 240, deltaMode: 0 }));
  });
});

describe("Finding names", () => {
  const names = ["Ann Lee", "Bo Hansen", "Anna Bo"];

  test("looks at any part of the name, in either case", () => {
    assert.deepEqual(rowsNamed(names, " bo ", 12), [1, 2]);
  });

  test("finds nobody for no text, and no more than wanted", () => {
    assert.deepEqual(rowsNamed(names, "  ", 12), []);
    assert.deepEqual(rowsNamed(names, "n", 2), [0, 1]);
  });
});
