// How a chart comes by its engine: both are scripts of their own, which meet on the page.

/**
 * @typedef {object} Engine
 * @property {typeof import("vega")} vega
 * @property {typeof import("vega-lite").compile} compile
 */
/** @typedef {{ promise: Promise<Engine>, resolve: (engine: Engine) => void }} Meeting */

const KEY = Symbol.for("mesa-llm-city.vega");

/** Return where engine and charts of this page meet; whoever comes first makes it. */
function meeting() {
  const page = /** @type {Record<symbol, Meeting | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  return (page[KEY] ??= newMeeting());
}

/** @returns {Meeting} */
function newMeeting() {
  /** @type {(engine: Engine) => void} */
  let resolve = () => {};
  /** @type {Promise<Engine>} */
  const promise = new Promise((found) => {
    resolve = found;
  });
  return { promise, resolve };
}

/** @param {Engine} engine */
export function offerEngine(engine) {
  meeting().resolve(engine);
}

/** Return the engine as soon as it is there. */
export function engineOfPage() {
  return meeting().promise;
}
