import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { engineOfPage, offerEngine } from "../src/charts/engine.js";
import { isFitting, prepared, shade, themed } from "../src/charts/look.js";
import { csvOf, rowsOf } from "../src/charts/rows.js";
import { plainRow, plainSelection, selectionNames } from "../src/charts/selections.js";
import { partAt } from "../src/charts/tip.js";

describe("Tables", () => {
  test("become rows; what is lacking at the end of a column is not known", () => {
    assert.deepEqual(rowsOf({ hour: [0, 1], n: [5] }), [{ hour: 0, n: 5 }, { hour: 1, n: null }]);
    assert.deepEqual(rowsOf({}), []);
  });

  test("are written as CSV with quotes where they are needed", () => {
    const rows = [{ name: 'the "Oak", inn', n: 3 }, { name: "渋谷", n: null }];
    assert.equal(csvOf({ places: rows }), 'name,n\r\n"the ""Oak"", inn",3\r\n渋谷,\r\n');
  });

  test("are told apart by their names where there are several", () => {
    const text = csvOf({ today: [{ n: 1 }], before: [{ n: 2, m: 0 }] });
    assert.equal(text, "table,n,m\r\ntoday,1,\r\nbefore,2,0\r\n");
  });
});

describe("Colours", () => {
  test("follow the background, and other texts stay", () => {
    assert.equal(shade("light-dark(#111, #eee)", false), "#111");
    assert.equal(shade("light-dark(#111, #eee)", true), "#eee");
    assert.equal(shade("dark", true), "dark");
    const spec = { a: ["light-dark(#111,#eee)", 1], b: { c: null } };
    assert.deepEqual(themed(spec, true), { a: ["#eee", 1], b: { c: null } });
  });
});

describe("A specification", () => {
  const how = { isDark: false, hasLegend: false, size: { width: 300, height: 200 }, tables: {} };

  test("gets size, data and settings, of which its own have precedence", () => {
    const own = { mark: "bar", config: { axis: { labelFontSize: 9 } }, datasets: { a: [] } };
    const whole = prepared(own, { ...how, tables: { b: [{ n: 1 }] } });
    assert.equal(whole.width, 300);
    assert.deepEqual(whole.datasets, { a: [], b: [{ n: 1 }] });
    const { axis } = /** @type {{ axis: { labelFontSize: number, labelColor: string } }} */ (whole.config);
    assert.deepEqual([axis.labelFontSize, axis.labelColor], [9, "#1f2933"]);
  });

  test("of several charts beside each other keeps its size", () => {
    assert.equal(isFitting({ hconcat: [] }), false);
    assert.equal("width" in prepared({ hconcat: [] }, how), false);
  });

  test("keeps legends only where there are no buttons", () => {
    const spec = { layer: [{ encoding: { color: { field: "key", legend: { title: null } } } }] };
    assert.deepEqual(prepared(spec, how).layer, [{ encoding: { color: { field: "key", legend: null } } }]);
    assert.deepEqual(prepared(spec, { ...how, hasLegend: true }).layer, spec.layer);
  });
});

describe("Selections", () => {
  test("are found in all layers, not in the data", () => {
    const brush = { name: "hours", select: { type: "interval" } };
    const spec = {
      params: [{ name: "now", value: 3 }],
      layer: [{ params: [brush] }, { params: [{ name: "who", select: "point" }] }],
      datasets: { a: [{ params: [{ name: "no", select: "point" }] }] },
    };
    assert.deepEqual(selectionNames(spec), ["hours", "who"]);
  });

  test("of an empty range hold nothing", () => {
    assert.deepEqual(plainSelection({ hour: [7, 9] }), { hour: [7, 9] });
    assert.deepEqual(plainSelection({ hour: [7, 7] }), {});
    assert.deepEqual(plainSelection(undefined), {});
  });

  test("of points are sent as rows", () => {
    const points = { vlPoint: { or: [{ mode: "bus" }] }, _vgsid_: [3, 4] };
    assert.deepEqual(plainSelection(points), { vlPoint: { or: [{ mode: "bus" }] } });
  });

  test("of a row are its plain values", () => {
    assert.deepEqual(plainRow({ n: 1, name: "a", is: true, deep: {}, none: null }), {
      n: 1, name: "a", is: true,
    });
  });
});

describe("The pointer", () => {
  test("is over the nearest part of a line, but over the whole of a bar", () => {
    const items = [{ x: 0 }, { x: 10 }, { x: 20 }];
    const line = { x: 0, mark: { marktype: "line", items } };
    assert.equal(partAt(line, 12), items[1]);
    const bar = { x: 0, mark: { marktype: "rect", items } };
    assert.equal(partAt(bar, 12), bar);
  });
});

test("Charts wait for the engine of their page, whoever comes first", async () => {
  const waiting = engineOfPage();
  const engine = /** @type {import("../src/charts/engine.js").Engine} */ ({});
  let begun = 0;
  offerEngine(() => {
    begun += 1;
    return Promise.resolve(engine);
  });
  assert.equal(begun, 0, "the engine begins only when a chart has found it");
  assert.equal(await waiting, engine);
  assert.equal(await engineOfPage(), engine);
});
