import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Motion } from "../../src/map/data/motion.js";

/** @param {...number} points */
const at = (...points) => Float32Array.from(points);

describe("People on the move", () => {
  test("stand at once where the first message puts them", () => {
    const motion = new Motion();
    motion.moveTo(at(10, 20), 1000, false);
    assert.equal(motion.share(1000), 1);
    assert.deepEqual(motion.position(0, 1), [10, 20]);
  });

  test("are half way after half of the usual pause", () => {
    const motion = new Motion();
    motion.moveTo(at(0, 0), 0, false);
    motion.moveTo(at(100, 40), 300, false);
    // The pause was 300 ms, as was assumed: 0.6 * 300 + 0.4 * 300.
    assert.equal(motion.intervalMs, 300);
    assert.equal(motion.share(450), 0.5);
    assert.deepEqual(motion.position(0, 0.5), [50, 20]);
    assert.equal(motion.share(9999), 1);
  });

  test("set out from where they are when a message comes early", () => {
    const motion = new Motion();
    motion.moveTo(at(0, 0), 0, false);
    motion.moveTo(at(100, 0), 300, false);
    motion.moveTo(at(100, 100), 450, false);
    assert.deepEqual(motion.position(0, 0), [50, 0]);
    // 0.6 * 300 + 0.4 * 150
    assert.equal(motion.intervalMs, 240);
  });

  test("do not creep after a long pause", () => {
    const motion = new Motion();
    motion.moveTo(at(0, 0), 0, false);
    motion.moveTo(at(1, 1), 60_000, false);
    // 0.6 * 300 + 0.4 * 1500
    assert.equal(motion.intervalMs, 780);
  });

  test("jump if the reader wants nothing to move", () => {
    const motion = new Motion();
    motion.moveTo(at(0, 0), 0, true);
    motion.moveTo(at(100, 40), 300, true);
    assert.equal(motion.share(300), 1);
    assert.deepEqual(motion.position(0, 0), [100, 40]);
  });

  test("jump if there are more of them than before", () => {
    const motion = new Motion();
    motion.moveTo(at(0, 0), 0, false);
    motion.moveTo(at(1, 1, 2, 2), 300, false);
    assert.equal(motion.share(300), 1);
  });
});
