import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dayAt } from "../../src/replay/day_at.js";
import { feedAt } from "../../src/replay/feed_at.js";
import { beliefsAt, lowerBound, memoriesAt, moodAt, thoughtsAt, tiesAt } from "../../src/replay/minds.js";
import { DAY, MINDS, RUN } from "./run_with_minds.js";

const FILTER = { kinds: ["conversations", "decisions", "messages"], source: "", text: "", only: false };

describe("The mind of a person at a minute", () => {
  test("has the latest memories that fit, the newest first", () => {
    const told = memoriesAt(MINDS, 0, 121).map(({ when, liked }) => [when, liked]);
    assert.deepEqual(told, [[60, 0.7], [0, null]]);
    assert.deepEqual(memoriesAt(MINDS, 0, 200).map(({ when }) => when), [120, 60]);
    assert.deepEqual(memoriesAt(MINDS, 1, 200), []);
  });

  test("has beliefs that fade to neutral", () => {
    const [best, other] = beliefsAt(MINDS, 0, DAY);
    // A day later a tenth of 1 - 0.5 is forgotten; that of the second place is a day old at 1540.
    assert.equal(best.place, 0);
    assert.ok(Math.abs(best.shares[0] - 0.95) < 1e-9);
    assert.ok(Math.abs(other.shares[0] - 0.6) < 1e-9);
  });

  test("has insights that fade, until they are given up", () => {
    const [held] = thoughtsAt(MINDS, 0, 720);
    assert.equal(held.text, "lunch at noon");
    assert.ok(Math.abs(held.strength - 0.8 * 0.5 ** 0.5) < 1e-9);
    assert.deepEqual(thoughtsAt(MINDS, 0, 721), []);
  });

  test("has the closest people first, and those known from the start at midnight", () => {
    assert.deepEqual(tiesAt(MINDS, 0, 0).map(({ other }) => other), [1]);
    assert.deepEqual(tiesAt(MINDS, 0, 1000).map(({ other }) => other), [1, 2]);
  });

  test("has the mood that was written last", () => {
    assert.equal(moodAt(MINDS, 0, 700).mood, "");
    assert.equal(moodAt(MINDS, 0, 701).mood, "happy");
  });

  test("has a mood that returns to rest, and a thought that passes", () => {
    const told = (/** @type {number} */ minute) => Object.values(moodAt(MINDS, 0, minute)).slice(0, 2);
    // After two hours 30 and -10, after four 15 and -15, and after many 0 and -20.
    assert.deepEqual([780, 839, 840, 900, DAY].map(told), [
      ["happy", "good soup"], ["calm", "good soup"], ["calm", ""], ["calm", ""], ["tired", ""]]);
  });

  test("is found by bisection", () => {
    assert.deepEqual([0, 2, 3, 9].map((one) => lowerBound(Int32Array.of(1, 2, 2, 5), one)), [0, 1, 3, 4]);
  });
});

describe("The feed of a replay", () => {
  /**
   * @param {number} minute
   * @param {object} [filter]
   */
  function titles(minute, filter = {}) {
    const moment = { minute, count: 9, selected: 1, hours: null };
    return feedAt(RUN, { ...FILTER, ...filter }, moment).items.map(({ when, title }) => `${when} ${title}`);
  }

  test("knows what was before the minute, the newest first", () => {
    assert.deepEqual(titles(501), ["Day 1 08:20 talked about tea", "Day 1 08:00 chose the way: walk"]);
    assert.deepEqual(titles(480), []);
  });

  test("is filtered by kind, source, person and words", () => {
    assert.equal(titles(DAY, { kinds: ["decisions"] }).length, 1);
    assert.equal(titles(DAY, { source: "language model" }).length, 1);
    assert.equal(titles(DAY, { only: true }).length, 2);
    assert.equal(titles(DAY, { text: "TEA" }).length, 1);
    assert.equal(titles(DAY, { text: "bo" }).length, 2);
  });

  test("says whether there is more", () => {
    const { items, more } = feedAt(RUN, FILTER, { minute: DAY, count: 2, selected: -1, hours: null });
    assert.deepEqual([items.length, more], [2, true]);
  });

  test("is of the marked hours alone, on the latest day on which they have begun", () => {
    const told = (/** @type {number} */ minute) => {
      const moment = { minute, count: 9, selected: -1, hours: { start: 490, end: 605 } };
      const { items, hours, hint } = feedAt(RUN, FILTER, moment);
      return { minutes: items.map((item) => item.minute), hours, hint };
    };
    assert.deepEqual(told(DAY).minutes, [600, 500]);
    assert.equal(told(DAY).hours, "08:10-10:05, day 1");
    assert.deepEqual(told(550).minutes, [500]);
    assert.deepEqual(told(480).minutes, []);
    assert.equal(told(480).hours, "08:10-10:05, not begun yet");
    assert.deepEqual(told(DAY + 491).minutes, []);
    assert.match(told(DAY + 491).hint, /^Nothing fits in the marked hours/);
  });
});

test("The day has the reason of each choice in the activity to which it belongs", () => {
  const { entries } = dayAt(RUN, 0, 1, 505);
  assert.deepEqual(entries[0].notes, []);
  assert.deepEqual(entries[1].notes, [
    { when: "08:00", kind: "why", text: "chose the way: walk: walk 9 min" },
    { when: "08:20", kind: "talk", text: "with Bo: talked about tea" },
  ]);
});
