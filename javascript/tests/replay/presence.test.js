import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dayAt } from "../../src/replay/day_at.js";
import { emphasisAt, newFocus, toggle } from "../../src/replay/focus.js";
import { membersOf } from "../../src/replay/groups.js";
import { ABSENT, positionsAt, presentIn, seek, statesAt } from "../../src/replay/moments.js";
import { peopleAt } from "../../src/replay/place_card.js";
import { RUN } from "./run_with_minds.js";

describe("Who comes or leaves", () => {
  // Of four people the first is there all day, the second until 18:00, the third from 12:00 on, and
  // of the fourth nothing is known.
  /** @type {typeof RUN} */
  const run = {
    ...RUN,
    minds: null,
    household: Int32Array.of(1, 1, 1, 1),
    income: Uint8Array.of(1, 2, 3, 4),
    track: {
      ...RUN.track, journeys: new Map(),
      first: Int32Array.of(0, 1, 2, 3, 3),
      start: Int32Array.of(0, 0, 720),
      end: Int32Array.of(1440, 1080, 1440),
      ends: Uint16Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3),
      doing: Uint8Array.of(0, 1, 1), mode: Int8Array.of(-1, -1, -1), place: Int32Array.of(0, 1, 1),
    },
  };
  const at = (/** @type {number} */ minute, rows = new Int32Array(4)) => {
    seek(run.track, rows, minute);
    return rows;
  };

  test("is there from the first minute to the last", () => {
    const there = (/** @type {number} */ minute) => [...presentIn(at(minute))];
    assert.deepEqual([719, 720, 1080, 1081].map(there), [[0, 1], [0, 1, 2], [0, 1, 2], [0, 2]]);
    assert.deepEqual([...at(1200)], [0, ABSENT, 2, ABSENT]);
    assert.deepEqual([...at(600, at(1200))], [0, 1, ABSENT, ABSENT]);
  });

  test("is drawn, coloured, marked and counted only meanwhile", () => {
    const [early, late] = [at(300), at(1200)];
    assert.deepEqual([...positionsAt(run.track, early, 300)], [1, 1, 2, 2]);
    assert.deepEqual([...positionsAt(run.track, late, 1200)], [1, 1, 3, 3]);
    assert.deepEqual(Array.from(statesAt(run, late, "income", 1200), (one) => one >> 4), [1, 3]);
    assert.deepEqual([early, late].map((rows) => peopleAt(run, rows, 1)), [[1], [2]]);
    const focus = newFocus();
    toggle(focus, "groups", 1);
    assert.deepEqual([...emphasisAt(run, focus, late)], [0, 1]);
    const members = (/** @type {string} */ key) =>
      [...membersOf(run, key, { selected: 0, focus, rows: late }) ?? []];
    assert.deepEqual([members("marked"), members("household")], [[2], [0, 2]]);
  });

  test("has a day that lies behind or ahead meanwhile", () => {
    const status = (/** @type {number} */ person, /** @type {number} */ minute) =>
      dayAt(run, person, at(minute)[person], minute).entries.map((entry) => entry.status);
    assert.deepEqual([status(1, 1200), status(2, 300), status(2, 800)], [["done"], ["next"], ["now"]]);
  });
});
