import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dayLines, momentLabel, shareAt, timeLabels, tripBars } from "../../src/scrubber/layout.js";

describe("The time bar", () => {
  test("has a bar for each hour, the highest for the most trips", () => {
    // Of 24 hours each is 1000 / 24 = 41.67 wide, and 8 % of it stay free on either side.
    const [first, second] = tripBars([5, 10], 1440, 60);
    assert.deepEqual([first.height, first.y, first.isPast], [21, 29, true]);
    assert.deepEqual([second.height, second.y, second.isPast], [42, 8, false]);
    assert.ok(Math.abs(second.x - 45) < 1e-9);
    assert.ok(Math.abs(second.width - 35) < 1e-9);
  });

  test("knows which share of it a point is at, within its ends", () => {
    assert.deepEqual([8, 258, 508, 999, 0].map((x) => shareAt(x, 516)), [0, 0.5, 1, 1, 0]);
  });

  test("stays flat while there are no trips", () => {
    assert.equal(tripBars([0], 1440, 60)[0].height, 0);
  });

  test("of one day is labelled every three hours", () => {
    const labels = timeLabels(1440);
    assert.deepEqual(labels.map(({ text }) => text).slice(0, 3), ["00:00", "03:00", "06:00"]);
    assert.deepEqual(labels.map(({ share }) => share).slice(0, 3), [0, 0.125, 0.25]);
    assert.deepEqual(labels.map(({ isCentred }) => isCentred).slice(0, 2), [false, true]);
    assert.deepEqual(dayLines(1440), []);
  });

  test("of several days names them, with a line between", () => {
    assert.deepEqual(timeLabels(2880).map(({ text }) => text), ["Day 1", "Day 2"]);
    assert.deepEqual(dayLines(2880), [500]);
  });

  test("tells the day only where there are several", () => {
    assert.equal(momentLabel(765, 1440), "12:45");
    assert.equal(momentLabel(1440 + 765, 2880), "Day 2, 12:45");
    assert.equal(momentLabel(2880, 2880), "Day 2, 00:00");
  });
});
