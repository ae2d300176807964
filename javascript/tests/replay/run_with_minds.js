// A run of three people with minds, as a file holds it.

import { deflateSync } from "node:zlib";

import { readRun } from "../../src/replay/run.js";

/** @typedef {import("../../src/replay/payload.js").PackedColumn} PackedColumn */
/** @typedef {import("../../src/replay/run.js").Minds} Minds */

/**
 * @param {Record<string, number[]>} columns
 * @returns {Record<string, PackedColumn>}
 */
function packed(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, numbers]) => [name, {
    kind: /** @type {const} */ ("Int32Array"),
    data: deflateSync(new Uint8Array(Int32Array.from(numbers).buffer)).toString("base64"),
  }]));
}

const TEXTS = ["", "chose the way: walk", "walk 9 min", "talked about tea", "meal", "good soup", "friend",
  "happy", "heard by radio: flood", "believed it", "habit", "lunch at noon"];
export const DAY = 1440;
export const RUN = await readRun(JSON.stringify({
  ids: [7, 8, 9], names: ["Ann", "Bo", "Cy"], activities: ["sleep", "work"], groups: [0, 1],
  shades: ["#000000", "#333333"], needs: [], feelings: [], need_looks: [], modes: [],
  places: ["home", "office"], days: 2, zone_names: ["West", "East"], closed: [],
  colourings: { activity: { labels: ["sleep", "work"], light: [], dark: [] } },
  columns: packed({
    first: [0, 2, 2, 2], start: [0, 480], end: [480, DAY], ends: [0, 0, 0, 0, 0, 0, 0, 0], doing: [0, 1],
    mode: [-1, -1], place: [0, 1], home: [0, 0, 0], income: [1, 1, 1], needs: [], feelings: [],
    way_of: [-1, -1], way_sizes: [], way_xy: [], zone_steps: [], from_zone: [], to_zone: [], zone_xy: [],
    household: [1, 2, 1], place_zone: [1, 65535], visits: [],
  }),
  map_columns: [],
  minds: {
    people: packed({ people: [0, 1] }).people,
    kinds: [["conversations", "Talks"], ["decisions", "Decisions"], ["insights", "Insights"],
      ["messages", "Messages"]],
    sources: ["", "rule", "language model"], tones: ["", "positive", "negative"], capacity: 2, decay: 0.1,
    neutral: 0.5, half_life_days: 1,
    mood: {
      codes: 100, half_life_h: 2, thought_h: 3, even_below: 0.1, even: "even",
      words: ["happy", "excited", "alert", "tense", "unhappy", "sad", "tired", "calm"],
    },
    texts: deflateSync(JSON.stringify(TEXTS)).toString("base64"),
    tables: {
      feed: packed({
        time: [480, 500, 600, 610], kind: [1, 0, 3, 3], person: [0, 0, 0, 1], other: [-1, 1, -1, 0],
        title: [1, 3, 8, 8], text: [2, 0, 9, 9], source: [1, 2, 1, 1], tone: [0, 1, 0, 2],
        thread: [-1, -1, 4, 4],
      }),
      posts: packed({
        time: [590, 600, 610, 620], post: [0, 1, 2, 3], parent: [-1, 0, 1, -1], root: [0, 0, 0, 3],
        person: [-1, 0, 1, 2], kind: [4, 4, 4, 4], stance: [0, 50, -50, 0], topic: [4, 4, 4, 4],
      }),
      memories: packed({
        person: [0, 0, 0], time: [60, 120, 180], number: [1, 2, 3], start: [0, 60, 120],
        place: [0, 1, 0], key: [4, 4, 4], text: [5, 5, 5], score: [255, 70, 255],
      }),
      insights: packed({
        person: [0, 0], time: [0, 720], number: [1, 1], kind: [10, 0], text: [11, 0], strength: [80, 255],
      }),
      beliefs: packed({
        person: [0, 0], time: [0, 100], place: [0, 1], visits: [1, 2], price: [100, 60],
        atmosphere: [100, 60], satisfaction: [100, 60], convenience: [100, 60],
      }),
      ties: packed({
        person: [0, 0, 1], time: [0, 900, 0], other: [1, 2, 2], relation: [6, 6, 6],
        affinity: [80, 10, 50], trust: [60, 10, 50], familiarity: [40, 10, 50],
      }),
      // Happy from 11:00 on, and calm at rest; of midnight nothing is known.
      moods: packed({
        person: [0, 0], time: [0, 700], valence: [999, 60], arousal: [999, 0], rest_valence: [999, 0],
        rest_arousal: [999, -20], mood_min: [0, 660], thought_min: [0, 660], thought: [11, 5],
        goals: [0, 0],
      }),
    },
  },
}));
export const MINDS = /** @type {Minds} */ (RUN.minds);
