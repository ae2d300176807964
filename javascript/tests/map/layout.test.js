import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { outside, placedLabels } from "../../src/map/data/labels.js";
import { rowsNamed } from "../../src/map/data/names.js";
import { lengthLabel, roundLength } from "../../src/map/data/scale_bar.js";
import { dotRadius } from "../../src/map/painters/scene.js";
import { wheelFactor } from "../../src/map/controls/pointer.js";

describe("Labels", () => {
  const look = { height: 10, gap: 5 };

  test("stand to the right of what they name", () => {
    const found = placedLabels([{ x: 100, y: 50, width: 40 }], look, []);
    assert.deepEqual(found, [{ left: 105, top: 45, width: 40, height: 10 }]);
  });

  test("go to the left, above or below where the right is taken", () => {
    const right = { left: 120, top: 45, width: 10, height: 10 };
    const left = { left: 60, top: 45, width: 20, height: 10 };
    const above = { left: 95, top: 30, width: 10, height: 15 };
    const label = { x: 100, y: 50, width: 40 };
    const places = [[right], [right, left], [right, left, above]].map((taken) => {
      const [found] = placedLabels([label], look, taken);
      return [found?.left, found?.top];
    });
    assert.deepEqual(places, [[55, 45], [80, 35], [80, 55]]);
  });

  test("are left out where there is no room", () => {
    const everywhere = { left: 0, top: 0, width: 300, height: 300 };
    assert.deepEqual(placedLabels([{ x: 100, y: 50, width: 40 }], look, [everywhere]), [null]);
  });

  test("stay on the map", () => {
    const labels = [[290, 50], [-10, 50], [150, 1]].map(([x, y]) => ({ x, y, width: 40 }));
    const found = placedLabels(labels, look, outside({ width: 300, height: 100 }));
    assert.deepEqual(found.map((box) => box && [box.left, box.top]), [[245, 45], null, [130, 6]]);
  });

  test("do not cover one another, and make way for nobody if they were left out", () => {
    const wall = [
      { left: -100, top: 0, width: 105, height: 100 },
      { left: 5, top: 0, width: 300, height: 45 },
      { left: 5, top: 55, width: 300, height: 45 },
    ];
    const labels = [0, 20, 45].map((x) => ({ x, y: 50, width: 40 }));
    const found = placedLabels(labels, look, wall).map((box) => box && box.left);
    assert.deepEqual(found, [5, null, 50]);
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
