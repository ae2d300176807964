/** What Python and the panels of minds send each other: the traits of `MindsWidget`. */
export interface MindsTraits {
  /** Which panel it is. */
  panel: "feed" | "day" | "network" | "differing";
  /** What it shows: `FeedData`, `DayData`, `NetData` or `DifferingData`. */
  data: object;
  /** What the reader asks for, set by the panel. */
  wanted: Wanted;
}

/** The traits of one panel, with the data that it shows. */
export interface PanelTraits<T> {
  data: T;
  wanted: Wanted;
}

/** A request of the reader; each has the time at which it was made, so that none is like another. */
export interface Wanted {
  /** In milliseconds. */
  at?: number;
  /** Person to select. */
  person?: number;
  /** Minute to go to. */
  minute?: number;
  /** Filter of the feed. */
  filter?: FeedFilter;
  /** How many rows of the feed. */
  count?: number;
  /** Which network. */
  choice?: string;
  /** Among whom. */
  group?: string;
  /** Empty, to take the mark of hours away. */
  hours?: string;
}

export interface FeedFilter {
  kinds: string[];
  /** Who decided; empty for all. */
  source: string;
  text: string;
  /** Only rows with the selected person. */
  only: boolean;
}

export interface FeedItem {
  minute: number;
  /** Day of the week and time. */
  when: string;
  kind: string;
  /** Ids and names. */
  people: [number, string][];
  title: string;
  text: string;
  source: string;
  tone: string;
}

export interface FeedData {
  /** Keys and labels. */
  kinds: [string, string][];
  sources: [string, string][];
  filter: FeedFilter;
  /** The newest first. */
  items: FeedItem[];
  /** Whether there may be older ones. */
  more: boolean;
  /** Name of the selected person, empty for nobody. */
  selected: string;
  /** The marked hours of which the feed is, with their day; empty for none. */
  hours: string;
  /** What to do where there is nothing to see. */
  hint: string;
}

export interface DifferingItem {
  person: number;
  name: string;
  /** Day of the week and time of the first difference. */
  when: string;
  /** Table in which it is. */
  kind: string;
  /** In which run the person is not; empty for one who is in both. */
  note: string;
  /** What the person did in each run. */
  sides: [string, string];
  /** Why there are no decisions to tell; empty if there are. */
  why: string;
  /** The first decisions that differ, of each run, and how they stand to it; none if none do. */
  decided: [string, string] | [];
}

export interface DifferingData {
  /** Names of both runs. */
  names: [string, string];
  /** Keys and labels. */
  kinds: [string, string][];
  filter: { kinds: string[]; text: string };
  /** The first difference first. */
  items: DifferingItem[];
  /** Whether there are more people. */
  more: boolean;
  /** How many people fit. */
  count: number;
  /** How many live differently, in a sentence. */
  summary: string;
  /** What to do where there is nobody to see. */
  hint: string;
}

export interface DayNote {
  when: string;
  /** "why", "talk", "memory" or "insight". */
  kind: string;
  text: string;
}

export interface DayEntry {
  /** In minutes since the start of the run. */
  start: number;
  end: number;
  /** From when to when. */
  when: string;
  label: string;
  /** Where, or where to. */
  place: string;
  /** By what, on the way. */
  how: string;
  colour: string;
  status: string;
  notes: DayNote[];
}

export interface DayNeed {
  label: string;
  colour: string;
  /** Minutes and levels in [0, 1]. */
  levels: [number, number][];
}

export interface DayData {
  name: string;
  minute: number;
  /** Midnight before, in minutes since the start of the run. */
  midnight: number;
  entries: DayEntry[];
  needs: DayNeed[];
  hint: string;
}

export interface NetNode {
  id: number;
  name: string;
  /** What is said of the person. */
  note: string;
  /** From -1 to 1: disliked or disbelieving, to liked or believing. */
  tone: number;
  /** Whether the network is about this person. */
  own: boolean;
  /** When the person heard, in a cascade; 0 elsewhere. */
  minute: number;
}

export interface NetEdge {
  from: number;
  to: number;
  tone: number;
  /** From 0 to 1. */
  weight: number;
  note: string;
}

export interface NetData {
  /** Keys and labels. */
  choices: [string, string][];
  choice: string;
  /** Among whom it can be shown: keys and labels; nothing to choose with fewer than two. */
  groups: [string, string][];
  group: string;
  /** Whether it is laid out by time, from left to right. */
  timed: boolean;
  nodes: NetNode[];
  edges: NetEdge[];
  /** First and last moment of a cascade, as minutes and as they are written. */
  span: { from: number; to: number; labels: [string, string] };
  /** A sentence about it. */
  summary: string;
  hint: string;
}
