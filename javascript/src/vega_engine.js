// The engine of the charts: Vega and Vega-Lite, sent to a page once however many charts it has
// (`VegaEngine` in Python).

import * as vega from "vega";
import * as vegaLite from "vega-lite";

import { offerEngine } from "./charts/engine.js";

offerEngine({ vega, compile: vegaLite.compile });

/** It shows nothing itself. */
function render() {}

export default { render };
