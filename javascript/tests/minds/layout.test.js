import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { toneColour } from "../../src/minds/kinds.js";
import { forceLayout, timeLayout } from "../../src/minds/layout.js";

/** @param {number} count */
function people(count) {
  return Array.from({ length: count }, (_, id) =>
    ({ id, name: `${id}`, note: "", tone: 0, own: id === 0, minute: 10 * id }));
}

/**
 * @param {number} from
 * @param {number} to
 */
function tie(from, to) {
  return { from, to, tone: 0, weight: 1, note: "" };
}

describe("Forces", () => {
  const spots = forceLayout(people(30), [tie(0, 1), tie(2, 3)], new Map());

  test("keep everybody within the picture, and the person whom it is about in the middle", () => {
    for (const { x, y } of spots.values()) assert.ok(x > 0 && x < 1 && y > 0 && y < 1);
    assert.deepEqual(spots.get(0), { x: 0.5, y: 0.5 });
  });

  test("make room in the middle for somebody else", () => {
    const others = people(5).map((one) => ({ ...one, own: one.id === 3 }));
    const after = forceLayout(others, [], forceLayout(people(5), [], new Map()));
    assert.deepEqual(after.get(3), { x: 0.5, y: 0.5 });
    assert.equal(new Set([...after.values()].map(({ x, y }) => `${x} ${y}`)).size, 5);
  });

  test("bring those who know each other together", () => {
    const far = (/** @type {number} */ a, /** @type {number} */ b) => Math.hypot(
      Number(spots.get(a)?.x) - Number(spots.get(b)?.x), Number(spots.get(a)?.y) - Number(spots.get(b)?.y));
    const others = Array.from({ length: 20 }, (_, at) => far(2, at + 4));
    assert.ok(far(2, 3) < others.toSorted((a, b) => a - b)[10]);
  });

  test("lead to the same each time, and leave people where they stood", () => {
    assert.deepEqual(forceLayout(people(30), [tie(0, 1), tie(2, 3)], new Map()), spots);
    assert.deepEqual(forceLayout(people(30), [], spots), spots);
  });
});

describe("By time", () => {
  // 0 tells 1 and 2; 1 tells 3.
  const spots = timeLayout(people(4), [tie(0, 1), tie(0, 2), tie(1, 3)]);

  test("those who heard later stand further to the right", () => {
    const xs = [0, 1, 2, 3].map((id) => Number(spots.get(id)?.x));
    assert.deepEqual(xs.toSorted((a, b) => a - b), xs);
  });

  test("those whom somebody told follow that person", () => {
    const order = [...spots].sort(([, a], [, b]) => a.y - b.y).map(([id]) => id);
    assert.deepEqual(order, [0, 1, 3, 2]);
  });

  test("nobody is lost who was told in a circle", () => {
    assert.equal(timeLayout(people(3), [tie(0, 1), tie(1, 0), tie(1, 2)]).size, 3);
  });
});

test("A tone goes from red through grey to blue", () => {
  assert.equal(toneColour(0), "rgb(140 140 140)");
  assert.equal(toneColour(-2), "rgb(207 90 90)");
  assert.equal(toneColour(1), "rgb(58 134 200)");
});
