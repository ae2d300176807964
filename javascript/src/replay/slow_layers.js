// What of the map changes every few minutes: zones, flows, what is closed, and trips of marked hours.

/** @import { Traits } from "../map/message/traits.js" */
/** @import { Focus } from "./focus.js" */
/** @import { LocalModel } from "./local_model.js" */
/** @import { Closed, Run } from "./run.js" */
/** @import { Span } from "./time_range.js" */

import { closedAt } from "./closed_at.js";
import { VISITS, hoursTraits, visitColours } from "./marked_hours.js";
import { latest } from "./time_range.js";
import { flowsAt, knownAt, zoneCodesAt } from "./zones.js";
import { clock, midnightOf } from "../shared/time.js";

const EVERY_MIN = 5;

export class SlowLayers {
  /**
   * @param {Run} run
   * @param {LocalModel<Traits>} map
   * @param {Focus} focus
   */
  constructor(run, map, focus) {
    this.run = run;
    this.map = map;
    this.focus = focus;
    /** What is shown, so that the same is not looked up twice. */
    this.shown = "";
    this.minute = 0;
    /** What is closed on the map; nothing at first.
     * @type {Closed | null} */
    this.closed = null;
    // The map can take the mark away.
    map.on("change:hours", () => {
      if (!map.get("hours").label && focus.get("hours")) focus.set("hours", null);
    });
  }

  /** @param {number} minute */
  show(minute) {
    const { run, map } = this;
    this.#showClosed(minute);
    const [measure, over, layers] = [map.get("measure"), map.get("flow_span"), map.get("layers")];
    const hours = this.focus.get("hours");
    const when = [Math.floor(minute / EVERY_MIN), midnightOf(minute), knownAt(run, minute) === minute];
    const wanted = JSON.stringify([measure, over, layers, hours, when]);
    // Who goes back sees nothing of what is to come.
    if (wanted === this.shown && minute >= this.minute) return;
    this.shown = wanted;
    this.minute = minute;
    const span = hours && latest(hours, minute);
    map.setAll(zoneTraits(run, measure, span, minute));
    map.setAll(hoursTraits(run, hours, minute, { hasTrips: layers.includes("trips"), measure }));
    if (layers.includes("flows")) map.setAll(flowsAt(run, span ?? over, minute));
  }

  /** @param {number} minute */
  #showClosed(minute) {
    const now = closedAt(this.run, minute);
    if (now === this.closed) return;
    this.closed = now;
    const { closed, closed_sizes, closed_places } = now;
    this.map.setAll({ closed, closed_sizes, closed_places });
  }
}

/**
 * Return the colours of zones, and what is said of each; visits are those of a span, if there is one,
 * or since midnight. Of all else it is said of when it is, if that is not now.
 *
 * @param {Run} run
 * @param {string} measure
 * @param {Span | null} span
 * @param {number} minute
 */
export function zoneTraits(run, measure, span, minute) {
  const look = run.payload.zone_looks[measure];
  if (look && measure === VISITS) return visitColours(run, span, minute);
  const known = knownAt(run, minute);
  const title = known < minute ? `${look?.title}, as of ${clock(known)}` : look?.title;
  return {
    zone_look: look ? { ...look, title } : {},
    zone_codes: zoneCodesAt(run, measure, minute),
    zone_words: "",
  };
}
