// Plays a run from one HTML file: no server, no network.

import { readRun } from "./replay/run.js";
import { ReplayPage } from "./replay/replay_page.js";
import { byId } from "./shared/dom.js";

async function main() {
  const run = await readRun(byId("run").textContent ?? "");
  new ReplayPage(run).begin();
}

main().catch((/** @type {Error} */ error) => {
  byId("person").textContent =
    `This replay cannot be shown (${error.message}). Open it in a browser of 2024 or later.`;
  throw error;
});
