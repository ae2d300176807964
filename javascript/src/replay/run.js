// Reads a run out of the file that holds it.

/** @import { MindsPayload, PackedClosed, PackedColumn, Payload, Track } from "./payload.js" */

import { distances } from "../map/data/journeys.js";
import { outlines } from "../map/message/format.js";

const KINDS = { Int32Array, Uint16Array, Uint8Array, Int8Array };
/** @typedef {InstanceType<(typeof KINDS)[keyof typeof KINDS]>} Column Numbers of one kind. */

/**
 * @typedef {object} Run
 * @property {Payload} payload
 * @property {Track} track
 * @property {Int32Array} household Number of the household of each person.
 * @property {Uint8Array} income Code of colour of each person.
 * @property {Uint8Array} needs Code of colour by hour, person and need.
 * @property {Uint8Array} feelings The same by hour, person and feeling.
 * @property {Record<string, Column>} mapColumns Traits of the map that are numbers.
 * @property {ReplayZones} zones
 * @property {Closed[]} closed What was closed, by time.
 * @property {Minds | null} minds What went on in minds.
 */

/**
 * @typedef {object} Closed What was closed from a minute on, as traits of the map.
 * @property {number} minute
 * @property {Uint16Array<ArrayBuffer>} closed
 * @property {number[]} closed_sizes
 * @property {Uint16Array<ArrayBuffer>} closed_places
 */

/**
 * @typedef {object} ReplayZones What is known of zones.
 * @property {Uint8Array} steps Code of colour by measure, moment and zone.
 * @property {Uint16Array} from Zone in which each row of the track began; `NO_ZONE` for none.
 * @property {Uint16Array} to Zone in which it ended.
 * @property {Uint16Array} middles x and y of each zone.
 * @property {Uint16Array} ofPlace Zone of each place; `NO_ZONE` for none.
 * @property {Int32Array} visits Rows of the track that are visits.
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
  const owner = ownersOf(/** @type {Int32Array} */ (first), payload.ids);
  const plain = /** @type {Omit<Track, "journeys">} */ (
    { first, start, end, ends, doing, mode, place, home, owner });
  const mapColumns = Object.fromEntries(
    payload.map_columns.map((name) => [name, columns[name] ?? new Uint8Array(0)]));
  return {
    payload,
    track: { ...plain, journeys: journeysOf(plain, columns) },
    household: /** @type {Int32Array} */ (columns.household),
    income: /** @type {Uint8Array} */ (income),
    needs: /** @type {Uint8Array} */ (needs),
    feelings: /** @type {Uint8Array} */ (columns.feelings),
    mapColumns,
    zones: {
      steps: /** @type {Uint8Array} */ (columns.zone_steps),
      from: /** @type {Uint16Array} */ (columns.from_zone),
      to: /** @type {Uint16Array} */ (columns.to_zone),
      middles: /** @type {Uint16Array} */ (columns.zone_xy),
      ofPlace: /** @type {Uint16Array} */ (columns.place_zone),
      visits: /** @type {Int32Array} */ (columns.visits),
    },
    closed: await Promise.all(payload.closed.map(readClosed)),
    minds: payload.minds && await readMinds(payload.minds),
  };
}

/**
 * Return what was closed from a minute on.
 *
 * @param {PackedClosed} packed
 * @returns {Promise<Closed>}
 */
export async function readClosed({ minute, rings, sizes, places }) {
  return {
    minute, closed_sizes: sizes,
    closed: /** @type {Uint16Array<ArrayBuffer>} */ (await unpacked(rings)),
    closed_places: /** @type {Uint16Array<ArrayBuffer>} */ (await unpacked(places)),
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
 * Return the id of the person of each row.
 *
 * @param {Int32Array} first First row of each person, and the end of the last person's.
 * @param {number[]} ids
 */
function ownersOf(first, ids) {
  const owners = new Int32Array(first[ids.length]);
  ids.forEach((id, person) => owners.fill(id, first[person], first[person + 1]));
  return owners;
}

/**
 * Return the trips that have a line, by their rows.
 *
 * @param {Omit<Track, "journeys">} track
 * @param {Record<string, Column>} columns `way_of` each row, -1 for none; `way_sizes` in points;
 *   `way_xy`, of which each number is the difference to the point before.
 * @returns {Track["journeys"]}
 */
function journeysOf({ owner, start, end, mode }, { way_of, way_sizes, way_xy }) {
  const lines = outlines(summedUp(/** @type {Uint16Array} */ (way_xy)), [...way_sizes])
    .map((points) => ({ points, along: distances(points) }));
  const journeys = new Map();
  way_of.forEach((line, row) => {
    if (line < 0) return;
    const about = { person: owner[row], start: start[row], end: end[row], mode: mode[row] };
    journeys.set(row, { ...about, ...lines[line] });
  });
  return journeys;
}

/**
 * Return points from the differences between them; sums beyond the largest number begin anew.
 *
 * @param {Uint16Array} steps x and y by turns.
 */
function summedUp(steps) {
  const points = steps.slice();
  for (let at = 2; at < points.length; at++) points[at] += points[at - 2];
  return points;
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
