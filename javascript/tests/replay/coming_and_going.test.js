import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { peopleThere, positionsAt, seek } from "../../src/replay/moments.js";

describe("People who come and go", () => {
  // The first lives there all the time, the second from 12:00 to 18:00, the third has no rows.
  const track = /** @type {import("../../src/replay/payload.js").Track} */ (/** @type {unknown} */ ({
    first: Int32Array.of(0, 1, 3, 3), start: Int32Array.of(0, 720, 900), end: Int32Array.of(1440, 900, 1080),
    ends: Uint16Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), journeys: new Map(),
  }));
  const rows = new Int32Array(3);
  /** @param {number} minute */
  const there = (minute) => {
    seek(track, rows, minute);
    return peopleThere(rows);
  };

  test("are there from their first minute to their last, whichever way the run is gone through", () => {
    const expected = [[300, [0]], [719, [0]], [720, [0, 1]], [901, [0, 1]], [1080, [0, 1]], [1081, [0]]];
    for (const [minute, people] of [...expected, ...expected.toReversed()]) {
      assert.deepEqual(there(Number(minute)), people);
    }
  });

  test("have a place on the map only then", () => {
    there(1000);
    assert.deepEqual([...positionsAt(track, rows, 1000)], [1, 1, 3, 3]);
    there(1200);
    assert.deepEqual([...positionsAt(track, rows, 1200)], [1, 1]);
  });
});
