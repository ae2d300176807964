import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { newFocus, toggle } from "../../src/replay/focus.js";
import { networkAt } from "../../src/replay/networks_at.js";
import { toldNet } from "../../src/replay/told_at.js";
import { DAY, RUN } from "./run_with_minds.js";

describe("The network of a replay", () => {
  /**
   * @param {string} choice
   * @param {number} selected
   * @param {number} minute
   * @param {string} [group]
   */
  function networkOf(choice, selected, minute, group = "", focus = newFocus()) {
    const rows = Int32Array.of(1, 0, 0);
    return networkAt(RUN, { choice, group }, { selected, minute, rows, focus });
  }

  test("has the selected person, those whom the person knows, and ties among these", () => {
    const net = networkOf("ties", 0, DAY);
    assert.deepEqual(net.nodes.map(({ id }) => id), [7, 8, 9]);
    assert.deepEqual(net.edges.map(({ from, to }) => [from, to]), [[7, 8], [7, 9], [8, 9]]);
  });

  test("shows who told whom, in the order of time", () => {
    const net = networkOf("message:4", -1, DAY);
    assert.deepEqual(net.choices, [["talks", "Who talked with whom in the last 24 hours"],
      ["message:4", "Who told whom: flood"], ["post:0", "Who passed on post 0: meal"]]);
    assert.deepEqual(net.nodes.map(({ id, tone }) => [id, tone]), [[7, 1], [8, -1]]);
    assert.deepEqual(net.edges.map(({ from, to }) => [from, to]), [[7, 8]]);
    assert.match(net.summary, /^2 people heard it, 1 of them from others\./);
    const early = toldNet(RUN, 4, 605, null);
    assert.equal(early.nodes.length, 1);
    assert.match(early.summary, /^1 person heard it, 0 of them/);
  });

  test("offers messages and posts only when there are any", () => {
    const offered = (/** @type {number} */ minute) =>
      networkOf("talks", -1, minute).choices.map(([key]) => key).filter((key) => key !== "talks");
    assert.deepEqual([600, 601, 611].map(offered), [[], ["post:0"], ["message:4", "post:0"]]);
  });

  test("shows who talked with whom in the last 24 hours", () => {
    const net = networkOf("talks", -1, 501);
    assert.deepEqual(net.edges, [{ from: 7, to: 8, weight: 1, tone: 1, note: "1 talk" }]);
    assert.equal(net.summary, "1 talk; the 2 people who talked most are shown.");
    assert.equal(networkOf("talks", -1, 500).nodes.length, 0);
    assert.equal(networkOf("talks", -1, 500 + DAY).nodes.length, 2);
    assert.equal(networkOf("talks", -1, 501 + DAY).nodes.length, 0);
  });

  test("shows who passed on a post, but not the post of an institution", () => {
    const net = networkOf("post:0", -1, DAY);
    assert.deepEqual(net.nodes.map(({ id, note }) => [id, note]),
      [[7, "meal at Day 1 10:00"], [8, "meal at Day 1 10:10"]]);
    assert.deepEqual(net.edges.map(({ from, to, tone }) => [from, to, tone]), [[7, 8, -0.5]]);
    assert.equal(net.summary, "3 posts of 2 people. Time goes from left to right.");
    const early = networkOf("post:0", -1, 605);
    assert.equal(early.nodes.length, 1);
    assert.match(early.summary, /^2 posts of 1 person\./);
  });

  test("is offered among those marked, the household of the selected person, and zones", () => {
    const focus = newFocus();
    assert.deepEqual(networkOf("talks", -1, DAY, "", focus).groups,
      [["", "everybody"], ["zone:1", "those who live in East"]]);
    toggle(focus, "groups", 0);
    assert.deepEqual(networkOf("talks", 0, DAY, "", focus).groups, [["", "everybody"],
      ["marked", "those who are marked on the map"], ["household", "the household of Ann"],
      ["zone:1", "those who live in East"]]);
  });

  test("shows who knows whom in a group, and how many of it each knows", () => {
    const net = networkOf("ties", 0, DAY, "zone:1");
    assert.deepEqual(net.choices[0], ["ties", "Who knows whom"]);
    // Of Cy there are no ties in the file.
    assert.deepEqual(net.nodes.map(({ id, note, own }) => [id, note, own]),
      [[7, "knows 2 of them", true], [8, "knows 1 of them", false]]);
    assert.deepEqual(net.edges.map(({ from, to, note }) => [from, to, note]), [[7, 8, "Ann and Bo: friend"]]);
    assert.match(net.summary, /^3 people: .* This file has the ties of 2 of them, a sample\.$/);
  });

  test("is of a household, or of those who do or travel as is marked now", () => {
    assert.deepEqual(networkOf("ties", 0, DAY, "household").nodes.map(({ id }) => id), [7]);
    const focus = newFocus();
    toggle(focus, "groups", 0);
    // Ann works, the others sleep.
    assert.deepEqual(networkOf("ties", 0, DAY, "marked", focus).nodes.map(({ id }) => id), [8]);
    toggle(focus, "groups", 0);
    assert.equal(networkOf("ties", 0, DAY, "marked", focus).group, "");
  });

  test("has talks, messages and posts of the group alone", () => {
    const nobody = networkOf("talks", 0, 501, "household");
    assert.deepEqual([nobody.nodes.length, nobody.summary], [0, ""]);
    assert.match(nobody.hint, /^None of these people/);
    assert.deepEqual(networkOf("message:4", 0, DAY, "household").nodes.map(({ id }) => id), [7]);
    const posts = networkOf("post:0", 1, DAY, "household");
    assert.deepEqual(posts.nodes.map(({ id }) => id), [8]);
    assert.match(posts.summary, /^1 post of 1 person\./);
  });
});
