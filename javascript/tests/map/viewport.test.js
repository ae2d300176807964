import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  adjustment, centred, fitScale, fitted, middle, onScreen, panned, zoomLimits, zoomed,
} from "../../src/map/data/viewport.js";
import { Camera } from "../../src/map/data/camera.js";

const SIZE = { width: 400, height: 300 };
const FREE = { top: 0, left: 0, bottom: 0 };
const BOUNDS = { left: 1000, top: 2000, width: 800, height: 400 };

test("a point is drawn at its distance from the corner times the scale", () => {
  assert.deepEqual(onScreen({ x: 100, y: 50, scale: 0.5 }, 300, 250), [100, 100]);
});

describe("The fitted view", () => {
  test("is as large as the narrower side allows", () => {
    // 400 / 800 = 0.5 across, 300 / 400 = 0.75 down
    assert.equal(fitScale(BOUNDS, SIZE, FREE), 0.5);
    // With a bar of 150 pixels: 150 / 400 down
    assert.equal(fitScale(BOUNDS, SIZE, { ...FREE, top: 150 }), 0.375);
  });

  test("has the city in its middle", () => {
    const view = fitted(BOUNDS, SIZE, FREE);
    assert.deepEqual(onScreen(view, 1000, 2000), [0, 50]);
    assert.deepEqual(onScreen(view, 1800, 2400), [400, 250]);
  });

  test("begins below the bar", () => {
    const view = fitted(BOUNDS, SIZE, { ...FREE, top: 100 });
    assert.deepEqual(onScreen(view, 1000, 2000), [0, 100]);
    assert.deepEqual(onScreen(view, 1800, 2400), [400, 300]);
  });

  test("ends above the legend where that is a strip", () => {
    const view = fitted(BOUNDS, SIZE, { ...FREE, bottom: 100 });
    assert.deepEqual(onScreen(view, 1000, 2000), [0, 0]);
    assert.deepEqual(onScreen(view, 1800, 2400), [400, 200]);
  });

  test("gives way to the legend as far as there is room", () => {
    // 400 x 400 units at 0.75: 300 of 400 pixels, so that 100 are to spare.
    const square = { ...BOUNDS, width: 400 };
    const [left] = onScreen(fitted(square, SIZE, { ...FREE, left: 60 }), 1000, 2000);
    assert.equal(Math.round(left), 80);
    const [most] = onScreen(fitted(square, SIZE, { ...FREE, left: 250 }), 1000, 2000);
    assert.equal(Math.round(most), 100);
  });
});

describe("Zooming", () => {
  const view = { x: 100, y: 50, scale: 0.5 };
  const limits = { least: 0.1, most: 4 };

  test("leaves the point under the pointer where it is", () => {
    const near = zoomed(view, 2, [100, 100], limits);
    assert.equal(near.scale, 1);
    assert.deepEqual(onScreen(near, 300, 250), [100, 100]);
  });

  test("ends at the limits", () => {
    assert.equal(zoomed(view, 100, [0, 0], limits).scale, 4);
    assert.equal(zoomed(view, 0.01, [0, 0], limits).scale, 0.1);
  });

  test("out ends where the whole square or the city is small", () => {
    // 300 / 65535 is less than the fitted scale.
    const { least, most } = zoomLimits(0.5, SIZE);
    assert.equal(least, (0.7 * 300) / 65535);
    assert.equal(most, 100);
  });
});

test("panning moves the city with the pointer", () => {
  const view = panned({ x: 100, y: 50, scale: 0.5 }, 10, -20);
  assert.deepEqual(view, { x: 80, y: 90, scale: 0.5 });
});

test("a centred point is in the middle", () => {
  const view = centred([300, 250], 0.5, SIZE);
  assert.deepEqual(onScreen(view, 300, 250), [200, 150]);
  assert.deepEqual(middle(view, SIZE), [300, 250]);
});

describe("A drawing made for another view", () => {
  const drawn = { x: 100, y: 50, scale: 0.5 };

  test("fits as it is if the view is the same", () => {
    assert.equal(adjustment(drawn, { ...drawn }), null);
  });

  test("is moved and stretched", () => {
    const change = adjustment(drawn, { x: 110, y: 50, scale: 1 });
    assert.deepEqual(change, { x: -10, y: 0, stretch: 2 });
  });
});

describe("The camera", () => {
  /** Return a camera on a square city of 1,000 units, fitted into 500 pixels. */
  const fittedCamera = () => {
    const camera = new Camera();
    camera.takeFrame({ unit_m: 2, left: 0, top: 0, width: 1000, height: 1000 });
    camera.resize({ width: 500, height: 500 }, 3);
    return camera;
  };

  test("is fitted until the reader moves it", () => {
    const camera = fittedCamera();
    assert.equal(camera.view.scale, 0.5);
    camera.resize({ width: 250, height: 250 }, 1);
    assert.equal(camera.view.scale, 0.25);
    assert.equal(camera.magnification, 1);
  });

  test("keeps the middle of a view that the reader has chosen", () => {
    const camera = fittedCamera();
    camera.lookAt([300, 700], 2);
    camera.resize({ width: 250, height: 100 }, 1);
    assert.deepEqual(middle(camera.view, camera.size), [300, 700]);
    assert.equal(camera.view.scale, 2);
  });

  test("draws at most two device pixels per pixel", () => {
    assert.equal(fittedCamera().ratio, 2);
  });

  test("shows the whole square if there is no frame", () => {
    const camera = new Camera();
    camera.takeFrame({});
    assert.deepEqual(camera.bounds, { left: 0, top: 0, width: 65535, height: 65535 });
    assert.equal(camera.unitM, 1);
  });
});
