import assert from "node:assert/strict";
import { test } from "node:test";

import { pressable, renew } from "../../src/shared/dom.js";

/**
 * Return a node as far as `renew` needs one.
 *
 * @param {string} text
 */
function node(text) {
  const made = { text, isEqualNode: (/** @type {{ text: string }} */ other) => other.text === text };
  return /** @type {Node} */ (/** @type {unknown} */ (made));
}

test("Nodes are replaced only by others that look different", () => {
  let held = [node("Ann"), node("Bo")];
  const host = /** @type {HTMLElement} */ (/** @type {unknown} */ ({
    get childNodes() {
      return held;
    },
    replaceChildren: (/** @type {Node[]} */ ...nodes) => {
      held = nodes;
    },
  }));
  const [first] = held;
  renew(host, [node("Ann"), node("Bo")]);
  assert.equal(held[0], first);
  for (const wanted of [[node("Ann"), node("Cy")], [node("Ann")], []]) {
    renew(host, wanted);
    assert.deepEqual(held, wanted);
  }
});

test("A drawn thing acts by click, Enter and Space, and the page does not scroll", () => {
  const dot = new EventTarget();
  let count = 0;
  pressable(/** @type {SVGElement} */ (dot), () => {
    count += 1;
  });
  const press = (/** @type {string} */ key) => dot.dispatchEvent(
    Object.assign(new Event("keydown", { cancelable: true }), { key }));
  dot.dispatchEvent(new Event("click"));
  assert.deepEqual([press("Enter"), press(" "), press("x")], [false, false, true]);
  assert.equal(count, 3);
});
