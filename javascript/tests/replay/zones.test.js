import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { zoneTraits } from "../../src/replay/slow_layers.js";

/** @typedef {import("../../src/replay/run.js").Run} Run */

const DAY = 1440;
// Two visits to the second zone on the first day, and one on the second, from 0:10 to 0:20; colours
// are known every three hours.
const RUN = /** @type {Run} */ (/** @type {unknown} */ ({
  payload: {
    zone_names: ["West", "East"], zone_every: 180,
    zone_looks: {
      visits: { title: "visits today", low: 0, high: 2, ends: ["0", "2"] },
      mood: { title: "mean mood" },
    },
  },
  track: {
    start: Int32Array.of(480, 600, DAY + 10), end: Int32Array.of(500, 700, DAY + 20),
    place: Int32Array.of(0, 0, 0),
  },
  zones: {
    middles: new Uint16Array(4), steps: new Uint8Array(2 * 17 * 2).map((_, at) => at % 14),
    ofPlace: Uint16Array.of(1), visits: Int32Array.of(0, 1, 2),
  },
}));

describe("Zones", () => {
  test("count the visits since midnight, from the first minute after it", () => {
    const words = (/** @type {number} */ minute) =>
      /** @type {string} */ (zoneTraits(RUN, "visits", null, minute).zone_words).split("\n")[1];
    assert.deepEqual([501, 701, DAY, DAY + 1, DAY + 21].map(words), [
      "visits today: 1", "visits today: 2", "visits today: 2", "visits today: 0", "visits today: 1"]);
  });

  test("have one scale of visits all day", () => {
    const { zone_codes: codes, zone_look: look } = zoneTraits(RUN, "visits", null, 501);
    assert.deepEqual([...(/** @type {Uint8Array} */ (codes))], [0, 7]);
    assert.deepEqual([look.high, look.title], [2, "visits today"]);
  });

  test("say of when their colours are, if that is not now", () => {
    const title = (/** @type {number} */ minute) => zoneTraits(RUN, "mood", null, minute).zone_look.title;
    assert.deepEqual([180, 181, DAY + 170, 5000].map(title), [
      "mean mood", "mean mood, as of 03:00", "mean mood, as of 00:00", "mean mood, as of 00:00"]);
    assert.deepEqual(zoneTraits(RUN, "", null, 181).zone_look, {});
  });
});
