import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  bytesOf, outlines, packStates, unpackStates, wholeNumbers,
} from "../../src/map/message/format.js";
import { readIdentities, readPositions } from "../../src/map/message/read.js";
import { readBaseMap } from "../../src/map/message/read_city.js";
import { modelOf } from "../people.js";

describe("A state", () => {
  test("holds the doing in its low and the colour in its high four bits", () => {
    // 0x3c = 3 * 16 + 12
    const states = unpackStates(Uint8Array.of(0x3c, 0xf0), 2);
    assert.deepEqual(states, { doing: Uint8Array.of(12, 0), colour: Uint8Array.of(3, 15) });
  });

  test("is two bytes where there is more to do than four bits hold", () => {
    const states = unpackStates(Uint8Array.of(16, 3, 0, 15), 2);
    assert.deepEqual(states, { doing: Uint8Array.of(16, 0), colour: Uint8Array.of(3, 15) });
  });

  test("is packed as it is read", () => {
    for (const doing of [[1, 15, 0], [1, 16, 200]]) {
      const sent = { doing: Uint8Array.from(doing), colour: Uint8Array.of(0, 15, 7) };
      assert.deepEqual(unpackStates(packStates(sent.doing, sent.colour), 3), sent);
    }
  });
});

describe("Bytes", () => {
  test("are read from a view that begins inside a buffer", () => {
    const view = new DataView(Uint8Array.of(9, 9, 1, 0, 2, 1).buffer, 2, 4);
    assert.deepEqual([...bytesOf(modelOf({ xy: view }), "xy")], [1, 0, 2, 1]);
    // Low byte first: 1, and 2 + 1 * 256.
    assert.deepEqual([...wholeNumbers(modelOf({ xy: view }), "xy", Uint16Array)], [1, 258]);
  });

  test("that are not there make no numbers", () => {
    assert.equal(wholeNumbers(modelOf({}), "xy", Uint16Array).length, 0);
  });

  test("that make no whole number are left out", () => {
    const model = modelOf({ person: Uint8Array.of(7, 0, 0, 0, 1) });
    assert.deepEqual([...wholeNumbers(model, "person", Int32Array)], [7]);
  });

  test("are copied, so that a later message does not change them", () => {
    const sent = Uint8Array.of(1, 2);
    const taken = wholeNumbers(modelOf({ state: sent }), "state", Uint8Array);
    sent[0] = 99;
    assert.deepEqual([...taken], [1, 2]);
  });
});

test("points are cut into outlines by their sizes", () => {
  const cut = outlines(Uint16Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), [3, 2]);
  assert.deepEqual(cut.map((one) => [...one]), [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9]]);
});

describe("Reading", () => {
  test("waits while positions and states are not of the same people", () => {
    const xy = Uint16Array.of(1, 2, 3, 4);
    assert.equal(readPositions(modelOf({ xy, state: Uint8Array.of(0) })), null);
    const both = readPositions(modelOf({ xy, state: Uint8Array.of(0, 1) }));
    assert.deepEqual([...(both?.points ?? [])], [1, 2, 3, 4]);
  });

  test("gives a name to each id", () => {
    const { ids, names } = readIdentities(modelOf({ person: Int32Array.of(7, -3), names: "Ann\nBo" }));
    assert.deepEqual([...ids], [7, -3]);
    assert.deepEqual(names, ["Ann", "Bo"]);
  });

  test("gives areas, lines with names, and places", () => {
    const baseMap = readBaseMap(modelOf({
      land: Uint16Array.of(0, 0, 9, 0, 9, 9, 20, 20, 30, 20, 30, 30),
      land_rings: Uint32Array.of(3, 3), land_shapes: Uint16Array.of(1, 1),
      land_kinds: Uint8Array.of(0, 1),
      lines: Uint16Array.of(0, 0, 5, 5, 5, 5, 9, 9), line_sizes: Uint16Array.of(2, 2),
      line_kinds: Uint8Array.of(0, 0), line_names: ["Main Street"], line_name: Uint16Array.of(0, 1),
      place_xy: Uint16Array.of(1, 2, 3, 4), place_kinds: Uint8Array.of(0, 0), place_names: "A\nB",
    }));
    assert.deepEqual([...baseMap.areas.boxes], [0, 0, 9, 9, 20, 20, 30, 30]);
    assert.deepEqual(baseMap.streets.map(({ name, points }) => [name, ...points.toSorted()]),
      [["Main Street", 5, 5, 9, 9]]);
    assert.deepEqual([baseMap.places.nameOf(1), ...baseMap.places.position(1)], ["B", 3, 4]);
  });

  test("of an empty model gives an empty base map", () => {
    const baseMap = readBaseMap(modelOf({}));
    assert.deepEqual(baseMap.zones, []);
    assert.deepEqual(baseMap.streets, []);
    assert.deepEqual([baseMap.areas.count, baseMap.lines.count, baseMap.places.count], [0, 0, 0]);
  });
});
