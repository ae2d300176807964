/**
 * What Python and the map send each other: the traits of `CityCanvas`, by name.
 *
 * Coordinates are whole numbers from 0 to 65,535 ("units") in a square, x to the right and y
 * down. What there is to do, to travel by and to colour by comes from here with its labels and
 * colours; the script knows no kinds of its own.
 */
export interface Traits {
  title: string;
  /** Day and time, as text. */
  when: string;
  frame: Partial<Frame>;
  /** uint16, four a segment: x and y of both ends. */
  streets: Bytes;
  /** uint16, x and y by turns: outlines of zones, one after the other. */
  zones: Bytes;
  /** Points in each outline. */
  zone_sizes: number[];
  zone_names: string[];
  /** uint8, line by line from the north-west: how dense people are who have no dot. */
  density: Bytes;
  density_look: Partial<DensityLook>;
  /** uint16: number of the zone of each outline. */
  zone_areas: Bytes;
  /** What zones are coloured by, "" for nothing; set by the map too. */
  measure: string;
  measures: Measure[];
  /** uint8 a zone: step of the colours of `zone_look`. */
  zone_codes: Bytes;
  zone_look: Partial<Colouring>;
  /** uint16, four a flow: x and y of both ends; the strongest first. */
  flows: Bytes;
  /** uint32: trips of each flow. */
  flow_counts: Bytes;
  /** "hour" or "day"; set by the map too. */
  flow_span: string;
  /** uint16, x and y by turns. */
  places: Bytes;
  homes: Bytes;
  stations: Bytes;
  station_names: string[];
  /** uint16, x and y by turns: where people are. */
  xy: Bytes;
  /**
   * uint8 a person: low four bits a row of `activities`, high four bits a class or step of
   * colour; or two uint8 a person, row and class, where somebody does what is beyond the
   * sixteenth row.
   */
  state: Bytes;
  /** int32: ids of the people. */
  person: Bytes;
  /** Names of the people, one a line. */
  names: string;
  activities: string[];
  /** Present minute of the run; not always whole in a replay. */
  minute: number;
  /** uint16, x and y by turns: lines of the trips that have begun since the last message. */
  trip_xy: Bytes;
  /** uint16: points of each line. */
  trip_sizes: Bytes;
  /** int32: who makes each trip. */
  trip_person: Bytes;
  /** int32, departure and arrival by turns, in minutes. */
  trip_times: Bytes;
  /** uint8 a trip: rows of `mode_look`. */
  trip_modes: Bytes;
  mode_look: Partial<Colouring>;
  /** What people are coloured by; set by the map too. */
  by: string;
  choices: string[];
  colouring: Partial<Colouring>;
  themes: Partial<Record<"light" | "dark", Theme>>;
  /** "light", "dark" or "auto". */
  theme: string;
  /** Names of the layers that are shown; set by the map too. */
  layers: string[];
  /** Id of the selected person, -1 for nobody; set by the map too. */
  selected: number;
  /** In pixels. */
  height: number;
  /** "auto" or "2d". */
  renderer: string;
}

/** Where and how much a density is. */
export interface DensityLook {
  /** Left, top, width and height, in units. */
  box: [number, number, number, number];
  columns: number;
  lines: number;
  /** People in the fullest cell. */
  most: number;
  /** Side of a cell, in metres. */
  cell_m: number;
  people: number;
  /** People by code of colour; all 0 unless people are coloured by activity. */
  counts: number[];
}

/** Something that zones can be coloured by. */
export interface Measure {
  name: string;
  label: string;
}

/** Bytes as a widget passes them on. */
export type Bytes = ArrayBufferView<ArrayBuffer> | ArrayBuffer;

/** The square of the plane, and the part of it to show first, in units. */
export interface Frame {
  /** Metres per unit. */
  unit_m: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What the colours of people stand for: classes with labels, or steps of a ramp without. */
export interface Colouring {
  by: string;
  labels: string[];
  light: string[];
  dark: string[];
  /** Values at both ends of a ramp. */
  low: number;
  high: number;
  ends: [string, string];
  /** Heading of the legend; `by` where it is empty. */
  title: string;
  /** Label of those of whom nothing is known; "unknown" where it is empty. */
  unknown: string;
  /**
   * How the class of a person is said, with its label at "{}"; nothing is said where it is empty,
   * "BY: LABEL" where there is no phrase.
   */
  phrase: string;
}

/** Colours around the people, as #rrggbb. */
export interface Theme {
  background: string;
  land: string;
  edge: string;
  street: string;
  place: string;
  home: string;
  station: string;
  panel: string;
  text: string;
  faint: string;
  accent: string;
  unknown: string;
}
