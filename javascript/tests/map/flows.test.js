import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { flowWidth } from "../../src/map/drawing/flows.js";

describe("The arrow of a flow", () => {
  test("is nine pixels wide for the most trips, and four times as many are twice as wide", () => {
    assert.equal(flowWidth(100, 100), 9);
    assert.equal(flowWidth(25, 100) - 1, (flowWidth(100, 100) - 1) / 2);
  });

  test("is thin for few trips, even where there are no more", () => {
    assert.equal(flowWidth(3, 3), 5);
    assert.equal(flowWidth(0, 0), 1);
  });
});
