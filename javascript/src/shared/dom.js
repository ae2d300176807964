// Making elements of the page.

/** @typedef {Record<string, string | EventListener>} Attributes */

/**
 * Make an HTML element. Texts are inserted as text, never as markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes] `class`, any attribute, or `onEVENT` with a listener.
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== "string") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/**
 * Put nodes into another in place of what it holds, unless that looks the same: then all that a
 * reader clicks, has chosen or selected stays.
 *
 * @param {ParentNode & { childNodes: ArrayLike<Node> }} node
 * @param {Node[]} wanted
 */
export function renew(node, wanted) {
  const { childNodes: held } = node;
  const isSame = held.length === wanted.length && wanted.every((one, at) => one.isEqualNode(held[at]));
  if (!isSame) node.replaceChildren(...wanted);
}

/**
 * Do the same with things that can have the focus: it stays where it is in their row.
 *
 * @param {HTMLElement} node
 * @param {HTMLElement[]} wanted
 */
export function renewKeepingFocus(node, wanted) {
  const at = Array.from(node.children).findIndex((one) => one === document.activeElement);
  renew(node, wanted);
  /** @type {HTMLElement | undefined} */ (node.children[at])?.focus();
}

/**
 * Change what is in a node; what has the focus in it keeps it, told by an attribute of its own.
 *
 * @param {HTMLElement} node
 * @param {string} name Of the attribute.
 * @param {() => void} change
 */
export function keepingFocus(node, name, change) {
  const held = node.contains(document.activeElement) && document.activeElement?.getAttribute(name);
  change();
  if (held) /** @type {HTMLElement | null} */ (node.querySelector(`[${name}="${held}"]`))?.focus();
}

/**
 * Have a drawn thing act when it is clicked, and by Enter and Space as a button does.
 *
 * @param {SVGElement} node
 * @param {() => void} act
 */
export function pressable(node, act) {
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    // The page does not scroll.
    event.preventDefault();
    act();
  });
}

/**
 * Make a `<style>` element.
 *
 * @param {string} css
 */
export function stylesheet(css) {
  return element("style", {}, css);
}

/**
 * Return the 2D context of a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function context2d(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser cannot draw on a canvas");
  return context;
}

/**
 * Make a canvas that is not part of the page.
 *
 * @param {number} width In pixels.
 * @param {number} height In pixels.
 */
export function offscreen(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/**
 * Make an SVG element.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[K]}
 */
export function svgElement(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** Return an id for an element; several maps may stand on one page, each with a script of its own. */
export function uniqueId() {
  return `mlc-${Math.random().toString(36).slice(2)}`;
}

/**
 * Return the element of the page with an id.
 *
 * @param {string} id
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found;
}
