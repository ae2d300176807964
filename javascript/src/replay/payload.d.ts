import type { Journey } from "../map/data/journeys.js";
import type { Colouring, Traits } from "../map/message/traits.js";

/** What Python writes into the file: see `html_replay.py`. */
export interface Payload {
  /** First day, YYYY-MM-DD. */
  start: string;
  /** Length of the run, in minutes. */
  end: number;
  days: number;
  /** Minute to show first. */
  minute: number;
  /** Departures in each hour. */
  trips: number[];
  ids: number[];
  names: string[];
  /** A sentence a person. */
  described: string[];
  /** Names of the places. */
  places: string[];
  /** Ids of the places on the map. */
  map_places: number[];
  activities: string[];
  /** Class of colour of each of the activities. */
  groups: number[];
  /** Colours of those classes, on light and on dark ground. */
  shades: string[];
  needs: string[];
  /** Which feelings are known of some people: "mood", "belief". */
  feelings: string[];
  colourings: Record<string, Colouring>;
  /** Minutes between two moments at which colours of zones are known. */
  zone_every: number;
  /** Meaning of the colours of zones, by measure and in the order of the columns. */
  zone_looks: Record<string, Colouring>;
  /** Names of the zones, by their numbers. */
  zone_names: string[];
  /** What was closed, each time that it changed. */
  closed: PackedClosed[];
  /** Numbers, packed. */
  columns: Record<string, PackedColumn>;
  /** Names of the columns that are traits of the map. */
  map_columns: string[];
  /** Names of the modes. */
  modes: string[];
  /** Name and colour of each need. */
  need_looks: [string, string][];
  /** What went on in minds; null if nothing is known. */
  minds: MindsPayload | null;
  /** The other traits of the map. */
  map: Omit<Traits, "xy" | "state">;
}

/** What was closed from a minute on, as `replay_closed.py` writes it. */
export interface PackedClosed {
  minute: number;
  /** Outlines of areas, one after the other, and the points in each. */
  rings: PackedColumn;
  sizes: number[];
  /** Places that are closed each by itself. */
  places: PackedColumn;
}

export interface PackedColumn {
  kind: "Int32Array" | "Uint16Array" | "Uint8Array" | "Int8Array";
  /** Numbers compressed by zlib, as base64. */
  data: string;
}

/** The rows of the run: one for each thing that a person did, in the order of people and time. */
export interface Track {
  /** First row of each person, and the end of the last person's. */
  first: Int32Array;
  /** In minutes since the start. */
  start: Int32Array;
  end: Int32Array;
  /** Where it began and ended, in units: four numbers a row. */
  ends: Uint16Array;
  /** Rows of the activities. */
  doing: Uint8Array;
  /** Rows of the modes; -1 for those not under way. */
  mode: Int8Array;
  /** Rows of the places; -1 for none. */
  place: Int32Array;
  /** Id of the person of each row. */
  owner: Int32Array;
  /** Row of the place where each person lives. */
  home: Int32Array;
  /** The trips, by their rows. */
  journeys: Map<number, Journey>;
}

/** From what a mood is told in words (`mind/mood.py`). */
export interface MoodNumbers {
  /** Code of a feeling of 1. */
  codes: number;
  /** Hours in which half of a feeling is gone, and after which a thought is. */
  half_life_h: number;
  thought_h: number;
  /** Strength below which a feeling is called `even`. */
  even_below: number;
  /** Words counterclockwise from pleasure, one for each 45 degrees. */
  words: string[];
  even: string;
}

/** What went on in minds, as `html_minds.py` writes it. */
export interface MindsPayload {
  /** How many people it is known of. */
  count: number;
  /** Their rows. */
  people: PackedColumn;
  /** Keys and labels of the kinds in the feed. */
  kinds: [string, string][];
  /** Words for who decided, by code. */
  sources: string[];
  tones: string[];
  /** Columns by name, of each table: feed, posts, memories, insights, beliefs, ties, moods. */
  tables: Record<string, Record<string, PackedColumn>>;
  /** All texts, as JSON compressed by zlib, as base64. */
  texts: string;
  /** How many memories a person keeps. */
  capacity: number;
  /** Share of a belief that is forgotten in a day, and what is left at last. */
  decay: number;
  neutral: number;
  half_life_days: number;
  mood: MoodNumbers;
}
