import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { emphasisAt, newFocus, toggle } from "../../src/replay/focus.js";
import { hoursTraits, sampled, tripsWithin, visitColours } from "../../src/replay/marked_hours.js";
import { marksOf } from "../../src/replay/mark_chips.js";
import { inWords, latest, rangeBetween, timeText } from "../../src/replay/time_range.js";
import { NO_ZONE, flowsAt } from "../../src/replay/zones.js";

/** @typedef {import("../../src/replay/run.js").Run} Run */

const DAY = 1440;
// Ann sleeps, walks from the first zone to the second along a line with a bend, works, and rides
// back straight; Bo rides to a place without a zone.
const RUN = /** @type {Run} */ (/** @type {unknown} */ ({
  payload: {
    groups: [0, 1, 2], zone_names: ["West", "East"],
    zone_looks: { visits: { title: "visits today", low: 0, high: 9, ends: ["0", "9"] } },
    colourings: {
      activity: { labels: ["sleep", "work", "travel", "other"], light: ["#111"], dark: ["#222"] },
      mode: { labels: ["walk", "car"], light: [], dark: [] },
    },
  },
  track: {
    owner: Int32Array.of(7, 7, 7, 7, 8),
    start: Int32Array.of(0, 480, 510, 990, 600),
    end: Int32Array.of(480, 510, 990, 1020, 630),
    ends: Uint16Array.of(1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9, 1, 1, 5, 5, 6, 6),
    doing: Uint8Array.of(0, 2, 1, 2, 2),
    mode: Int8Array.of(-1, 0, -1, 1, 1),
    place: Int32Array.of(0, -1, 1, -1, -1),
    journeys: new Map([[1, { points: Uint16Array.of(1, 1, 1, 9, 9, 9) }]]),
  },
  zones: {
    from: Uint16Array.of(NO_ZONE, 0, NO_ZONE, 1, 0),
    to: Uint16Array.of(NO_ZONE, 1, NO_ZONE, 0, NO_ZONE),
    middles: Uint16Array.of(1, 1, 9, 9), ofPlace: Uint16Array.of(0, 1), visits: Int32Array.of(2),
  },
}));

describe("Marked hours", () => {
  test("lie between two times of the day, to ten minutes", () => {
    assert.deepEqual(rangeBetween(570, 421), { start: 420, end: 570 });
    assert.deepEqual(rangeBetween(-30, 2000), { start: 0, end: DAY });
    assert.equal(rangeBetween(480, 483), null);
  });

  test("are those of the latest day on which they have begun, as far as they are over", () => {
    const range = { start: 420, end: 540 };
    assert.deepEqual(latest(range, 480), { start: 420, end: 480 });
    assert.deepEqual(latest(range, DAY + 300), { start: 420, end: 540 });
    assert.deepEqual(latest(range, 420), { start: 0, end: 0 });
  });

  test("are told with their day", () => {
    assert.equal(inWords({ start: 420, end: 540 }, DAY + 480), "07:00-09:00, day 2");
    assert.equal(inWords({ start: 420, end: DAY }, 60), "07:00-24:00, not begun yet");
    assert.deepEqual([timeText(0), timeText(DAY)], ["00:00", "24:00"]);
  });

  test("have the trips that began in them and are over", () => {
    const span = { start: 480, end: 990 };
    assert.deepEqual(tripsWithin(RUN, span, 510), []);
    assert.deepEqual(tripsWithin(RUN, span, 511), [1]);
    assert.deepEqual(tripsWithin(RUN, span, DAY), [1, 4]);
  });

  test("show trips along their ways, straight where these are not known", () => {
    const traits = hoursTraits(RUN, { start: 480, end: 620 }, DAY, { hasTrips: true, measure: "visits" });
    assert.deepEqual([.../** @type {Uint16Array} */ (traits.past_xy)], [1, 1, 1, 9, 9, 9, 5, 5, 6, 6]);
    assert.deepEqual([.../** @type {Uint16Array} */ (traits.past_sizes)], [3, 2]);
    assert.deepEqual([.../** @type {Uint8Array} */ (traits.past_modes)], [0, 1]);
    assert.deepEqual(traits.hours,
      { label: "08:00-10:20, day 1", trips: 2, drawn: 2, visits: true });
    const hidden = hoursTraits(RUN, { start: 480, end: 620 }, DAY, { hasTrips: false, measure: "" });
    assert.deepEqual([hidden.past_modes.byteLength, hidden.hours.visits], [0, false]);
    assert.deepEqual(hoursTraits(RUN, null, DAY, { hasTrips: true, measure: "" }).hours, {});
  });

  test("show the same sample of many trips as the page does", () => {
    // By (person * 2654435761 + start * 1327217880) modulo 2 ** 32, as `past_trips` sorts them.
    assert.deepEqual(sampled(RUN, [1, 3, 4], 3), [1, 3, 4]);
    const keys = [1, 3, 4].map((row) => Number(
      (BigInt(RUN.track.owner[row]) * 2654435761n + BigInt(RUN.track.start[row]) * 1327217880n) % 2n ** 32n));
    const first = [1, 3, 4][keys.indexOf(Math.min(...keys))];
    assert.deepEqual(sampled(RUN, [1, 3, 4], 1), [first]);
  });

  test("have the flows of their trips, and none to where there is no zone", () => {
    const { flows, flow_counts: counts } = flowsAt(RUN, { start: 480, end: 700 }, DAY);
    assert.deepEqual([...flows, ...counts], [1, 1, 9, 9, 1]);
  });

  test("colour zones by the visits that began in them and are over", () => {
    const told = visitColours(RUN, { start: 480, end: 700 }, DAY);
    assert.deepEqual([.../** @type {Uint8Array} */ (told.zone_codes)], [0, 14]);
    assert.equal(told.zone_words, "visits in the marked hours: 0\nvisits in the marked hours: 1");
    assert.deepEqual([told.zone_look.high, told.zone_look.ends], [1, ["0", "1"]]);
    const none = visitColours(RUN, { start: 480, end: 700 }, 900);
    assert.deepEqual([.../** @type {Uint8Array} */ (none.zone_codes)], [0, 0]);
  });
});

describe("People are marked", () => {
  test("by what they do and how they travel", () => {
    const focus = newFocus();
    const marked = () => [...emphasisAt(RUN, focus, Int32Array.of(1, 4))];
    assert.deepEqual(marked(), []);
    toggle(focus, "groups", 2);
    assert.deepEqual(marked(), [1, 1]);
    toggle(focus, "modes", 0);
    assert.deepEqual(marked(), [1, 0]);
    toggle(focus, "groups", 2);
    toggle(focus, "modes", 0);
    assert.deepEqual(marked(), []);
  });

  test("as far as anybody does so in the run", () => {
    assert.deepEqual(marksOf(RUN).map(({ label }) => label),
      ["sleep", "work", "travel", "by walk", "by car"]);
  });
});
