import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Journeys, distances, placeAt, stretch } from "../../src/map/data/journeys.js";
import { Routes } from "../../src/map/data/routes.js";
import { moveTo, peopleAt } from "../people.js";

/** 300 units east and 100 north, from 8:00 to 8:40. */
const LINE = Uint16Array.of(100, 500, 400, 500, 400, 400);
const JOURNEY = { person: 10, start: 480, end: 520, mode: 1, points: LINE, along: distances(LINE) };
const TRIPS = {
  persons: Int32Array.of(10), times: Int32Array.of(480, 520), modes: Uint8Array.of(1), lines: [LINE],
};
const TRAVEL = 2;

describe("A trip", () => {
  test("is as long as its line", () => {
    assert.deepEqual([...JOURNEY.along], [0, 300, 400]);
  });

  test("leads evenly along its line", () => {
    assert.deepEqual(placeAt(JOURNEY, 490), [200, 500]);
    assert.deepEqual(placeAt(JOURNEY, 515), [400, 450]);
  });

  test("stands at an end before and after", () => {
    assert.deepEqual(placeAt(JOURNEY, 300), [100, 500]);
    assert.deepEqual(placeAt(JOURNEY, 600), [400, 400]);
  });

  test("of no time is over when it begins", () => {
    assert.deepEqual(placeAt({ ...JOURNEY, end: 480 }, 480), [400, 400]);
  });

  test("leaves the stretch behind that was gone between two minutes, with its corners", () => {
    assert.deepEqual(stretch(JOURNEY, 500, 515), [300, 500, 400, 500, 400, 450]);
    assert.deepEqual(stretch(JOURNEY, 470, 480), []);
    assert.deepEqual(stretch(JOURNEY, 521, 530), []);
  });
});

describe("Trips that are known", () => {
  test("take the place of earlier ones of the same person", () => {
    const journeys = new Journeys();
    journeys.take(TRIPS);
    journeys.take({ ...TRIPS, times: Int32Array.of(600, 640) });
    assert.deepEqual([...journeys.all()].map(({ start }) => start), [600]);
  });

  test("are forgotten when their trail has faded, and when one goes back before them", () => {
    const journeys = new Journeys();
    journeys.take(TRIPS);
    journeys.prune(528, 530);
    assert.equal(journeys.ofPerson.size, 1);
    journeys.prune(529, 530);
    assert.equal(journeys.ofPerson.size, 0);
    journeys.take(TRIPS);
    journeys.prune(300, 479);
    assert.equal(journeys.ofPerson.size, 0);
  });
});

describe("People under way between two messages", () => {
  /**
   * Return people of whom the first is under way, and the routes from 8:10 to 8:30.
   *
   * @param {number[]} [after] Where they are at 8:30.
   */
  function going(after = [400, 500, 0, 0]) {
    const people = peopleAt([200, 500, 0, 0], [TRAVEL, 1]);
    const [journeys, routes] = [new Journeys(), new Routes()];
    journeys.take(TRIPS);
    routes.takeMinute(490);
    routes.takeMinute(510);
    moveTo(people, after, [TRAVEL, 1], 1000);
    routes.lay(people, journeys);
    return { people, journeys, routes };
  }

  test("stay on the line", () => {
    const { people, routes } = going();
    routes.follow(people, 0.5);
    assert.deepEqual(people.motion.position(0, 0.5), [300, 500]);
    routes.follow(people, 1);
    assert.deepEqual(people.motion.position(0, 0), [400, 500]);
    assert.deepEqual(people.motion.position(1, 0.5), [0, 0]);
  });

  test("are drawn anew each time", () => {
    const { people, routes } = going();
    const { version } = people.motion;
    routes.follow(people, 0.5);
    assert.ok(people.motion.version > version);
  });

  test("wait where they were until they set out", () => {
    const { people, journeys, routes } = going();
    journeys.take({ ...TRIPS, times: Int32Array.of(505, 545) });
    routes.lay(people, journeys);
    const [from] = [people.motion.position(0, 0)];
    routes.follow(people, 0.5);
    assert.deepEqual(people.motion.position(0, 0), from);
  });

  test("are where the message puts them once they have arrived", () => {
    const { people, journeys, routes } = going([410, 390, 0, 0]);
    journeys.take({ ...TRIPS, times: Int32Array.of(480, 500) });
    routes.lay(people, journeys);
    routes.follow(people, 0.75);
    assert.deepEqual(people.motion.position(0, 0), [410, 390]);
  });

  test("go on from the minute that is shown when a message comes early", () => {
    const { routes } = going();
    routes.takeMinute(515, 0.25);
    assert.equal(routes.minuteAt(0), 495);
    assert.equal(routes.minuteAt(1), 515);
  });

  test("jump to another time without passing through all in between", () => {
    const { routes } = going();
    routes.takeMinute(1000);
    assert.equal(routes.minuteAt(0), 1000);
    routes.takeMinute(600);
    assert.equal(routes.minuteAt(0.5), 600);
  });
});
