// Names of what Python sends together, so that it is taken together.

export const LOOK = /** @type {const} */ ([
  "themes", "colouring", "theme", "activities", "by", "choices", "mode_look",
]);

export const BASE_MAP = /** @type {const} */ ([
  "zones", "zone_sizes", "zone_names", "zone_areas", "homes", "stations", "station_names",
  "land", "land_rings", "land_shapes", "land_kinds", "land_look", "land_names",
  "lines", "line_sizes", "line_kinds", "line_names", "line_name", "line_look",
  "place_xy", "place_kinds", "place_names", "place_look",
]);

export const TRIPS = /** @type {const} */ ([
  "trip_xy", "trip_sizes", "trip_person", "trip_times", "trip_modes",
]);

export const HOURS = /** @type {const} */ (["hours", "past_xy", "past_sizes", "past_modes"]);

export const ZONE_COLOURS = /** @type {const} */ ([
  "measure", "measures", "zone_codes", "zone_look", "zone_words",
]);

export const DENSITY = /** @type {const} */ (["density", "density_look"]);

export const FLOWS = /** @type {const} */ (["flows", "flow_counts", "flow_span"]);

export const POSITIONS = /** @type {const} */ (["xy", "state", "minute", ...TRIPS]);

export const CLOSED = /** @type {const} */ (["closed", "closed_sizes", "closed_places"]);
