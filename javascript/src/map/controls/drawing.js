// Sketching on the map: clicks and keys that set the corners of an area, and a bar that tells so.

/** @import { Renderer } from "../renderer.js" */
/** @import { MapState } from "../state.js" */
/** @import { Traits } from "../message/traits.js" */
/** @import { WidgetModel } from "../../shared/widget.js" */

import { element } from "../../shared/dom.js";
import { middle } from "../data/viewport.js";

const HINT =
  "Click a spot, or the corners of an area. On the keyboard: arrows move the map, Space sets a " +
  "corner at the cross, Enter ends, Escape cancels.";

export class Drawing {
  /**
   * @param {WidgetModel<Traits>} model
   * @param {MapState} state
   * @param {Renderer} renderer
   * @param {(text: string) => void} say Tells readers of the screen.
   */
  constructor(model, state, renderer, say) {
    this.model = model;
    this.state = state;
    this.renderer = renderer;
    this.say = say;
  }

  get isOn() {
    return this.state.sketch.isOn;
  }

  /** The bar that stands on the map while something is sketched. */
  makeBar() {
    this.done = button("Done", () => this.end());
    this.told = element("span", {}, "");
    this.bar = element("div", { class: "mlc-panel mlc-sketch", role: "group", "aria-label": "Sketch" },
      this.told, this.done, button("Undo", () => this.undo()), button("Cancel", () => this.cancel()));
    this.#show();
    return this.bar;
  }

  /** Take over what Python wants: to begin a sketch, to show one, or to show none. */
  take() {
    const { model, state: { sketch } } = this;
    const isWanted = Boolean(model.get("drawing"));
    if (isWanted && !sketch.isOn) {
      sketch.begin();
      // The button that began it may stand far below the map.
      this.bar?.parentElement?.scrollIntoView({ block: "nearest" });
      this.say(HINT);
    } else if (!isWanted) {
      sketch.isOn = false;
      sketch.points = [...(model.get("drawn") ?? [])];
    }
    this.#show();
  }

  /**
   * Set a corner.
   *
   * @param {[number, number]} point In pixels.
   */
  setAt([x, y]) {
    const { view } = this.state.camera;
    this.#set([view.x + x / view.scale, view.y + y / view.scale]);
  }

  /** Set a corner in the middle of the map. */
  setInTheMiddle() {
    this.#set(middle(this.state.camera.view, this.state.camera.size));
  }

  undo() {
    this.state.sketch.undo();
    this.#show();
  }

  /** End the sketch and tell Python, once it is a point or an area. */
  end() {
    const { sketch } = this.state;
    if (!sketch.isWhole) {
      this.say("An area needs three corners or more.");
      return;
    }
    this.#finish(sketch.points);
  }

  cancel() {
    this.#finish([]);
  }

  /**
   * Use a key of the map for the sketch; return whether it was one.
   *
   * @param {string} key
   */
  press(key) {
    if (!this.isOn) return false;
    const act = {
      " ": () => this.setInTheMiddle(),
      Enter: () => this.end(),
      Escape: () => this.cancel(),
      Backspace: () => this.undo(),
    }[key];
    act?.();
    return Boolean(act);
  }

  /** @param {[number, number]} point In units. */
  #set(point) {
    const { sketch } = this.state;
    sketch.add(point);
    this.say(`${sketch.count} ${sketch.count === 1 ? "corner" : "corners"}`);
    this.#show();
  }

  /** @param {number[]} points */
  #finish(points) {
    const { sketch } = this.state;
    sketch.isOn = false;
    sketch.points = [...points];
    this.model.set("drawn", [...points]);
    this.model.set("drawing", false);
    this.model.save_changes();
    this.#show();
  }

  #show() {
    const { sketch } = this.state;
    if (this.bar && this.told && this.done) {
      this.bar.style.display = sketch.isOn ? "flex" : "none";
      this.told.textContent = toldOf(sketch.count);
      this.done.toggleAttribute("disabled", !sketch.isWhole);
    }
    this.renderer.draw();
  }
}

/** @param {number} count Of corners. */
function toldOf(count) {
  if (!count) return "Click a place or zone, or the corners of an area";
  if (count === 1) return "One spot: Done takes it; or go on to an area";
  return count === 2 ? "Two corners; one more makes an area" : `Area of ${count} corners`;
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  return element("button", { type: "button", onclick: act }, text);
}
