import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { activityRows, zoneRows } from "../../src/map/data/counts.js";
import { zoneFinder } from "../../src/map/data/zones.js";
import { peopleAt } from "../people.js";

/** @param {...number} points */
const outline = (...points) => Uint16Array.from(points);
const SQUARE = outline(0, 0, 100, 0, 100, 100, 0, 100);
const TRIANGLE = outline(100, 0, 200, 0, 100, 100);

describe("The zone of a point", () => {
  const zoneAt = zoneFinder([SQUARE, TRIANGLE]);

  test("is the one around it", () => {
    assert.equal(zoneAt(50, 50), 0);
    assert.equal(zoneAt(120, 20), 1);
  });

  test("is none outside, not even inside the box around a zone", () => {
    assert.equal(zoneAt(190, 90), -1);
    assert.equal(zoneAt(500, 50), -1);
  });

  test("may be hollow", () => {
    // A U: open at the top between 40 and 60.
    const u = outline(0, 0, 40, 0, 40, 60, 60, 60, 60, 0, 100, 0, 100, 100, 0, 100);
    const inU = zoneFinder([u]);
    assert.deepEqual([inU(50, 30), inU(20, 30), inU(50, 80)], [-1, 0, 0]);
  });

  test("is none in a city without zones", () => {
    assert.equal(zoneFinder([])(1, 1), -1);
    assert.equal(zoneFinder([outline()])(1, 1), -1);
  });
});

describe("The tables", () => {
  // Doings: 0 sleep, 1 work, 2 travel.
  const people = peopleAt([10, 10, 50, 50, 120, 20, 900, 900], [1, 1, 0, 2]);

  test("tell what people do, the most frequent first", () => {
    assert.deepEqual(activityRows(people), [
      ["work", "2", "50.0 %"], ["sleep", "1", "25.0 %"], ["travel", "1", "25.0 %"],
    ]);
  });

  test("tell where people are, what most do there, and how many are under way", () => {
    const rows = zoneRows(people, ["Old Town", "Docks"], zoneFinder([SQUARE, TRIANGLE]));
    assert.deepEqual(rows, [
      ["Old Town", "2", "work", "0"],
      ["Docks", "1", "sleep", "0"],
      ["elsewhere", "1", "travel", "1"],
    ]);
  });

  test("are empty if nobody lives in the city", () => {
    assert.deepEqual(activityRows(peopleAt([], [])), []);
  });
});
