import assert from "node:assert/strict";
import { test } from "node:test";

import { threadNet, toldNet } from "../../src/replay/told_at.js";

/** @typedef {import("../../src/replay/run.js").Run} Run */

const COUNT = 400;
const rows = Array.from({ length: COUNT }, (_, row) => row);
// Each of 400 people hears a message from the one before, and answers a post of that one.
const RUN = /** @type {Run} */ (/** @type {unknown} */ ({
  payload: { ids: rows, names: rows.map((row) => `No. ${row}`), days: 1 },
  minds: {
    payload: { kinds: [["messages", "Messages"]] }, texts: ["answer"],
    tables: {
      feed: {
        time: rows, kind: rows.map(() => 0), thread: rows.map(() => 4), person: rows,
        other: rows.map((row) => row - 1), tone: rows.map(() => 0),
      },
      posts: {
        time: rows, post: rows, parent: rows.map((row) => row - 1), root: rows.map(() => 0),
        person: rows, kind: rows.map(() => 0), stance: rows.map(() => 0),
      },
    },
  },
}));

test("All who heard a message are counted, and the first of them are drawn", () => {
  const { nodes, edges, summary } = toldNet(RUN, 4, COUNT, null);
  assert.deepEqual([nodes.length, edges.length], [150, 149]);
  assert.match(summary, /^400 people heard it, 399 of them from others; the first 150 are drawn\./);
  assert.match(toldNet(RUN, 4, 150, null).summary, /^150 people heard it, 149 of them from others\./);
});

test("All posts of a thread are counted, and the first of them are drawn", () => {
  const { nodes, summary } = threadNet(RUN, 0, COUNT, null);
  assert.equal(nodes.length, 150);
  assert.match(summary, /^400 posts of 400 people; the first 150 are drawn\./);
});
