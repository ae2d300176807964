// The page of a replay: map, time bar, buttons, and the day of the selected person.

/** @import { Traits } from "../map/message/traits.js" */
/** @import { BarTraits } from "../scrubber/traits.js" */
/** @import { Run } from "./run.js" */

import { emphasisAt, newFocus } from "./focus.js";
import { FocusBar } from "./focus_bar.js";
import { HoursBrush } from "./hours_brush.js";
import { LocalModel } from "./local_model.js";
import { positionsAt, presentIn, seek, statesAt, tripsAt } from "./moments.js";
import { PersonCard } from "./person_card.js";
import { PlaceCard } from "./place_card.js";
import { Player } from "./player.js";
import { Sections } from "./sections.js";
import { SlowLayers } from "./slow_layers.js";
import { CityMap } from "../map/city_map.js";
import { NOWHERE } from "../map/data/places.js";
import { TimeBar } from "../scrubber/time_bar.js";
import { byId, element } from "../shared/dom.js";
import { DAY, clock, dayAndClock } from "../shared/time.js";

const STEP_MIN = 5;
/** Minutes of the run in a second. */
const RATES = [10, 30, 60, 120, 300];

export class ReplayPage {
  /** @param {Run} run */
  constructor(run) {
    const { payload } = run;
    this.run = run;
    this.rows = new Int32Array(payload.ids.length);
    this.player = new Player(payload.minute, payload.end, () => this.#show());
    this.map = new LocalModel(mapTraits(run));
    this.bar = new LocalModel(barTraits(run));
    this.focus = newFocus();
    const [person, place] = [element("div"), element("div")];
    byId("person").append(person, place);
    this.card = new PersonCard(person, run, (row) => this.#choose(payload.ids[row]));
    this.placeCard = new PlaceCard(place, run, (id) => this.#choose(id));
    this.sections = new Sections(byId("sections"), run, this.focus, (id) => this.#choose(id));
    this.tripsMinute = -1;
    /** Who is on the map; null at first.
     * @type {Int32Array | null} */
    this.there = null;
    this.layers = new SlowLayers(run, this.map, this.focus);
  }

  /** Show the first moment, and listen to the reader. */
  begin() {
    this.#listenToButtons();
    this.#listenToWidgets();
    this.#show();
    new CityMap(this.map, byId("map"));
    new TimeBar(this.bar, byId("bar"));
    const brush = new HoursBrush(byId("bar"), byId("mark"), this.focus, this.bar.get("end"));
    new FocusBar(byId("focus"), this.run, this.focus, brush, this.map);
  }

  #show() {
    const { player, run, rows, map } = this;
    const now = Math.floor(player.minute);
    seek(run.track, rows, now);
    this.#showWho();
    map.set("when", dayAndClock(now, run.payload.days));
    map.set("state", statesAt(run, rows, map.get("by"), now));
    map.set("emphasis", emphasisAt(run, this.focus, rows));
    this.#showTrips(now);
    this.layers.show(now);
    map.set("minute", player.minute);
    map.set("xy", positionsAt(run.track, rows, player.minute));
    this.bar.set("minute", now);
    byId("time").textContent = clock(now);
    byId("date").textContent = dateAt(run.payload.start, Math.min(now, run.payload.end - 1));
    byId("play").textContent = player.isPlaying ? "Pause" : "Play";
    this.#showPerson();
  }

  /** Names and ids are given to the map when others are there. */
  #showWho() {
    const { map, rows, run: { payload } } = this;
    const [there, before] = [presentIn(rows), this.there];
    if (before?.length === there.length && there.every((person, at) => person === before[at])) return;
    this.there = there;
    map.set("person", there.map((person) => payload.ids[person]));
    map.set("names", Array.from(there, (person) => payload.names[person].replaceAll("\n", " ")).join("\n"));
  }

  /**
   * Trips are looked up once a minute.
   *
   * @param {number} minute
   */
  #showTrips(minute) {
    if (minute === this.tripsMinute) return;
    this.tripsMinute = minute;
    this.map.setAll(tripsAt(this.run.track, minute));
  }

  #showPerson() {
    const minute = Math.floor(this.player.minute);
    const person = this.run.payload.ids.indexOf(this.map.get("selected"));
    const place = this.map.get("place");
    this.card.node.hidden = place >= 0;
    this.card.show(person, this.rows, minute);
    this.placeCard.show(place, this.rows, minute);
    this.sections.show({ minute, selected: person, rows: this.rows }, this.player.isPlaying);
  }

  /** @param {number} id Of a person. */
  #choose(id) {
    this.map.set("selected", id);
    this.map.set("place", NOWHERE);
  }

  #listenToButtons() {
    const { player } = this;
    byId("play").addEventListener("click", () => player.toggle());
    byId("back").addEventListener("click", () => player.step(-STEP_MIN));
    byId("on").addEventListener("click", () => player.step(STEP_MIN));
    byId("speed").append(...RATES.map((rate) => rateOption(rate, rate === player.rate)));
    byId("speed").addEventListener("change", (event) => {
      player.rate = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.target !== document.body) return;
      event.preventDefault();
      player.toggle();
    });
  }

  #listenToWidgets() {
    const { map, bar, player, run } = this;
    bar.on("change:wanted", () => player.goTo(bar.get("wanted").minute ?? player.minute));
    map.on("change:by", () => {
      map.set("colouring", run.payload.colourings[map.get("by")]);
      this.#show();
    });
    for (const name of ["measure", "flow_span", "layers"]) {
      map.on(`change:${name}`, () => this.layers.show(Math.floor(player.minute)));
    }
    for (const name of ["hours", "groups", "modes"]) this.focus.on(`change:${name}`, () => this.#show());
    map.on("change:selected", () => this.#showPerson());
    map.on("change:place", () => this.#showPerson());
  }
}

/**
 * @param {Run} run
 * @returns {Traits}
 */
function mapTraits({ payload, mapColumns }) {
  return { ...payload.map, ...mapColumns, xy: new Uint16Array(0), state: new Uint8Array(0) };
}

/**
 * @param {Run} run
 * @returns {BarTraits}
 */
function barTraits({ payload: { end, trips } }) {
  return {
    minute: 0, reached: end, end: Math.ceil(end / DAY) * DAY, step: STEP_MIN, trips,
    label: "time of the run", wanted: {},
  };
}

/**
 * @param {number} rate
 * @param {boolean} isSelected
 */
function rateOption(rate, isSelected) {
  const option = element("option", { value: String(rate) }, `${rate} min/s`);
  option.selected = isSelected;
  return option;
}

/**
 * Write the date of a minute.
 *
 * @param {string} start First day, YYYY-MM-DD.
 * @param {number} minute
 */
function dateAt(start, minute) {
  const moment = new Date(`${start}T00:00:00Z`);
  moment.setUTCMinutes(minute);
  return moment.toLocaleDateString("en-GB", {
    timeZone: "UTC", weekday: "long", day: "numeric", month: "long", year: "numeric",
  });
}
