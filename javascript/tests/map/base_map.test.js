import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { boxAround, lettersAlong, piecesOf } from "../../src/map/data/along.js";
import { areasOf, edgesOf, extentOf, isInView } from "../../src/map/data/areas.js";
import { partsInView } from "../../src/map/data/clip.js";
import { mixed } from "../../src/map/data/colours.js";
import { groundKind } from "../../src/map/data/ground.js";
import { linesOf, streetsOf } from "../../src/map/data/lines.js";
import { rankOf } from "../../src/map/drawing/icons.js";
import { lineWidth } from "../../src/map/drawing/lines.js";

const SQUARE = [0, 0, 10, 0, 10, 10, 0, 10];
/** The same, the other way round. */
const TURNED = [0, 10, 10, 10, 10, 0, 0, 0];

/** @param {Uint16Array} ring Twice its area: above 0 if it goes clockwise on the screen. */
function winding(ring) {
  let twice = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length;
    twice += ring[at] * ring[next + 1] - ring[next] * ring[at + 1];
  }
  return twice;
}

describe("Areas", () => {
  const hole = [2, 2, 4, 2, 4, 4, 2, 4];

  test("turn their outer rings one way and their holes the other, whatever was sent", () => {
    for (const outer of [SQUARE, TURNED]) {
      const { points } = areasOf({
        points: Uint16Array.from([...outer, ...hole]), rings: [4, 4], shapes: [2],
        kinds: Uint8Array.of(0),
      });
      assert.equal(winding(points.subarray(0, 8)), 200);
      assert.equal(winding(points.subarray(8)), -8);
    }
  });

  test("are taken together where they are of one kind and follow one another", () => {
    const { runs } = areasOf({
      points: Uint16Array.from([...SQUARE, ...SQUARE, ...SQUARE]), rings: [4, 4, 4],
      shapes: [1, 1, 1], kinds: Uint8Array.of(3, 3, 1),
    });
    assert.deepEqual(runs, [{ kind: 3, from: 0, to: 2 }, { kind: 1, from: 2, to: 3 }]);
  });

  test("are left out where they are not in view, or no more than a speck", () => {
    const boxes = Uint16Array.of(0, 0, 10, 10, 500, 500, 503, 501);
    const edges = edgesOf({ x: 5, y: 5, scale: 2 }, { width: 100, height: 100 });
    assert.deepEqual(edges, { left: 5, top: 5, right: 55, bottom: 55 });
    const all = { left: 0, top: 0, right: 999, bottom: 999 };
    assert.deepEqual([0, 1].map((row) => isInView(boxes, row, edges, 0)), [true, false]);
    assert.deepEqual([0, 1].map((row) => isInView(boxes, row, all, 4)), [true, false]);
  });
});

describe("The ground around a city", () => {
  /** @param {number[][]} rings @param {number[]} shapes @param {number[]} kinds */
  const ground = (rings, shapes, kinds) => {
    const areas = areasOf({
      points: Uint16Array.from(rings.flat()), rings: rings.map((ring) => ring.length / 2), shapes,
      kinds: Uint8Array.from(kinds),
    });
    return groundKind(areas, extentOf(areas.boxes));
  };
  const whole = [0, 0, 65535, 0, 65535, 65535, 0, 65535, 0, 0];
  const town = [9000, 9000, 56000, 9000, 56000, 56000, 9000, 56000, 9000, 9000];

  test("is what lies along the edges, whatever lies within", () => {
    assert.equal(ground([whole, town, town], [2, 1], [3, 7]), 3);
  });

  test("is what is drawn last there", () => {
    assert.equal(ground([whole, whole], [1, 1], [3, 7]), 7);
  });

  test("is nothing where kinds share the edges, or nothing lies there", () => {
    const left = [0, 0, 32000, 0, 32000, 65535, 0, 65535, 0, 0];
    assert.equal(ground([whole, left], [1, 1], [3, 7]), -1);
    const bridge = [30000, 0, 30100, 0, 30100, 65535, 30000, 65535, 30000, 0];
    assert.equal(ground([town, bridge], [1, 1], [3, 5]), -1);
    assert.equal(ground([], [], []), -1);
  });
});

test("the extent of the map is the box around all areas and lines", () => {
  const [one, other] = [Uint16Array.of(10, 20, 30, 40), Uint16Array.of(5, 25, 20, 50, 6, 7, 8, 9)];
  assert.deepEqual(extentOf(one, other), { left: 5, top: 7, right: 30, bottom: 50 });
});

describe("Streets", () => {
  // Three pieces of one street, sent in another order and the middle one turned, and one of no
  // name.
  const lines = linesOf({
    points: Uint16Array.of(20, 0, 30, 0, 20, 0, 10, 0, 0, 0, 10, 0, 10, 0, 10, 9),
    sizes: [2, 2, 2, 2], kinds: Uint8Array.of(1, 1, 1, 0),
  });

  test("of one name and kind are put together where they meet", () => {
    const streets = streetsOf(lines, [1, 1, 1, 0], ["Long Street"]);
    assert.equal(streets.length, 1);
    const xs = [...streets[0].points].filter((_, at) => at % 2 === 0);
    assert.deepEqual(xs[0] < xs[3] ? xs : xs.reverse(), [0, 10, 20, 30]);
    assert.equal(streets[0].length, 30);
  });

  test("that only share a name stay apart, the longest first", () => {
    const streets = streetsOf(lines, [1, 0, 1, 1], ["Far Street"]);
    assert.deepEqual(streets.map(({ length }) => length), [10, 10, 9]);
  });

  test("are known by their kinds", () => {
    assert.deepEqual(lines.ofKind, [[3], [0, 1, 2]]);
  });

  test("are as wide as in the city from close by, and thin from afar", () => {
    const look = /** @type {import("../../src/map/message/traits.js").LineLook} */ (
      { width_px: 3, width_m: 10 });
    assert.equal(lineWidth(look, 2), 20);
    assert.equal(lineWidth(look, 0.15), 3);
    // 3 * sqrt(0.0375 / 0.15)
    assert.equal(lineWidth(look, 0.0375), 1.5);
    assert.equal(lineWidth(look, 0.0001), 3 * 0.4);
  });
});

describe("A line", () => {
  const view = { x: 0, y: 0, scale: 1 };
  const size = { width: 100, height: 100 };

  test("is cut at the edges of the map", () => {
    const line = Uint16Array.of(50, 50, 250, 50, 250, 80, 50, 80);
    assert.deepEqual(partsInView(line, view, size), [[50, 50, 100, 50], [100, 80, 50, 80]]);
  });

  test("that crosses the map without a turn on it is in view", () => {
    const line = Uint16Array.of(0, 200, 200, 0);
    assert.deepEqual(partsInView(line, { x: 50, y: 50, scale: 1 }, size), [[0, 100, 100, 0]]);
  });

  test("outside is not in view", () => {
    assert.deepEqual(partsInView(Uint16Array.of(200, 0, 200, 99, 300, 300), view, size), []);
  });
});

describe("A name along a line", () => {
  const pieces = [{ text: "A", width: 10 }, { text: "B", width: 20 }];

  test("is read from left to right, whichever way the line goes", () => {
    for (const line of [[0, 0, 100, 0], [100, 0, 0, 0]]) {
      const found = lettersAlong(line, 50, pieces) ?? [];
      const at = found.map(({ text, x, y }) => [text, Math.round(x), Math.round(y)]);
      assert.deepEqual(at, [["A", 40, 0], ["B", 55, 0]]);
      for (const { angle } of found) assert.ok(Math.abs(Math.sin(angle)) < 1e-9 && Math.cos(angle) > 0);
    }
  });

  test("is left out where the line is too short or turns too sharply", () => {
    assert.equal(lettersAlong([0, 0, 20, 0], 10, pieces), null);
    assert.equal(lettersAlong([0, 0, 50, 0, 50, 50], 50, pieces), null);
  });

  test("takes more room on a slope", () => {
    const box = boxAround({ text: "", x: 50, y: 50, angle: Math.PI / 2, width: 30 }, 10);
    const rounded = Object.fromEntries(Object.entries(box).map(([at, one]) => [at, Math.round(one)]));
    assert.deepEqual(rounded, { left: 45, top: 35, width: 10, height: 30 });
  });

  test("is cut into letters, but not where letters are joined", () => {
    assert.deepEqual(piecesOf("\u6e0b\u8c37"), ["\u6e0b", "\u8c37"]);
    assert.deepEqual(piecesOf("\u0634\u0627\u0631\u0639"), ["\u0634\u0627\u0631\u0639"]);
  });
});

test("an icon that tells more is shown first, one that is not known last", () => {
  const icons = ["other", "health", "nothing", "shop"];
  assert.deepEqual(icons.toSorted((one, two) => rankOf(one) - rankOf(two)),
    ["health", "shop", "other", "nothing"]);
});

test("colours are mixed channel by channel", () => {
  const [red, green, blue] = mixed("#000000", "#ff8000", 0.5).map((one) => Math.round(510 * one));
  assert.deepEqual([red, green, blue], [255, 128, 0]);
});
