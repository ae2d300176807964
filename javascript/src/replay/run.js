// Reads a run out of the file that holds it.

/** @import { MindsPayload, PackedColumn, Payload, Track } from "./payload.js" */

const KINDS = { Int32Array, Uint16Array, Uint8Array, Int8Array };
/** @typedef {InstanceType<(typeof KINDS)[keyof typeof KINDS]>} Column Numbers of one kind. */

/**
 * @typedef {object} Run
 * @property {Payload} payload
 * @property {Track} track
 * @property {Uint8Array} income Code of colour of each person.
 * @property {Uint8Array} needs Code of colour by hour, person and need.
 * @property {Record<string, Column>} mapColumns Traits of the map that are numbers.
 * @property {Minds | null} minds What went on in minds.
 */

/**
 * @typedef {object} Minds
 * @property {MindsPayload} payload
 * @property {Set<number>} people Rows of the people of whom it is known.
 * @property {Record<string, Record<string, Column>>} tables
 * @property {string[]} texts
 */

/**
 * @param {string} text JSON.
 * @returns {Promise<Run>}
 */
export async function readRun(text) {
  /** @type {Payload} */
  const payload = JSON.parse(text);
  const columns = await unpackedAll(payload.columns);
  const { first, start, end, ends, doing, mode, place, home, income, needs } = columns;
  const mapColumns = Object.fromEntries(
    payload.map_columns.map((name) => [name, columns[name] ?? new Uint8Array(0)]));
  return {
    payload,
    track: /** @type {Track} */ ({ first, start, end, ends, doing, mode, place, home }),
    income: /** @type {Uint8Array} */ (income),
    needs: /** @type {Uint8Array} */ (needs),
    mapColumns,
    minds: payload.minds && await readMinds(payload.minds),
  };
}

/**
 * @param {MindsPayload} payload
 * @returns {Promise<Minds>}
 */
async function readMinds(payload) {
  const tables = Object.entries(payload.tables).map(async ([name, columns]) =>
    /** @type {const} */ ([name, await unpackedAll(columns)]));
  return {
    payload,
    people: new Set(await unpacked(payload.people)),
    tables: Object.fromEntries(await Promise.all(tables)),
    texts: JSON.parse(await inflated(payload.texts).text()),
  };
}

/**
 * @param {Record<string, PackedColumn>} packed
 * @returns {Promise<Record<string, Column>>}
 */
async function unpackedAll(packed) {
  const columns = Object.entries(packed).map(async ([name, column]) =>
    /** @type {[string, Column]} */ ([name, await unpacked(column)]));
  return Object.fromEntries(await Promise.all(columns));
}

/**
 * Return the numbers of a column.
 *
 * @param {PackedColumn} column
 * @returns {Promise<Column>}
 */
export async function unpacked({ kind, data }) {
  return new KINDS[kind](await inflated(data).arrayBuffer());
}

/** @param {string} data Bytes compressed by zlib, as base64. */
function inflated(data) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
}
