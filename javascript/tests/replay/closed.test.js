import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { closedAt } from "../../src/replay/closed_at.js";
import { readClosed } from "../../src/replay/run.js";

/** @param {number[]} numbers */
function packed(...numbers) {
  const bytes = new Uint8Array(Uint16Array.from(numbers).buffer);
  return { kind: /** @type {const} */ ("Uint16Array"), data: deflateSync(bytes).toString("base64") };
}

const RUN = /** @type {import("../../src/replay/run.js").Run} */ (/** @type {unknown} */ ({
  closed: [
    await readClosed({ minute: 480, rings: packed(1, 1, 9, 1, 1, 9), sizes: [3], places: packed() }),
    await readClosed({ minute: 600, rings: packed(), sizes: [], places: packed(5, 5) }),
  ],
}));

test("What is closed holds until it changes", () => {
  const told = (/** @type {number} */ minute) => {
    const { closed, closed_sizes: sizes, closed_places: places } = closedAt(RUN, minute);
    return [[...closed], sizes, [...places]];
  };
  assert.deepEqual(told(479), [[], [], []]);
  assert.deepEqual(told(480), [[1, 1, 9, 1, 1, 9], [3], []]);
  assert.deepEqual(told(1440), [[], [], [5, 5]]);
  assert.equal(closedAt(RUN, 500), closedAt(RUN, 510));
});
