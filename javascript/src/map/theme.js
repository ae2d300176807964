// Tells whether the page around the map is dark, and when that changes.

const DARK = ".theme--dark, .v-theme--dark, [data-theme=dark]";
const LIGHT = ".theme--light, .v-theme--light, [data-theme=light]";
/** The page of Solara marks its theme on this element. */
const APPLICATION = ".v-application";

export class PageTheme {
  /**
   * @param {HTMLElement} root Of the map.
   * @param {() => void} onChange Called when the theme of the page may have changed.
   */
  constructor(root, onChange) {
    this.root = root;
    this.onChange = onChange;
    this.night = window.matchMedia("(prefers-color-scheme: dark)");
    this.night.addEventListener("change", onChange);
    this.observer = new MutationObserver(onChange);
    this.observer.observe(document.documentElement, { attributes: true });
  }

  /** Watch the page around, which is known only once the map stands in it. */
  settle() {
    const app = this.root.closest(APPLICATION);
    if (app) this.observer.observe(app, { attributes: true, attributeFilter: ["class"] });
  }

  /** @param {string} wish "dark", "light", or else as the page is. */
  isDark(wish) {
    if (wish === "dark" || wish === "light") return wish === "dark";
    if (this.root.closest(DARK)) return true;
    if (this.root.closest(LIGHT)) return false;
    return this.night.matches;
  }

  stop() {
    this.observer.disconnect();
    this.night.removeEventListener("change", this.onChange);
  }
}
