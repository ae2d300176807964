// The map as a picture to keep: all canvases, title and legend on one sheet.

/** @import { MapState } from "./state.js" */
/** @import { Stage } from "./stage.js" */

import { shadesOf } from "./data/look.js";
import { element, context2d, offscreen } from "../shared/dom.js";
import { grouped } from "../shared/numbers.js";

const FILE = "city.png";
const MARGIN_PX = 14;
const LINE_PX = 18;
const STEP_PX = 10;
/** Height of a ramp with what stands above it. */
const RAMP_PX = 40;
/** The browser may need the address of a download for this long, in milliseconds. */
const KEEP_MS = 1000;

/** @typedef {{ title: string, shades: readonly string[], ends: [string, string] }} Ramp */

/**
 * Save what the stage shows as a PNG file.
 *
 * @param {MapState} state
 * @param {Stage} stage
 * @param {string} title
 */
export function savePicture(state, stage, title) {
  sheetOf(state, stage, title).toBlob((blob) => {
    if (!blob) return;
    const link = element("a", { href: URL.createObjectURL(blob), download: FILE });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
  });
}

/**
 * @param {MapState} state
 * @param {Stage} stage
 * @param {string} title
 */
function sheetOf(state, stage, title) {
  const { camera, look: { theme } } = state;
  const { width, height } = stage.canvases.baseMap;
  const sheet = offscreen(width, height);
  const context = context2d(sheet);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  for (const canvas of stage.layers) context.drawImage(canvas, 0, 0);
  context.scale(camera.ratio, camera.ratio);
  context.font = "600 14px system-ui,sans-serif";
  context.fillStyle = theme.text;
  context.fillText(title, MARGIN_PX, 24);
  paintLegend(context, state);
  return sheet;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
function paintLegend(context, state) {
  context.font = "12px system-ui,sans-serif";
  context.textBaseline = "middle";
  if (state.look.labels.length) paintClasses(context, state);
  rampsOf(state).forEach((ramp, at) => {
    paintRamp(context, ramp, at, state);
  });
}

/**
 * Return the ramps of a picture, from the lowest to the highest: that of people, unless they are
 * coloured by classes or not at all, and that of zones that are coloured.
 *
 * @param {Pick<MapState, "look" | "zoneColours">} state
 * @returns {Ramp[]}
 */
export function rampsOf({ look, zoneColours: { measure, look: zones } }) {
  /** @type {Ramp[]} */
  const ramps = [];
  if (!look.labels.length) ramps.push({ title: look.by, shades: look.shades, ends: look.ends });
  if (measure) {
    const { title, ends = ["", ""] } = zones;
    ramps.push({ title: title || measure, shades: shadesOf(zones, look.isDark), ends });
  }
  return ramps.filter(({ shades }) => shades.length);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Ramp} ramp
 * @param {number} at How many ramps are below.
 * @param {MapState} state
 */
function paintRamp(context, { title, shades, ends: [low, high] }, at, { look, camera }) {
  const bottom = camera.size.height - LINE_PX * look.classes.length - RAMP_PX * at;
  shades.forEach((shade, step) => {
    context.fillStyle = shade;
    context.fillRect(MARGIN_PX + STEP_PX * step, bottom - 24, STEP_PX, STEP_PX);
  });
  context.fillStyle = look.theme.text;
  context.fillText(`${title}: ${low} to ${high}`, MARGIN_PX, bottom - 34);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapState} state
 */
function paintClasses(context, { look, camera, counts }) {
  const { shades, classes } = look;
  for (const { code, label } of classes) {
    const y = camera.size.height - MARGIN_PX - LINE_PX * (classes.length - 1 - code);
    context.fillStyle = shades[code];
    context.beginPath();
    context.arc(MARGIN_PX + 6, y, 5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = look.theme.text;
    context.fillText(`${label}  ${grouped(counts[code])}`, MARGIN_PX + 18, y);
  }
}
