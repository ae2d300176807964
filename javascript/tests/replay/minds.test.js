import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";

import { dayAt } from "../../src/replay/day_at.js";
import { feedAt } from "../../src/replay/feed_at.js";
import { beliefsAt, lowerBound, memoriesAt, moodAt, thoughtsAt, tiesAt } from "../../src/replay/minds.js";
import { networkAt } from "../../src/replay/networks_at.js";
import { readRun } from "../../src/replay/run.js";

/** @typedef {import("../../src/replay/payload.js").PackedColumn} PackedColumn */
/** @typedef {import("../../src/replay/run.js").Minds} Minds */

/**
 * @param {Record<string, number[]>} columns
 * @returns {Record<string, PackedColumn>}
 */
function packed(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, numbers]) => [name, {
    kind: /** @type {const} */ ("Int32Array"),
    data: deflateSync(new Uint8Array(Int32Array.from(numbers).buffer)).toString("base64"),
  }]));
}

const TEXTS = ["", "chose the way: walk", "walk 9 min", "talked about tea", "meal", "good soup", "friend",
  "happy", "heard by radio: flood", "believed it", "habit", "lunch at noon"];
const DAY = 1440;
const FILTER = { kinds: ["conversations", "decisions", "messages"], source: "", text: "", only: false };
const RUN = await readRun(JSON.stringify({
  ids: [7, 8, 9], names: ["Ann", "Bo", "Cy"], activities: ["sleep", "work"], groups: [0, 1],
  shades: ["#000000", "#333333"], needs: [], feelings: [], need_looks: [], modes: [],
  places: ["home", "office"], days: 2,
  columns: packed({
    first: [0, 2, 2, 2], start: [0, 480], end: [480, DAY], ends: [0, 0, 0, 0, 0, 0, 0, 0], doing: [0, 1],
    mode: [-1, -1], place: [0, 1], home: [0, 0, 0], income: [1, 1, 1], needs: [], feelings: [],
    way_of: [-1, -1], way_sizes: [], way_xy: [], zone_steps: [], from_zone: [], to_zone: [], zone_xy: [],
  }),
  map_columns: [],
  minds: {
    people: packed({ people: [0, 1] }).people,
    kinds: [["conversations", "Talks"], ["decisions", "Decisions"], ["insights", "Insights"],
      ["messages", "Messages"]],
    sources: ["", "rule", "language model"], tones: ["", "positive", "negative"], capacity: 2, decay: 0.1,
    neutral: 0.5, half_life_days: 1, texts: deflateSync(JSON.stringify(TEXTS)).toString("base64"),
    tables: {
      feed: packed({
        time: [480, 500, 600, 610], kind: [1, 0, 3, 3], person: [0, 0, 0, 1], other: [-1, 1, -1, 0],
        title: [1, 3, 8, 8], text: [2, 0, 9, 9], source: [1, 2, 1, 1], tone: [0, 1, 0, 2],
        thread: [-1, -1, 4, 4],
      }),
      posts: packed({
        time: [590, 600, 610, 620], post: [0, 1, 2, 3], parent: [-1, 0, 1, -1], root: [0, 0, 0, 3],
        person: [-1, 0, 1, 2], kind: [4, 4, 4, 4], stance: [0, 50, -50, 0], topic: [4, 4, 4, 4],
      }),
      memories: packed({
        person: [0, 0, 0], time: [60, 120, 180], number: [1, 2, 3], start: [0, 60, 120],
        place: [0, 1, 0], key: [4, 4, 4], text: [5, 5, 5], score: [255, 70, 255],
      }),
      insights: packed({
        person: [0, 0], time: [0, 720], number: [1, 1], kind: [10, 0], text: [11, 0], strength: [80, 255],
      }),
      beliefs: packed({
        person: [0, 0], time: [0, 100], place: [0, 1], visits: [1, 2], price: [100, 60],
        atmosphere: [100, 60], satisfaction: [100, 60], convenience: [100, 60],
      }),
      ties: packed({
        person: [0, 0, 1], time: [0, 900, 0], other: [1, 2, 2], relation: [6, 6, 6],
        affinity: [80, 10, 50], trust: [60, 10, 50], familiarity: [40, 10, 50],
      }),
      moods: packed({ person: [0, 0], time: [0, 700], mood: [0, 7], thought: [0, 0], goals: [0, 0] }),
    },
  },
}));
const MINDS = /** @type {Minds} */ (RUN.minds);

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
    const moment = { minute, count: 9, selected: 1 };
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
    const { items, more } = feedAt(RUN, FILTER, { minute: DAY, count: 2, selected: -1 });
    assert.deepEqual([items.length, more], [2, true]);
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

describe("The network of a replay", () => {
  test("has the selected person, those whom the person knows, and ties among these", () => {
    const net = networkAt(RUN, "ties", 0, DAY);
    assert.deepEqual(net.nodes.map(({ id }) => id), [7, 8, 9]);
    assert.deepEqual(net.edges.map(({ from, to }) => [from, to]), [[7, 8], [7, 9], [8, 9]]);
  });

  test("shows who told whom, in the order of time", () => {
    const net = networkAt(RUN, "message:4", -1, DAY);
    assert.deepEqual(net.choices, [["talks", "Who talked with whom in the last 24 hours"],
      ["message:4", "Who told whom: flood"], ["post:0", "Who passed on post 0: meal"]]);
    assert.deepEqual(net.nodes.map(({ id, tone }) => [id, tone]), [[7, 1], [8, -1]]);
    assert.deepEqual(net.edges.map(({ from, to }) => [from, to]), [[7, 8]]);
    assert.match(net.summary, /^2 people heard it, 1 of them from others\./);
    const early = networkAt(RUN, "message:4", -1, 605);
    assert.equal(early.nodes.length, 1);
    assert.match(early.summary, /^1 person heard it, 0 of them/);
  });

  test("shows who talked with whom in the last 24 hours", () => {
    const net = networkAt(RUN, "talks", -1, 501);
    assert.deepEqual(net.edges, [{ from: 7, to: 8, weight: 1, tone: 1, note: "1 talk" }]);
    assert.equal(net.summary, "1 talk; the 2 people who talked most are shown.");
    assert.equal(networkAt(RUN, "talks", -1, 500).nodes.length, 0);
    assert.equal(networkAt(RUN, "talks", -1, 500 + DAY).nodes.length, 2);
    assert.equal(networkAt(RUN, "talks", -1, 501 + DAY).nodes.length, 0);
  });

  test("shows who passed on a post, but not the post of an institution", () => {
    const net = networkAt(RUN, "post:0", -1, DAY);
    assert.deepEqual(net.nodes.map(({ id, note }) => [id, note]),
      [[7, "meal at Day 1 10:00"], [8, "meal at Day 1 10:10"]]);
    assert.deepEqual(net.edges.map(({ from, to, tone }) => [from, to, tone]), [[7, 8, -0.5]]);
    assert.equal(net.summary, "3 posts of 2 people. Time goes from left to right.");
    const early = networkAt(RUN, "post:0", -1, 605);
    assert.equal(early.nodes.length, 1);
    assert.match(early.summary, /^2 posts of 1 person\./);
  });
});
