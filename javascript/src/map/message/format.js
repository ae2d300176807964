// How numbers are packed into the bytes of a message (see `traits.d.ts`).

/** @import { Bytes, Traits } from "./traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

/** The largest coordinate. */
export const UNITS = 65535;
/** How many codes of colour there are: as many as four bits hold. */
export const CODES = 16;
/** Code of colour of those of whom nothing is known. */
export const UNKNOWN = 15;

/** @typedef {{ [K in keyof Traits]: Traits[K] extends Bytes ? K : never }[keyof Traits]} ByteTrait */

/**
 * Read what people do and how they are coloured.
 *
 * @param {Uint8Array} states One byte a person: a row of the activities in the low four bits and a
 *   code of colour in the high four; or two bytes, where four bits do not hold all activities.
 * @param {number} people How many there are.
 * @returns {{ doing: Uint8Array, colour: Uint8Array<ArrayBuffer> } | null} Null if the states are
 *   of more or of fewer people.
 */
export function unpackStates(states, people) {
  const doing = new Uint8Array(people);
  const colour = new Uint8Array(people);
  const isWide = states.length === 2 * people;
  if (!isWide && states.length !== people) return null;
  for (let row = 0; row < people; row++) {
    doing[row] = isWide ? states[2 * row] : states[row] & 15;
    colour[row] = isWide ? states[2 * row + 1] : states[row] >> 4;
  }
  return { doing, colour };
}

/**
 * The reverse of `unpackStates`.
 *
 * @param {Uint8Array} doing
 * @param {Uint8Array} colour
 */
export function packStates(doing, colour) {
  if (doing.every((one) => one < CODES)) return doing.map((one, row) => one | (colour[row] << 4));
  const states = new Uint8Array(2 * doing.length);
  doing.forEach((one, row) => states.set([one, colour[row]], 2 * row));
  return states;
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
