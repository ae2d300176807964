// The engine of the charts: Vega and Vega-Lite, sent to a page once however many charts it has
// (`VegaEngine` in Python).

import { offerEngine } from "./charts/engine.js";

// Both begin only when a chart is to be drawn: it takes them a tenth of a second.
offerEngine(async () => {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  return { vega, compile };
});

/** It shows nothing itself. */
function render() {}

export default { render };
