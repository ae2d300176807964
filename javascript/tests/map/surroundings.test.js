import assert from "node:assert/strict";
import { test } from "node:test";

import { areasOf } from "../../src/map/data/areas.js";
import { Camera } from "../../src/map/data/camera.js";
import { isBare } from "../../src/map/data/ground.js";
import { dotScale } from "../../src/map/data/places.js";
import { stationsInView } from "../../src/map/drawing/stations.js";
import { opacityAt } from "../../src/map/drawing/surroundings.js";

const SQUARE = [0, 0, 10, 0, 10, 10, 0, 10];

test("a city is bare where the areas that are known cover little of it", () => {
  const areas = areasOf({
    points: Uint16Array.from(SQUARE), rings: [4], shapes: [1], kinds: Uint8Array.of(0),
  });
  assert.ok(!isBare(areas, { left: 0, top: 0, right: 20, bottom: 20 }));
  assert.ok(isBare(areas, { left: 0, top: 0, right: 100, bottom: 100 }));
});

test("places are dots from further away where there is neither land nor a street to see", () => {
  const none = { count: 0 };
  assert.ok(dotScale({ areas: none, lines: none }) < dotScale({ areas: { count: 1 }, lines: none }));
  const withStreets = dotScale({ areas: none, lines: { count: 1 } });
  assert.equal(withStreets, dotScale({ areas: { count: 1 }, lines: none }));
});

test("stations of the city come before those around it, which are told apart", () => {
  const camera = Object.assign(new Camera(), {
    view: { x: 0, y: 0, scale: 1 }, bounds: { left: 100, top: 100, width: 50, height: 50 },
  });
  const stations = Uint16Array.of(20, 120, 120, 120, 5000, 5000);
  const seen = stationsInView({ stations, stationNames: ["West", "Central", "Far"] }, camera);
  assert.deepEqual(seen.map(({ name, isAround }) => [name, isAround]),
    [["Central", false], ["West", true]]);
});

test("what lies around grows fainter with the distance, and ends", () => {
  const opacities = [0, 0.1, 0.2, 0.5, 0.9].map(opacityAt);
  assert.deepEqual(opacities, opacities.toSorted((one, other) => other - one));
  assert.equal(opacityAt(1), 0);
  assert.equal(opacityAt(3), 0);
});
