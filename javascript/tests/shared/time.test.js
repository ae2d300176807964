import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { clamp, grouped, lerp } from "../../src/shared/numbers.js";
import { clock, dayAndClock, dayNumber } from "../../src/shared/time.js";

describe("Times", () => {
  test("are told as hours and minutes of the day", () => {
    assert.deepEqual([0, 65, 1439, 1440, 1505].map(clock), ["00:00", "01:05", "23:59", "00:00", "01:05"]);
  });

  test("before the start are of the day before", () => {
    assert.equal(clock(-5), "23:55");
  });

  test("count days from one", () => {
    assert.deepEqual([0, 1439, 1440].map((minute) => dayNumber(minute, 3)), [1, 1, 2]);
  });

  test("at the last midnight belong to the last day", () => {
    assert.equal(dayAndClock(2880, 2), "Day 2, 00:00");
  });
});

test("numbers are limited, blended and grouped", () => {
  assert.deepEqual([clamp(5, 0, 3), clamp(-5, 0, 3), clamp(2, 0, 3)], [3, 0, 2]);
  assert.equal(lerp(10, 20, 0.25), 12.5);
  assert.equal(grouped(1234567), "1,234,567");
});
