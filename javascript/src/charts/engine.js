// How a chart comes by its engine: both are scripts of their own, which meet on the page.

/**
 * @typedef {object} Engine
 * @property {typeof import("vega")} vega
 * @property {typeof import("vega-lite").compile} compile
 */
/** @typedef {() => Promise<Engine>} Loader Has the engine begin. */
/** @typedef {{ promise: Promise<Loader>, resolve: (load: Loader) => void }} Meeting */

const KEY = Symbol.for("mesa-llm-city.vega");
/** Charts wait no longer for a moment in which the page has nothing to do. */
const LONGEST_MS = 1000;

/** Return where engine and charts of this page meet; whoever comes first makes it. */
function meeting() {
  const page = /** @type {Record<symbol, Meeting | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  return (page[KEY] ??= newMeeting());
}

/** @returns {Meeting} */
function newMeeting() {
  /** @type {(load: Loader) => void} */
  let resolve = () => {};
  /** @type {Promise<Loader>} */
  const promise = new Promise((found) => {
    resolve = found;
  });
  return { promise, resolve };
}

/** @param {Loader} load Called for each chart. */
export function offerEngine(load) {
  meeting().resolve(load);
}

/** Return the engine as soon as it is there and the page has drawn what is quick to draw. */
export async function engineOfPage() {
  const load = await meeting().promise;
  await idle();
  return load();
}

/** Wait until the page has nothing to do, such as drawing the map for the first time. */
function idle() {
  return new Promise((done) => {
    // Not in Safari.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(done, { timeout: LONGEST_MS });
    else setTimeout(done);
  });
}
