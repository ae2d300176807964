import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { LocalModel } from "../../src/replay/local_model.js";
import { Inbox } from "../../src/shared/inbox.js";

/** Return a model, and what an inbox takes of it. */
function opened() {
  const model = new LocalModel({ a: 0, b: 0, c: 0 });
  /** @type {string[][]} */
  const taken = [];
  const inbox = new Inbox(model, ["a", "b"], (changed) => taken.push([...changed]));
  return { model, taken, inbox };
}

describe("The inbox", () => {
  test("takes all changes of one message at once", async () => {
    const { model, taken } = opened();
    model.set("a", 1);
    model.set("b", 1);
    model.set("a", 2);
    assert.deepEqual(taken, []);
    await Promise.resolve();
    assert.deepEqual(taken, [["a", "b"]]);
  });

  test("takes the next message for itself", async () => {
    const { model, taken } = opened();
    model.set("a", 1);
    await Promise.resolve();
    model.set("b", 1);
    model.set("c", 1);
    await Promise.resolve();
    assert.deepEqual(taken, [["a"], ["b"]]);
  });

  test("takes nothing after it is closed", async () => {
    const { model, taken, inbox } = opened();
    model.set("a", 1);
    inbox.close();
    model.set("b", 1);
    await Promise.resolve();
    assert.deepEqual(taken, []);
  });
});
