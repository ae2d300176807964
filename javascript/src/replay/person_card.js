// The selected person of a replay: who it is, and a tab for the day and each part of the mind.

/** @import { DayData } from "../minds/traits.js" */
/** @import { Minds, Run } from "./run.js" */

import { dayAt, placeNamed } from "./day_at.js";
import { whenOf } from "./feed_at.js";
import { LocalModel } from "./local_model.js";
import { ABSENT } from "./moments.js";
import { beliefsAt, memoriesAt, moodAt, thoughtsAt, tiesAt } from "./minds.js";
import { DayTimeline } from "../minds/day.js";
import { element, keepingFocus, renew } from "../shared/dom.js";

const HINT = "Click a dot or a place, or search for a name, to see a person's day or who is where.";
const ASPECTS = ["price", "atmosphere", "satisfaction", "convenience"];
const DIMENSIONS = ["liked", "trust", "familiar"];
/** Kinds of insight that are called otherwise here.
 * @type {Record<string, string>} */
const KINDS = { justification: "why so" };
/** So many insights and memories are shown. */
const SHOWN = { insights: 8, memories: 60 };

export class PersonCard {
  /**
   * @param {HTMLElement} node Its contents are replaced.
   * @param {Run} run
   * @param {(person: number) => void} select Selects the person of a row.
   */
  constructor(node, run, select) {
    this.node = node;
    this.run = run;
    this.select = select;
    this.tab = "Day";
    /** What is shown, so that the same is not made twice. */
    this.shown = "";
    /** Whose card it is; null before the first. @type {number | null} */
    this.person = null;
    /** What changes with time: who it is now, the tabs, and what is in the chosen one. */
    this.state = element("div");
    this.bar = element("div", { class: "tabs", role: "tablist", "aria-label": "About the person" });
    this.body = element("div");
    this.again = () => {};
    /** @type {Record<string, (person: number, minute: number) => Node[]>} */
    this.tabs = { Day: () => [this.dayHost] };
    if (run.minds) {
      this.tabs.Memory = (person, minute) => this.#memory(person, minute);
      this.tabs.Beliefs = (person, minute) => this.#beliefs(person, minute);
      this.tabs.Ties = (person, minute) => this.#ties(person, minute);
    }
    this.dayHost = element("div");
    /** @type {DayData} */
    const empty = { name: "", minute: 0, midnight: 0, entries: [], needs: [], hint: HINT };
    this.day = new LocalModel({ data: empty, wanted: {} });
    new DayTimeline(this.day, this.dayHost);
    this.bar.append(...Object.keys(this.tabs).map((name) => element("button", {
      type: "button", role: "tab", "data-tab": name, onclick: () => {
        this.tab = name;
        this.again();
      },
    }, name)));
  }

  /**
   * @param {number} person Row of the selected person, -1 for nobody.
   * @param {Int32Array} rows Of the moment.
   * @param {number} minute
   */
  show(person, rows, minute) {
    const wanted = person < 0 ? "nobody" : `${person} ${minute} ${this.tab}`;
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.again = () => this.show(person, rows, minute);
    if (person !== this.person) this.#begin(person);
    if (person < 0) return;
    if (this.tab === "Day") this.day.set("data", dayAt(this.run, person, rows[person], minute));
    for (const button of this.bar.children) {
      button.setAttribute("aria-selected", String(button.getAttribute("data-tab") === this.tab));
    }
    renew(this.state, this.#stateOf(person, rows[person], minute));
    this.#fill(this.tabs[this.tab](person, minute));
  }

  /**
   * Begin the card of a person; what does not change with time is made once.
   *
   * @param {number} person
   */
  #begin(person) {
    this.person = person;
    const { names, described } = this.run.payload;
    this.node.replaceChildren(...(person < 0 ? [element("p", { class: "hint" }, HINT)] : [
      element("h2", {}, names[person]), element("p", {}, described[person]),
      this.state, this.bar, this.body,
    ]));
  }

  /**
   * Renew what is in the chosen tab; the name that has the focus keeps it.
   *
   * @param {Node[]} content
   */
  #fill(content) {
    keepingFocus(this.body, "data-person", () => renew(this.body, content));
  }

  /**
   * @param {number} person
   * @param {number} row Of the moment.
   * @param {number} minute
   */
  #stateOf(person, row, minute) {
    const { minds } = this.run;
    const told = "Not in the city at this minute.";
    const where = row === ABSENT ? [element("p", { class: "hint" }, told)] : [];
    if (!minds) return where;
    if (!minds.people.has(person)) {
      const hint = "This file has a sample of minds, without this one.";
      return [...where, element("p", { class: "hint" }, hint)];
    }
    const { mood, thought, goals } = moodAt(minds, person, minute);
    const felt = [mood && `Mood: ${mood}`, thought, goals && `Goals: ${goals}`].filter(Boolean);
    return felt.length ? [...where, element("p", { class: "mood" }, felt.join(" · "))] : where;
  }

  /**
   * @param {number} person
   * @param {number} minute
   */
  #memory(person, minute) {
    const minds = /** @type {Minds} */ (this.run.minds);
    const thoughts = thoughtsAt(minds, person, minute).slice(0, SHOWN.insights);
    const lines = thoughts.map(({ text, kind, strength }) =>
      element("li", {}, `${text} (${KINDS[kind] ?? kind}, ${percent(strength)} sure)`));
    const rows = memoriesAt(minds, person, minute).slice(0, SHOWN.memories).map((one) => [
      whenOf(one.when, this.run.payload.days), `${one.what.replaceAll("_", " ")}: ${one.text}`,
      placeNamed(this.run, person, one.place), one.liked === null ? "" : percent(one.liked)]);
    return [...(lines.length ? [element("ul", { class: "thoughts" }, ...lines)] : []),
      table(["when", "memory", "where", "liked"], rows, "Nothing is remembered yet.")];
  }

  /**
   * @param {number} person
   * @param {number} minute
   */
  #beliefs(person, minute) {
    const minds = /** @type {Minds} */ (this.run.minds);
    const rows = beliefsAt(minds, person, minute).map(({ place, shares }) =>
      [placeNamed(this.run, person, place), ...shares.map(percent)]);
    return [table(["place", ...ASPECTS], rows, "No place has been visited yet.")];
  }

  /**
   * @param {number} person
   * @param {number} minute
   */
  #ties(person, minute) {
    const minds = /** @type {Minds} */ (this.run.minds);
    const rows = tiesAt(minds, person, minute).map(({ other, relation, shares }) => [
      element("button", {
        type: "button", class: "name", "data-person": String(other), onclick: () => this.select(other),
      }, this.run.payload.names[other]), relation, ...shares.map(percent)]);
    return [table(["name", "relation", ...DIMENSIONS], rows, "Nobody is known yet.")];
  }
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/**
 * @param {string[]} head
 * @param {(string | Node)[][]} rows
 * @param {string} hint What to say without rows.
 */
function table(head, rows, hint) {
  if (!rows.length) return element("p", { class: "hint" }, hint);
  const names = element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)));
  const body = rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))));
  return element("table", {}, element("thead", {}, names), element("tbody", {}, ...body));
}
