// Builds the scripts of the package from src/, and writes down what they were built from.
//
// node build.js              into the package
// node build.js FOLDER       into a folder, to compare
// node build.js --readable   into the package, to debug; build again before a commit

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { build } from "esbuild";

const HERE = import.meta.dirname;
/** Where the package expects its scripts, from here. */
const OUT = "../mesa_llm_city/ui";
/** The folder of the package for each script. */
const SCRIPTS = {
  citycanvas: "map", scrubber: "page", html_replay: "export", minds: "minds",
  vega_chart: "charts", vega_engine: "charts",
};
const PATHS = Object.entries(SCRIPTS).map(([name, room]) => ({ name, path: `${room}/${name}` }));
/** Option for scripts to debug, with names and line breaks. */
const READABLE = "--readable";
const BANNER = "// Built from javascript/src by `make js`; do not edit.";

/**
 * Return the sha256 of files, by their path from here.
 *
 * @param {string[]} paths
 */
function hashes(paths) {
  const hash = (/** @type {string} */ path) =>
    createHash("sha256").update(readFileSync(join(HERE, path))).digest("hex");
  return Object.fromEntries(paths.sort().map((path) => [path, hash(path)]));
}

const [folder] = process.argv.slice(2).filter((one) => one !== READABLE);
await build({
  absWorkingDir: HERE,
  entryPoints: PATHS.map(({ name, path }) => ({ in: `src/${name}.js`, out: path })),
  outdir: folder ?? join(HERE, OUT),
  bundle: true,
  format: "esm",
  minify: !process.argv.includes(READABLE),
  target: "es2022",
  charset: "utf8",
  banner: { js: BANNER },
  loader: { ".css": "text", ".glsl": "text" },
});

if (!folder) {
  const sources = readdirSync(join(HERE, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(HERE, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const built = PATHS.map(({ path }) => `${OUT}/${path}.js`);
  const record = {
    sources: hashes([...sources, "build.js", "package-lock.json"]),
    bundles: hashes(built),
  };
  writeFileSync(join(HERE, "hashes.json"), `${JSON.stringify(record, null, 2)}\n`);
}
