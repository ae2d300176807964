// What is shown below the map of a replay: charts, the feed, and networks of people.

/** @import { FeedData, FeedFilter, NetData, Wanted } from "../minds/traits.js" */
/** @import { Focus } from "./focus.js" */
/** @import { Run } from "./run.js" */

import { feedAt } from "./feed_at.js";
import { ANYBODY } from "./groups.js";
import { LocalModel } from "./local_model.js";
import { MarkChips } from "./mark_chips.js";
import { networkAt } from "./networks_at.js";
import { Feed, PAGE } from "../minds/feed.js";
import { Network } from "../minds/network.js";
import { element } from "../shared/dom.js";

/** While the run plays, the feed is looked up once in this time, in milliseconds. */
const EVERY_MS = 400;

/**
 * @typedef {object} Moment
 * @property {number} minute
 * @property {number} selected Row of the selected person, -1 for nobody.
 * @property {Int32Array} rows What holds for each person.
 */

export class Sections {
  /**
   * @param {HTMLElement} node Tabs are put into it, before the charts that it holds.
   * @param {Run} run
   * @param {Focus} focus
   * @param {(id: number) => void} select Selects a person.
   */
  constructor(node, run, focus, select) {
    const charts = element("div", {}, new MarkChips(run, focus).node, ...node.children);
    node.append(charts);
    this.run = run;
    this.focus = focus;
    this.select = select;
    this.tab = "Charts";
    this.wish = { choice: "ties", group: ANYBODY };
    this.count = PAGE;
    this.shownMs = 0;
    /** @type {FeedFilter} */
    this.filter = {
      kinds: run.minds?.payload.kinds.map(([key]) => key) ?? [], source: "", text: "", only: false,
    };
    /** @type {Record<string, HTMLElement>} */
    this.hosts = { Charts: charts, Feed: element("div"), Network: element("div") };
    /** @type {Moment} */
    this.moment = { minute: -1, selected: -1, rows: new Int32Array(0) };
    if (!run.minds) return;
    for (const kind of ["hours", "groups", "modes"]) focus.on(`change:${kind}`, () => this.#fill());
    this.bar = element("div", { class: "tabs", role: "tablist", "aria-label": "Below the map" },
      ...Object.keys(this.hosts).map((name) => element("button", {
        type: "button", role: "tab", "data-tab": name, onclick: () => this.#open(name),
      }, name)));
    node.prepend(this.bar);
    node.append(this.hosts.Feed, this.hosts.Network);
    this.#open("Charts");
  }

  /**
   * @param {Moment} wanted
   * @param {boolean} isPlaying
   */
  show(wanted, isPlaying) {
    const { moment } = this;
    const { minute, selected } = wanted;
    if (!this.run.minds || (moment.minute === minute && moment.selected === selected)) return;
    const now = performance.now();
    if (isPlaying && moment.selected === selected && now - this.shownMs < EVERY_MS) return;
    this.shownMs = now;
    this.moment = wanted;
    this.#fill();
  }

  /** @param {string} name */
  #open(name) {
    this.tab = name;
    for (const [one, host] of Object.entries(this.hosts)) host.hidden = one !== name;
    for (const button of this.bar?.children ?? []) {
      button.setAttribute("aria-selected", String(button.getAttribute("data-tab") === name));
    }
    this.#fill();
  }

  #fill() {
    if (this.tab === "Feed") this.#fillFeed();
    if (this.tab === "Network") this.#fillNetwork();
  }

  #fillFeed() {
    const data = feedAt(this.run, this.filter, {
      ...this.moment, count: this.count, hours: this.focus.get("hours"),
    });
    if (this.feed) {
      this.feed.set("data", data);
      return;
    }
    this.feed = new LocalModel({ data: /** @type {FeedData} */ (data), wanted: /** @type {Wanted} */ ({}) });
    this.feed.on("change:wanted", () => this.#answer(this.feed?.get("wanted") ?? {}));
    new Feed(this.feed, this.hosts.Feed);
  }

  #fillNetwork() {
    const data = networkAt(this.run, this.wish, { ...this.moment, focus: this.focus });
    if (this.net) {
      this.net.set("data", data);
      return;
    }
    this.net = new LocalModel({ data: /** @type {NetData} */ (data), wanted: /** @type {Wanted} */ ({}) });
    this.net.on("change:wanted", () => this.#answer(this.net?.get("wanted") ?? {}));
    new Network(this.net, this.hosts.Network);
  }

  /** @param {Wanted} wanted */
  #answer({ person, filter, count, choice, group, hours }) {
    if (person !== undefined) {
      this.select(person);
      return;
    }
    if (hours !== undefined) {
      this.focus.set("hours", null);
      return;
    }
    this.filter = filter ?? this.filter;
    this.count = count ?? this.count;
    this.wish = { choice: choice ?? this.wish.choice, group: group ?? this.wish.group };
    this.#fill();
  }
}
