import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { BoxGrid } from "../../src/map/data/box_grid.js";
import { centredBox, placedLabels, twoLines } from "../../src/map/data/labels.js";
import { rowsNamed } from "../../src/map/data/names.js";
import { lengthLabel, roundLength } from "../../src/map/data/scale_bar.js";
import { dotRadius } from "../../src/map/painters/scene.js";
import { wheelFactor } from "../../src/map/controls/pointer.js";

/** @typedef {import("../../src/map/data/labels.js").Box} Box */

/**
 * Return a map of 300 by 100 pixels on which some boxes are taken.
 *
 * @param {Box[]} taken
 */
function gridOf(taken) {
  const grid = new BoxGrid({ width: 300, height: 100 });
  taken.forEach((box) => grid.take(box));
  return grid;
}

describe("A grid of boxes", () => {
  test("finds what is taken, also where a box reaches over several cells", () => {
    const grid = gridOf([{ left: 10, top: 10, width: 200, height: 60 }]);
    const at = (/** @type {number} */ left, /** @type {number} */ top) =>
      grid.isFree({ left, top, width: 5, height: 5 });
    assert.deepEqual([at(4, 10), at(6, 10), at(150, 40), at(210, 40), at(209, 40)],
      [true, false, false, true, false]);
  });

  test("has nothing free outside the map", () => {
    const grid = gridOf([]);
    for (const [left, top] of [[-1, 5], [296, 5], [5, -1], [5, 96]]) {
      assert.equal(grid.isFree({ left, top, width: 5, height: 5 }), false);
    }
    assert.equal(grid.isFree({ left: 295, top: 95, width: 5, height: 5 }), true);
  });

  test("agrees with a look at every box", () => {
    const boxes = Array.from({ length: 60 }, (_, at) => (
      { left: (at * 53) % 270, top: (at * 31) % 80, width: 5 + (at % 25), height: 4 + (at % 13) }));
    const grid = gridOf([]);
    /** @type {Box[]} */
    const taken = [];
    for (const box of boxes) {
      const isFree = taken.every((one) => one.left >= box.left + box.width ||
        box.left >= one.left + one.width || one.top >= box.top + box.height ||
        box.top >= one.top + one.height);
      assert.equal(grid.isFree(box), isFree);
      if (isFree) {
        grid.take(box);
        taken.push(box);
      }
    }
    assert.ok(taken.length > 5 && taken.length < 60);
  });
});

describe("Labels", () => {
  const look = { height: 10, gap: 5 };

  test("stand to the right of what they name", () => {
    const found = placedLabels([{ x: 100, y: 50, width: 40 }], look, gridOf([]));
    assert.deepEqual(found, [{ left: 105, top: 45, width: 40, height: 10 }]);
  });

  test("go to the left, above or below where the right is taken", () => {
    const right = { left: 120, top: 45, width: 10, height: 10 };
    const left = { left: 60, top: 45, width: 20, height: 10 };
    const above = { left: 95, top: 30, width: 10, height: 15 };
    const label = { x: 100, y: 50, width: 40 };
    const places = [[right], [right, left], [right, left, above]].map((taken) => {
      const [found] = placedLabels([label], look, gridOf(taken));
      return [found?.left, found?.top];
    });
    assert.deepEqual(places, [[55, 45], [80, 35], [80, 55]]);
  });

  test("are left out where there is no room", () => {
    const everywhere = { left: 0, top: 0, width: 300, height: 300 };
    assert.deepEqual(
      placedLabels([{ x: 100, y: 50, width: 40 }], look, gridOf([everywhere])), [null]);
  });

  test("stay on the map", () => {
    const labels = [[290, 50], [-10, 50], [150, 1]].map(([x, y]) => ({ x, y, width: 40 }));
    const found = placedLabels(labels, look, gridOf([]));
    assert.deepEqual(found.map((box) => box && [box.left, box.top]), [[245, 45], null, [130, 6]]);
  });

  test("do not cover one another, and make way for nobody if they were left out", () => {
    const wall = [
      { left: -100, top: 0, width: 105, height: 100 },
      { left: 5, top: 0, width: 300, height: 45 },
      { left: 5, top: 55, width: 300, height: 45 },
    ];
    const labels = [0, 20, 45].map((x) => ({ x, y: 50, width: 40 }));
    const found = placedLabels(labels, look, gridOf(wall)).map((box) => box && box.left);
    assert.deepEqual(found, [5, null, 50]);
  });
});

describe("A name of an area", () => {
  test("stands in its middle", () => {
    assert.deepEqual(
      centredBox({ x: 100, y: 50, width: 40 }, 10), { left: 80, top: 45, width: 40, height: 10 });
  });

  test("that is long is cut in two at the space nearest to its middle", () => {
    assert.deepEqual(twoLines("Kaivopuisto", 14), ["Kaivopuisto"]);
    assert.deepEqual(twoLines("Keskuspuiston suuri osa", 14), ["Keskuspuiston", "suuri osa"]);
    assert.deepEqual(twoLines("Pitk\u00e4kalliontienpuisto", 14), ["Pitk\u00e4kalliontienpuisto"]);
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
