// Reads the base map and the places that Python sends.

/** @import { Traits } from "./traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

import { areasOf, extentOf } from "../data/areas.js";
import { groundKind, isBare } from "../data/ground.js";
import { linesOf, streetsOf } from "../data/lines.js";
import { Places } from "../data/places.js";
import { zoneFinder } from "../data/zones.js";
import { outlines, wholeNumbers } from "./format.js";

/** @typedef {ReturnType<typeof readBaseMap>} BaseMap What does not move. */

/** @param {WidgetModel<Traits>} model */
export function readBaseMap(model) {
  const points = wholeNumbers(model, "zones", Uint16Array);
  const zones = outlines(points, model.get("zone_sizes") || []);
  const areas = readAreas(model);
  const { lines, streets } = readLines(model);
  const extent = extentOf(areas.boxes, lines.boxes);
  return {
    zones,
    /** Row of the outline of the zone at a point in units, -1 for none. */
    zoneAt: zoneFinder(zones),
    zoneNames: model.get("zone_names") || [],
    zoneAreas: wholeNumbers(model, "zone_areas", Uint16Array),
    homes: wholeNumbers(model, "homes", Uint16Array),
    stations: wholeNumbers(model, "stations", Uint16Array),
    stationNames: model.get("station_names") || [],
    areas,
    groundKind: groundKind(areas, extent),
    /** Whether so little land is known that one does not see where the city is built up. */
    isBare: isBare(areas, extent),
    extent,
    areaLooks: model.get("land_look") || [],
    areaNames: model.get("land_names") || [],
    lines,
    streets,
    lineLooks: model.get("line_look") || [],
    places: readPlaces(model),
  };
}

/** @param {WidgetModel<Traits>} model */
function readAreas(model) {
  return areasOf({
    points: wholeNumbers(model, "land", Uint16Array),
    rings: wholeNumbers(model, "land_rings", Uint32Array),
    shapes: wholeNumbers(model, "land_shapes", Uint16Array),
    kinds: wholeNumbers(model, "land_kinds", Uint8Array),
  });
}

/** @param {WidgetModel<Traits>} model */
function readLines(model) {
  const lines = linesOf({
    points: wholeNumbers(model, "lines", Uint16Array),
    sizes: wholeNumbers(model, "line_sizes", Uint16Array),
    kinds: wholeNumbers(model, "line_kinds", Uint8Array),
  });
  const names = wholeNumbers(model, "line_name", Uint16Array);
  return { lines, streets: streetsOf(lines, names, model.get("line_names") || []) };
}

/** @param {WidgetModel<Traits>} model */
function readPlaces(model) {
  return new Places({
    points: wholeNumbers(model, "place_xy", Uint16Array),
    kinds: wholeNumbers(model, "place_kinds", Uint8Array),
    names: (model.get("place_names") || "").split("\n"),
    looks: model.get("place_look") || [],
  });
}
