import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { alphaOf } from "../../src/map/drawing/past_trips.js";
import { readHours } from "../../src/map/message/read.js";
import { hoursFollowers } from "../../src/map/panels/hours.js";

const MARKED = {
  label: "07:00-09:00, day 1", trips: 1200, drawn: 1200, hasVisits: false,
  modes: new Uint8Array(0), lines: [],
};

/** @param {object} values */
const sent = (values) => /** @type {any} */ ({
  get: (/** @type {keyof typeof values} */ name) => values[name],
});

/**
 * @param {Partial<typeof MARKED>} hours
 * @param {string[]} layers
 */
const followers = (hours, ...layers) =>
  hoursFollowers({ hours: { ...MARKED, ...hours }, layers: new Set(layers) });

describe("The marked hours", () => {
  test("come with the lines of trips that began in them", () => {
    const hours = readHours(sent({
      hours: { label: "07:00-09:00, day 1", trips: 5, drawn: 2, visits: true },
      past_xy: Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
      past_sizes: Uint16Array.of(2, 3),
      past_modes: Uint8Array.of(0, 3),
    }));
    assert.deepEqual(hours.lines.map((line) => [...line]), [[1, 2, 3, 4], [5, 6, 7, 8, 9, 10]]);
    assert.deepEqual([...hours.modes], [0, 3]);
    assert.ok(hours.hasVisits);
  });

  test("are none where nothing is sent", () => {
    assert.equal(readHours(sent({})).label, "");
  });

  test("are said of the layers that follow them, and of no others", () => {
    assert.deepEqual(followers({}, "people", "trips"), ["1,200 trips"]);
    assert.deepEqual(followers({ drawn: 300, hasVisits: true }, "trips", "flows"),
      ["1,200 trips (300 drawn)", "flows", "visits"]);
    assert.deepEqual(followers({}, "people"), []);
    assert.deepEqual(followers({ label: "" }, "trips"), []);
  });
});

describe("Lines of past trips", () => {
  test("are the paler the more there are, within bounds", () => {
    assert.equal(alphaOf(100), 0.6);
    assert.equal(alphaOf(1), 0.75);
    assert.equal(alphaOf(100_000), 0.16);
  });
});
