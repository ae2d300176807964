import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";

import { dayAt } from "../../src/replay/day_at.js";
import { arrivalsAt, peopleAt } from "../../src/replay/place_card.js";
import { positionsAt, seek, statesAt, tripsAt } from "../../src/replay/moments.js";
import { Player } from "../../src/replay/player.js";
import { flowsAt, zoneCodesAt } from "../../src/replay/zones.js";
import { readRun, unpacked } from "../../src/replay/run.js";

/** @typedef {import("../../src/replay/payload.js").PackedColumn} PackedColumn */

/**
 * @param {PackedColumn["kind"]} kind
 * @param {Int32Array | Uint16Array | Uint8Array | Int8Array} numbers
 * @returns {PackedColumn}
 */
function packed(kind, numbers) {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { kind, data: deflateSync(bytes).toString("base64") };
}

// One person sleeps until 8:00, walks for an hour over 600 units, and works until midnight;
// another stays at home.
const COLUMNS = {
  first: packed("Int32Array", Int32Array.of(0, 3, 4)),
  start: packed("Int32Array", Int32Array.of(0, 480, 540, 0)),
  end: packed("Int32Array", Int32Array.of(480, 540, 1440, 1440)),
  ends: packed("Uint16Array", Uint16Array.of(
    100, 100, 100, 100, 100, 100, 700, 100, 700, 100, 700, 100, 5, 5, 5, 5)),
  doing: packed("Uint8Array", Uint8Array.of(0, 2, 1, 0)),
  mode: packed("Int8Array", Int8Array.of(-1, 1, -1, -1)),
  place: packed("Int32Array", Int32Array.of(0, -1, 1, 0)),
  home: packed("Int32Array", Int32Array.of(0, 0)),
  income: packed("Uint8Array", Uint8Array.of(4, 14)),
  // Two hours, two people, one need.
  needs: packed("Uint8Array", Uint8Array.of(1, 2, 3, 4)),
  // The first of the people, of whom alone it is known, in one hour and the next.
  feelings: packed("Uint8Array", Uint8Array.of(7, 3, 15, 15, 9, 4, 15, 15)),
  lines: packed("Uint8Array", Uint8Array.of(1, 2)),
  // 100,100 to 400,100 to 400,400 to 700,100: differences, with -300 as 65,236.
  way_of: packed("Int32Array", Int32Array.of(-1, 0, -1, -1)),
  way_sizes: packed("Uint16Array", Uint16Array.of(4)),
  // Two measures at three moments in two zones.
  zone_steps: packed("Uint8Array", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
  from_zone: packed("Uint16Array", Uint16Array.of(65535, 0, 65535, 65535)),
  to_zone: packed("Uint16Array", Uint16Array.of(65535, 1, 65535, 65535)),
  // The office is in the second zone; the home, and the first row of each person, are no visits.
  place_zone: packed("Uint16Array", Uint16Array.of(0, 1)),
  visits: packed("Int32Array", Int32Array.of(2)),
  household: packed("Int32Array", Int32Array.of(1, 1)),
  zone_xy: packed("Uint16Array", Uint16Array.of(100, 100, 700, 100)),
  way_xy: packed("Uint16Array", Uint16Array.of(100, 100, 300, 0, 0, 300, 300, 65236)),
};
const RUN = await readRun(JSON.stringify({
  ids: [7, 8], names: ["Ann", "Bo"], activities: ["sleep", "work", "travel"], groups: [0, 3, 8],
  shades: ["#000000", "", "", "#333333", "", "", "", "", "#888888"], needs: ["hunger"],
  feelings: ["mood", "belief"],
  places: ["home", "office"], modes: ["Ride", "Walk"], need_looks: [["hunger", "#cc6677"]],
  minds: null, zone_every: 480, zone_looks: { people: {}, hunger: {} },
  zone_names: ["West", "East"], closed: [],
  columns: COLUMNS, map_columns: ["lines", "zones"],
}));

describe("A place", () => {
  test("is known by those who are there, not by those on their way", () => {
    assert.deepEqual(peopleAt(RUN, rowsAt(400), 0), [0, 1]);
    assert.deepEqual(peopleAt(RUN, rowsAt(500), 0), [1]);
    assert.deepEqual(peopleAt(RUN, rowsAt(600), 1), [0]);
  });

  test("counts those who have come by then, by hour of the day", () => {
    // At 9:00, and nobody before.
    const hours = (/** @type {number} */ minute) =>
      [...arrivalsAt(RUN, 1, minute).entries()].filter(([, count]) => count);
    assert.deepEqual(hours(540), []);
    assert.deepEqual(hours(541), [[9, 1]]);
  });
});

/** @param {number} minute */
function rowsAt(minute) {
  const rows = new Int32Array(2);
  seek(RUN.track, rows, minute);
  return rows;
}

describe("A run in a file", () => {
  test("is unpacked to the numbers that were packed", async () => {
    const column = await unpacked(packed("Int8Array", Int8Array.of(-1, 127)));
    assert.deepEqual(column, Int8Array.of(-1, 127));
  });

  test("holds the traits of the map that are bytes, empty where there are none", () => {
    assert.deepEqual([...RUN.mapColumns.lines], [1, 2]);
    assert.equal(RUN.mapColumns.zones.length, 0);
  });
});

describe("At a moment", () => {
  test("what begins then has not begun yet", () => {
    assert.deepEqual([...rowsAt(0)], [0, 3]);
    assert.deepEqual([...rowsAt(480)], [0, 3]);
    assert.deepEqual([...rowsAt(481)], [1, 3]);
    assert.deepEqual([...rowsAt(1440)], [2, 3]);
  });

  test("people are found when time goes back", () => {
    const rows = rowsAt(1440);
    seek(RUN.track, rows, 60);
    assert.deepEqual([...rows], [0, 3]);
  });

  test("people are on the line of their way", () => {
    // A quarter of the hour: 100 + 600 / 4.
    // A quarter of 300 + 300 + 424.3 units.
    assert.deepEqual([...positionsAt(RUN.track, rowsAt(495), 495)], [356, 100, 5, 5]);
    assert.deepEqual([...positionsAt(RUN.track, rowsAt(1000), 1000)], [700, 100, 5, 5]);
  });

  test("people are coloured by what is chosen", () => {
    /** @param {string} by @param {number} minute */
    const colours = (by, minute) => Array.from(statesAt(RUN, rowsAt(minute), by, minute), (one) => one >> 4);
    assert.deepEqual(colours("activity", 500), [8, 0]);
    assert.deepEqual(colours("mode", 500), [1, 15]);
    assert.deepEqual(colours("income", 500), [4, 14]);
    assert.deepEqual(colours("hunger", 60), [1, 2]);
    assert.deepEqual(colours("hunger", 61), [3, 4]);
    assert.deepEqual(colours("hunger", 1440), [3, 4]);
    assert.deepEqual(colours("mood", 60), [7, 15]);
    assert.deepEqual(colours("belief", 60), [3, 15]);
    assert.deepEqual(colours("mood", 500), [9, 15]);
    assert.deepEqual(colours("esteem", 500), [15, 15]);
  });

  test("a state tells what people do too", () => {
    assert.equal(statesAt(RUN, rowsAt(500), "activity", 500)[0] & 15, 2);
  });

  test("trips are shown from their beginning until their trail has faded", () => {
    assert.equal(tripsAt(RUN.track, 479).trip_modes.length, 0);
    const trips = tripsAt(RUN.track, 480);
    assert.deepEqual([...trips.trip_xy], [100, 100, 400, 100, 400, 400, 700, 100]);
    assert.deepEqual([...trips.trip_person, ...trips.trip_times, ...trips.trip_modes], [7, 480, 540, 1]);
    assert.equal(tripsAt(RUN.track, 547).trip_modes.length, 1);
    assert.equal(tripsAt(RUN.track, 548).trip_modes.length, 0);
  });
});

describe("Zones", () => {
  test("have the colours of the last moment that is known", () => {
    assert.deepEqual([...zoneCodesAt(RUN, "people", 479)], [1, 2]);
    assert.deepEqual([...zoneCodesAt(RUN, "people", 480)], [3, 4]);
    assert.deepEqual([...zoneCodesAt(RUN, "hunger", 9999)], [11, 12]);
    assert.equal(zoneCodesAt(RUN, "", 480).length, 0);
  });

  test("send trips to one another, which count when they have ended", () => {
    assert.equal(flowsAt(RUN, "hour", 539).flow_counts.length, 0);
    const { flows, flow_counts: counts } = flowsAt(RUN, "hour", 540);
    assert.deepEqual([...flows, ...counts], [100, 100, 700, 100, 1]);
    assert.equal(flowsAt(RUN, "hour", 600).flow_counts.length, 0);
    assert.equal(flowsAt(RUN, "day", 1440).flow_counts.length, 1);
    assert.equal(flowsAt(RUN, "day", 1441).flow_counts.length, 0);
  });
});

test("the day of a person tells what is done, now and next", () => {
  const { entries, needs, midnight } = dayAt(RUN, 0, 1, 500);
  const told = entries.map(({ when, label, place, how, status, colour }) =>
    [when, label, place, how, status, colour].join("|"));
  assert.deepEqual(told, [
    "00:00-08:00|sleep|at home||done|#000000",
    "08:00-09:00|travel||by walk|now|#888888",
    "09:00-00:00|work|at office||next|#333333",
  ]);
  // Hours 0 and 1 of the first person, in fourteenths.
  assert.deepEqual(needs[0].levels, [[0, 1 / 14], [60, 3 / 14]]);
  assert.equal(midnight, 0);
});

describe("The player", () => {
  test("steps from whole minute to whole minute, and stays within the run", () => {
    const player = new Player(762.6, 1440, () => {});
    player.step(5);
    assert.equal(player.minute, 767);
    player.step(-5);
    assert.equal(player.minute, 762);
    player.goTo(1438);
    player.step(5);
    assert.equal(player.minute, 1440);
    player.goTo(2);
    player.step(-5);
    assert.equal(player.minute, 0);
  });

  test("plays at its rate, stops at the end, and begins again from there", (t) => {
    /** @type {((nowMs: number) => void)[]} */
    const frames = [];
    t.mock.method(performance, "now", () => 0);
    Object.assign(globalThis, { requestAnimationFrame: (/** @type {any} */ act) => frames.push(act) });
    const player = new Player(0, 20, () => {});
    player.toggle();
    frames.shift()?.(100);
    // 60 minutes a second for a tenth of a second.
    assert.equal(player.minute, 6);
    frames.shift()?.(9999);
    // No frame counts for more than 200 ms.
    assert.equal(player.minute, 18);
    frames.shift()?.(10_099);
    assert.deepEqual([player.minute, player.isPlaying, frames.length], [20, false, 0]);
    player.toggle();
    assert.equal(player.minute, 0);
  });
});
