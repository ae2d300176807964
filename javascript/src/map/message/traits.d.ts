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
  /**
   * uint16, x and y by turns: rings of the areas, one after the other, in drawing order; each ends
   * where it begins.
   */
  land: Bytes;
  /** uint32: points in each ring. */
  land_rings: Bytes;
  /** uint16: rings in each area; the first is the outer one, the others are holes. */
  land_shapes: Bytes;
  /** uint8: row of `land_look` of each area. */
  land_kinds: Bytes;
  land_look: AreaLook[];
  land_names: AreaName[];
  /** uint16, x and y by turns: streets, rails and rivers as lines, one after the other. */
  lines: Bytes;
  /** uint16: points of each line. */
  line_sizes: Bytes;
  /** uint8: row of `line_look` of each line. */
  line_kinds: Bytes;
  line_names: string[];
  /** uint16: row of the name of each line in `line_names`, plus one; 0 for none. */
  line_name: Bytes;
  /** In drawing order. */
  line_look: LineLook[];
  /** uint16, x and y by turns: outlines of zones, one after the other. */
  zones: Bytes;
  /** Points in each outline. */
  zone_sizes: number[];
  zone_names: string[];
  /** uint16, x and y by turns: places that are not homes. */
  place_xy: Bytes;
  /** uint8: row of `place_look` of each place. */
  place_kinds: Bytes;
  /** Names of the places, one a line. */
  place_names: string;
  place_look: PlaceLook[];
  /** Row of the selected place, -1 for none; set by the map too. */
  place: number;
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
  /** What is said of each zone at which one points, one a line; "" for nothing. */
  zone_words: string;
  /** uint16, four a flow: x and y of both ends; the strongest first. */
  flows: Bytes;
  /** uint32: trips of each flow. */
  flow_counts: Bytes;
  /** "hour" or "day"; set by the map too. */
  flow_span: string;
  /** The hours that are marked, empty for none; set to an empty one by the map too. */
  hours: Partial<Hours>;
  /** uint16, x and y by turns: lines of trips that began in the marked hours. */
  past_xy: Bytes;
  /** uint16: points of each line. */
  past_sizes: Bytes;
  /** uint8 a line: rows of `mode_look`. */
  past_modes: Bytes;
  /** uint16, x and y by turns. */
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
  /** uint8 a person: 1 for those who are looked at, 0 for the others; empty while everybody is. */
  emphasis: Bytes;
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
  /** uint16, x and y by turns: outlines of areas that are closed, one after the other. */
  closed: Bytes;
  /** Points in each outline of `closed`. */
  closed_sizes: number[];
  /** uint16, x and y by turns: places that are closed, each by itself. */
  closed_places: Bytes;
  /** Whether a click sets a corner of a sketch; the map sets it to false when it is done. */
  drawing: boolean;
  /** x and y by turns, in units: one spot or the corners of an area; set by the map too. */
  drawn: number[];
  /**
   * Where maps that move together look: x and y of the middle and the side of the largest square
   * about it that is in view, in units; empty while all of the city is shown; set by the map too.
   */
  camera: number[];
  /** Name of the maps that move together; "" for a map that moves alone. */
  camera_group: string;
  /** What the bar offers: names of layers, "colour", "follow", "table"; empty for all. */
  tools: string[];
  /** What is said where there are no people; null for the usual words, "" for nothing. */
  nobody: string | null;
  /** In pixels. */
  height: number;
  renderer: RendererName;
}

/** Hours that are marked, and what is counted in them. */
export interface Hours {
  /** The hours and their day. */
  label: string;
  /** How many trips began in them, and how many of these have a line. */
  trips: number;
  drawn: number;
  /** Whether zones have the colours of visits that began in them. */
  visits: boolean;
}

/** How people are drawn: "auto" by WebGL 2 where there is a graphics card, else by Canvas 2D. */
export type RendererName = "auto" | "2d" | "webgl2";

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

/** How a kind of area is drawn: colours as #rrggbb by theme. */
export interface AreaLook {
  kind: string;
  label: string;
  light: string;
  dark: string;
  /** In pixels per metre: it is drawn from here on. */
  min_scale: number;
}

/** A name of an area, in its middle. */
export interface AreaName {
  /** In units. */
  x: number;
  y: number;
  name: string;
  /** Such as park, water or district. */
  kind: string;
  /** Side of the area, in units. */
  size: number;
}

/** How a kind of line is drawn. */
export interface LineLook extends AreaLook {
  casing_light: string;
  casing_dark: string;
  /** Width from afar, in pixels. */
  width_px: number;
  /** Width in the city, in metres: it counts where it is larger. */
  width_m: number;
  /** In pixels per metre: names are written from here on. */
  name_scale: number;
}

/** How a kind of place is drawn. */
export interface PlaceLook {
  kind: string;
  label: string;
  /** One of the names in `icons.js`. */
  icon: string;
  light: string;
  dark: string;
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
