import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { css, derivedColour, rgb } from "../../src/map/data/colours.js";
import { Look, shadesOf } from "../../src/map/data/look.js";

const MODE = {
  by: "mode", labels: ["walk", "bus"], light: ["#ff0000", "#00ff00"], dark: ["#800000", "#008000"],
  phrase: "by {}", unknown: "not under way",
};
const MOOD = {
  by: "mood", labels: [], light: Array(15).fill("#336699"), dark: Array(15).fill("#6699cc"),
  low: -1, high: 1,
};

/**
 * @param {object} colouring
 * @param {boolean} [isDark]
 */
function lookOf(colouring, isDark = false) {
  const look = new Look();
  look.take(colouring, {}, isDark);
  return look;
}

describe("Colours", () => {
  test("are split into channels from 0 to 1", () => {
    assert.deepEqual(rgb("#ff0033"), [1, 0, 0.2]);
  });

  test("are written for CSS", () => {
    assert.equal(css([1, 0, 0.2]), "rgb(255,0,51)");
    assert.equal(css([1, 0, 0.2, 0.9], 0.5), "rgba(255,0,51,0.5)");
  });

  test("derived for classes differ from one another and from light to dark", () => {
    const shades = Array.from({ length: 15 }, (_, at) => derivedColour(at, false));
    assert.equal(new Set(shades).size, 15);
    assert.ok(shades.every((one) => /^#[0-9a-f]{6}$/.test(one)));
    assert.notEqual(derivedColour(3, true), derivedColour(3, false));
  });

  test("derived for the first class are a red of lightness 0.42 and saturation 0.55", () => {
    // Highest channel 0.42 * 1.55 = 0.651 (166), lowest 0.42 * 0.45 = 0.189 (48).
    assert.equal(derivedColour(0, false), "#a63030");
  });
});

describe("A kind that the script has never heard of", () => {
  const scooter = { ...MODE, labels: ["walk", "bus", "scooter"] };

  test("is drawn in a colour of its own if none is sent", () => {
    const shades = shadesOf(scooter, false);
    assert.deepEqual(shades, ["#ff0000", "#00ff00", derivedColour(2, false)]);
    assert.equal(lookOf(scooter).palette[4 * 2 + 3], 1);
  });

  test("stands in the legend and in the description", () => {
    const look = lookOf(scooter);
    assert.deepEqual(look.classes[2], { code: 2, label: "scooter" });
    assert.equal(look.meaning(2), "by scooter");
  });

  test("in a colouring without a phrase is described plainly", () => {
    const look = lookOf({ by: "faith", labels: ["none", "$& odd"], light: [], dark: [] });
    assert.equal(look.meaning(1), "faith: $& odd");
    assert.equal(look.title, "faith");
    assert.equal(look.unknown.label, "unknown");
  });
});

describe("The palette", () => {
  test("holds four numbers for each of the sixteen codes", () => {
    const { palette } = lookOf(MODE);
    assert.deepEqual([...palette.subarray(4, 8)], [0, 1, 0, 1]);
    assert.equal(palette[4 * 2 + 3], 0);
    assert.equal(palette[4 * 15 + 3], 0.5);
  });

  test("follows the background", () => {
    assert.equal(lookOf(MODE, true).palette[0], Math.fround(128 / 255));
  });

  test("hides a class, and shows it again", () => {
    const look = lookOf(MODE);
    look.toggle(1);
    assert.equal(look.isShown(1), false);
    look.toggle(1);
    assert.equal(look.isShown(1), true);
    look.toggle(0);
    look.showAll();
    assert.equal(look.isShown(0), true);
  });
});

describe("What a colour means", () => {
  test("describes a class by its phrase", () => {
    assert.equal(lookOf(MODE).meaning(1), "by bus");
  });

  test("is nothing if the phrase is empty", () => {
    assert.equal(lookOf({ ...MODE, phrase: "" }).meaning(1), "");
  });

  test("is a value on a ramp of fifteen steps", () => {
    const look = lookOf(MOOD);
    assert.equal(look.meaning(0), "mood about -1.0");
    assert.equal(look.meaning(7), "mood about 0.0");
    assert.equal(look.meaning(14), "mood about 1.0");
  });

  test("is nothing where it is unknown", () => {
    assert.equal(lookOf(MOOD).meaning(15), "");
    assert.equal(lookOf(MODE).unknown.label, "not under way");
  });
});
