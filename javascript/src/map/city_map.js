// The map as a whole: its parts, its size, its theme.

/** @import { Traits } from "./message/traits.js" */
/** @import { WidgetModel } from "../shared/widget.js" */

import { Actions } from "./actions.js";
import { Drawing } from "./controls/drawing.js";
import { keyListener } from "./controls/keyboard.js";
import { PointerControl } from "./controls/pointer.js";
import { SharedCamera } from "./controls/shared_camera.js";
import { dropCursor } from "./cursor_actions.js";
import { MapPage } from "./page.js";
import { savePicture } from "./picture.js";
import { Receiver } from "./receiver.js";
import { Renderer } from "./renderer.js";
import { Stage } from "./stage.js";
import { MapState } from "./state.js";
import { PageTheme } from "./theme.js";

/** Height where the element around the map has none of its own. */
const FREE_HEIGHT = "var(--city-map-height, 560px)";
/** An element around the map that is lower than this has no height of its own, in pixels. */
const LEAST_PX = 120;

export class CityMap {
  /**
   * @param {WidgetModel<Traits>} model
   * @param {HTMLElement} host The map is put at its end.
   */
  constructor(model, host) {
    this.model = model;
    this.host = host;
    this.state = new MapState();
    this.stage = new Stage(() => this.#painterChanged());
    this.renderer = new Renderer(this.state, this.stage, () => this.#painted());
    this.actions = this.#makeActions();
    this.shared = new SharedCamera(model, this.actions);
    this.drawing = new Drawing(model, this.state, this.renderer, (text) => this.page.say(text));
    this.page = new MapPage(this.state, this.stage, this.actions, () => this.#savePicture());
    this.theme = new PageTheme(this.page.root, () => this.#checkTheme());
    this.receiver = new Receiver(this);
    this.sizes = new ResizeObserver(() => this.#resize());
    this.isSettled = false;
    this.#listen();
    this.page.root.append(this.drawing.makeBar());
    host.append(this.page.root);
    this.#begin();
  }

  /** Whether the page around, or the trait of the theme, wants a dark background. */
  get isDark() {
    return this.theme.isDark(this.model.get("theme"));
  }

  /** Take the height that is asked for, or that of the element around the map. */
  takeHeight() {
    const { style } = this.page.root;
    const wanted = this.model.get("height");
    this.host.style.height = wanted ? "" : "100%";
    style.height = wanted ? `${wanted}px` : "100%";
    if (!wanted && this.page.root.clientHeight < LEAST_PX) style.height = FREE_HEIGHT;
  }

  takeRenderer() {
    this.stage.choosePainter(this.model.get("renderer"));
    this.#painterChanged();
  }

  /** Look where the maps of the same group do. */
  takeCamera() {
    if (this.isSettled) this.shared.take();
  }

  /** Take the map off the page and give back what it holds. */
  remove() {
    this.renderer.stop();
    this.receiver.close();
    this.shared.close();
    this.sizes.disconnect();
    this.theme.stop();
    this.stage.release();
    this.page.root.remove();
  }

  #makeActions() {
    return new Actions(this.model, this.state, this.renderer, {
      measure: () => this.page.measure(),
      tip: (row, point) => this.page.showTip(row, point),
      placeTip: (row, point) => this.page.showPlaceTip(row, point),
      zoneTip: (point) => this.page.showZoneTip(point),
      changed: () => this.page.showToggles(),
      say: (text) => this.page.say(text),
    });
  }

  #listen() {
    const { node } = this.stage;
    const search = () => this.page.search.input.focus();
    node.addEventListener("keydown", keyListener(this.actions, search, this.drawing));
    node.addEventListener("blur", () => dropCursor(this.actions));
    new PointerControl(node, this.actions, this.drawing);
  }

  #begin() {
    this.takeHeight();
    this.stage.choosePainter(this.model.get("renderer"));
    this.receiver.takeBaseMap();
    this.sizes.observe(this.page.root);
    this.#painterChanged();
    this.receiver.takePeople();
  }

  #painterChanged() {
    this.page.root.dataset.renderer = this.stage.painter?.name;
    this.#resize();
  }

  #resize() {
    const { width, height } = this.page.root.getBoundingClientRect();
    if (!width || !height) return;
    const isFirst = !this.isSettled;
    if (isFirst) this.#settle();
    this.page.measure();
    this.shared.resize({ width, height }, window.devicePixelRatio || 1);
    this.stage.resize(this.state.camera);
    // Only now it is known how much of the city fits.
    if (isFirst) this.takeCamera();
    this.renderer.drawAnew();
  }

  /** The page around is known only once the map stands in it. */
  #settle() {
    this.isSettled = true;
    this.takeHeight();
    this.page.settle();
    this.theme.settle();
    this.#checkTheme();
  }

  #checkTheme() {
    if (this.isDark !== this.state.look.isDark) this.receiver.takeLook();
  }

  #painted() {
    this.page.scale.show(this.state.camera);
    this.shared.tell();
  }

  #savePicture() {
    this.renderer.paintWhole();
    const { title, when } = this.page.head;
    savePicture(this.state, this.stage, `${title.textContent}  ${when.textContent}`);
  }
}
