import assert from "node:assert/strict";
import { test } from "node:test";

import { Receiver } from "../../src/map/receiver.js";
import { MapState } from "../../src/map/state.js";
import { modelOf } from "../people.js";

/** @typedef {import("../../src/map/city_map.js").CityMap} CityMap */

test("Names are drawn anew with the marked hours, out of the way of the note on them", async () => {
  Object.assign(globalThis, { window: { matchMedia: () => ({ matches: false }) } });
  /** @type {string[]} */
  const done = [];
  const model = modelOf({ hours: {} });
  const map = {
    model,
    state: new MapState(),
    page: { layers: { show() {} }, hours: { show() {} }, measure: () => done.push("measure") },
    renderer: { draw() {}, drawAnew: () => done.push("all"), drawFlowsAnew: () => done.push("flows") },
  };
  new Receiver(/** @type {CityMap} */ (/** @type {unknown} */ (map)));
  model.set("hours", { label: "07:00-09:00, day 1" });
  model.save_changes();
  await Promise.resolve();
  assert.deepEqual(done, ["measure", "all"]);
  assert.equal(map.state.hours.label, "07:00-09:00, day 1");
});
