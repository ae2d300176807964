// How numbers are packed into the bytes of a message (see `traits.d.ts`).

/** @import { Bytes, Traits } from "./traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

/** The largest coordinate. */
export const UNITS = 65535;
/** How many values four bits hold: rows of doings, or codes of colour. */
export const CODES = 16;
/** Code of colour of those of whom nothing is known. */
export const UNKNOWN = 15;

/** @typedef {{ [K in keyof Traits]: Traits[K] extends Bytes ? K : never }[keyof Traits]} ByteTrait */

/**
 * Return what a person does, as a row of the doings.
 *
 * @param {number} state
 */
export function doingOf(state) {
  return state & 15;
}

/**
 * Return the code of a person's colour.
 *
 * @param {number} state
 */
export function colourOf(state) {
  return state >> 4;
}

/**
 * Return the bytes of a trait, without a copy.
 *
 * @param {WidgetModel<Traits>} model
 * @param {ByteTrait} name
 */
export function bytesOf(model, name) {
  const value = model.get(name);
  if (!value) return new Uint8Array(0);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/**
 * Return the numbers of a trait as a copy; bytes that make no whole number are left out.
 *
 * @template N
 * @param {WidgetModel<Traits>} model
 * @param {ByteTrait} name
 * @param {{ new (buffer: ArrayBuffer): N, BYTES_PER_ELEMENT: number }} Kind
 * @returns {N}
 */
export function wholeNumbers(model, name, Kind) {
  const bytes = bytesOf(model, name);
  const copy = bytes.slice(0, bytes.length - (bytes.length % Kind.BYTES_PER_ELEMENT));
  return new Kind(copy.buffer);
}

/**
 * Cut points that follow one another into outlines.
 *
 * @param {Uint16Array} points x and y by turns.
 * @param {number[]} sizes Points in each outline.
 */
export function outlines(points, sizes) {
  let at = 0;
  return sizes.map((size) => points.subarray(at, (at += 2 * size)));
}
