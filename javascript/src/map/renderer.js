// Draws the state of the map on its stage, once a frame and only where something has changed.

/** @import { View } from "./data/viewport.js" */
/** @import { Stage } from "./stage.js" */
/** @import { MapState } from "./state.js" */

import { adjustment } from "./data/viewport.js";
import { paintBaseMap } from "./drawing/base_map.js";
import { paintClosed } from "./drawing/closed.js";
import { paintFlows } from "./drawing/flows.js";
import { paintDensity, paintHeat } from "./drawing/heat.js";
import { hasMarks, paintMarks } from "./drawing/marks.js";
import { paintNames } from "./drawing/names.js";
import { paintPastTrips } from "./drawing/past_trips.js";
import { cleared } from "./drawing/pen.js";
import { hasSketch, paintSketch } from "./drawing/sketch.js";
import { paintTrips } from "./drawing/trips.js";
import { paintZoneColours } from "./drawing/zones.js";
import { sceneOf } from "./painters/scene.js";

/** After this time without a move, in milliseconds, the base map is drawn anew. */
const REST_MS = 90;
/** While the view moves, the base map is drawn anew after this time, and takes at most this share. */
const PAUSE_MS = 150;
const MOST_SHARE = 0.2;

export class Renderer {
  /**
   * @param {MapState} state
   * @param {Stage} stage
   * @param {() => void} afterPaint Called after each frame.
   */
  constructor(state, stage, afterPaint) {
    this.state = state;
    this.stage = stage;
    this.afterPaint = afterPaint;
    this.frame = 0;
    this.rest = 0;
    this.isStopped = false;
    /** View for which the base map is drawn; null if it must be drawn anew. @type {View | null} */
    this.baseMapView = null;
    /** When it was drawn, and how long that took, in milliseconds. */
    this.drawnMs = -Infinity;
    this.tookMs = 0;
    /** The same of heat and trips. @type {View | null} */
    this.flowsView = null;
  }

  /** Draw at the next frame. */
  draw() {
    if (this.frame || this.isStopped) return;
    this.frame = requestAnimationFrame(() => this.paint());
  }

  /** Draw all anew at the next frame. */
  drawAnew() {
    this.baseMapView = this.flowsView = null;
    this.draw();
  }

  drawBaseMapAnew() {
    this.baseMapView = null;
    this.draw();
  }

  drawFlowsAnew() {
    this.flowsView = null;
    this.draw();
  }

  /** While the view moves, the last drawing moves along; it is drawn anew at times, and at rest. */
  drawMoved() {
    clearTimeout(this.rest);
    const pause = Math.max(PAUSE_MS, this.tookMs / MOST_SHARE);
    if (performance.now() - this.drawnMs > pause) this.baseMapView = null;
    this.rest = window.setTimeout(() => this.drawAnew(), REST_MS);
    this.draw();
  }

  /** Draw now. */
  paint() {
    this.frame = 0;
    const { camera, people } = this.state;
    if (this.isStopped || !camera.size.width || !camera.size.height) return;
    const nowMs = performance.now();
    if (this.state.follow(nowMs)) this.drawMoved();
    this.#paintBelow();
    this.#paintTrips(people.motion.share(nowMs));
    this.stage.painter?.paint(sceneOf(this.state, nowMs));
    this.#paintMarks(nowMs);
    this.afterPaint();
    if (people.motion.share(nowMs) < 1) this.draw();
  }

  /** Draw all anew, now, and return with all canvases true to the same moment. */
  paintWhole() {
    this.baseMapView = this.flowsView = null;
    this.paint();
  }

  stop() {
    this.isStopped = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
  }

  /** @param {number} share Of the way from the message before to the last one. */
  #paintTrips(share) {
    const { routes, people, layers, camera, journeys, hours } = this.state;
    routes.follow(people, share);
    const isOn = layers.has("trips") && !hours.label && journeys.ofPerson.size > 0;
    this.stage.drawOn("trips", camera, isOn
      ? (context) => paintTrips(context, this.state, routes.minuteAt(share)) : null);
  }

  /** @param {number} nowMs */
  #paintMarks(nowMs) {
    const { state } = this;
    const isOn = hasMarks(state) || hasSketch(state);
    this.stage.drawOn("marks", state.camera, isOn
      ? (context) => {
        paintMarks(context, state, nowMs);
        paintSketch(context, state);
      } : null);
  }

  #paintBelow() {
    const { canvases } = this.stage;
    const { view } = this.state.camera;
    if (!this.baseMapView) this.#paintBaseMap();
    if (!this.flowsView) this.#paintFlows();
    adjust(canvases.baseMap, this.baseMapView ?? view, view);
    adjust(canvases.labels, this.baseMapView ?? view, view);
    adjust(canvases.flows, this.flowsView ?? view, view);
  }

  #paintBaseMap() {
    const { canvases } = this.stage;
    const { camera } = this.state;
    const beganMs = performance.now();
    this.baseMapView = camera.view;
    const icons = paintBaseMap(cleared(canvases.baseMap, camera), this.state);
    paintNames(cleared(canvases.labels, camera), this.state, icons);
    this.drawnMs = performance.now();
    this.tookMs = this.drawnMs - beganMs;
  }

  #paintFlows() {
    const { state } = this;
    this.flowsView = state.camera.view;
    const drawn = flowsPainters(state);
    this.stage.drawOn("flows", state.camera, drawn.length
      ? (context) => drawn.forEach((paint) => paint(context, state)) : null);
  }
}

/**
 * Return what draws what is between the base map and the trips, from the lowest to the highest.
 *
 * @param {Pick<MapState, "layers" | "zoneColours" | "density" | "closed" | "hours">} state
 */
export function flowsPainters({ layers, zoneColours, density, closed, hours }) {
  const painters = /** @type {const} */ ([
    [Boolean(zoneColours.measure), paintZoneColours],
    [layers.has("people") && density.steps.length > 0, paintDensity],
    [layers.has("trips") && Boolean(hours.label) && hours.lines.length > 0, paintPastTrips],
    [layers.has("flows"), paintFlows],
    [layers.has("heat"), paintHeat],
    [closed.areas.length > 0 || closed.places.length > 0, paintClosed],
  ]);
  return painters.filter(([isOn]) => isOn).map(([, paint]) => paint);
}

/**
 * Move and stretch a canvas drawn for one view so that it fits another.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {View} drawn
 * @param {View} view
 */
function adjust(canvas, drawn, view) {
  const change = adjustment(drawn, view);
  canvas.style.transformOrigin = "0 0";
  canvas.style.transform = change
    ? `translate(${change.x}px,${change.y}px) scale(${change.stretch})`
    : "";
}
