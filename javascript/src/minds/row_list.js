// A list of rows of a panel: some rows, a button for more, or a hint where there are none.

import { COLOURS } from "./kinds.js";
import { element } from "../shared/dom.js";

/** What is typed is sent when nothing has been typed for so long, in milliseconds. */
const TYPED_MS = 250;

/**
 * Show rows in a list, which keeps its place.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows
 * @param {HTMLElement | null} more Button for more rows; null if there are no more.
 * @param {string} text What is said where there are no rows.
 */
export function fillList(list, rows, more, text) {
  const at = list.scrollTop;
  const hint = element("p", { class: "mlm-hint" }, text);
  hint.style.padding = "4px 12px";
  list.replaceChildren(...rows, ...(more ? [more] : []), ...(rows.length ? [] : [hint]));
  // A feed without articles is none.
  list.setAttribute("role", rows.length ? "feed" : "group");
  list.setAttribute("aria-busy", "false");
  list.scrollTop = at;
}

/**
 * Return a row.
 *
 * @param {string} kind
 * @param {string} when
 * @param {...(Node | string)} body
 */
export function rowOf(kind, when, ...body) {
  const row = element("article", { class: "mlm-item" },
    element("span", { class: "mlm-when" }, when), element("div", { class: "mlm-body" }, ...body));
  row.style.setProperty("--mlm-colour", COLOURS[kind] ?? "#888");
  return row;
}

/**
 * Return the name of a person, which selects the person.
 *
 * @param {string} name
 * @param {() => void} onClick
 */
export function nameOf(name, onClick) {
  const about = { type: "button", class: "mlm-name", title: `Select ${name}`, onclick: onClick };
  return element("button", about, name);
}

/** Calls a function once nothing has been typed for a while. */
export class Typing {
  /** @param {() => void} onDone */
  constructor(onDone) {
    this.onDone = onDone;
    this.timer = 0;
  }

  go() {
    this.stop();
    this.timer = window.setTimeout(this.onDone, TYPED_MS);
  }

  stop() {
    window.clearTimeout(this.timer);
  }
}
