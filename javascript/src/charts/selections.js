// What the reader selects in a chart, as values that can be sent.

/** @typedef {Record<string, unknown>} Values */

/**
 * Return the names of the selections of a specification in Vega-Lite, wherever they are defined.
 *
 * @param {unknown} part
 * @returns {string[]}
 */
export function selectionNames(part) {
  if (part === null || typeof part !== "object") return [];
  if (Array.isArray(part)) return [...new Set(part.flatMap(selectionNames))];
  const own = /** @type {{ params?: { name?: string, select?: unknown }[] }} */ (part).params;
  const names = (Array.isArray(own) ? own : []).filter((one) => one.select && one.name);
  const below = Object.entries(part)
    .filter(([name]) => name !== "data" && name !== "datasets")
    .flatMap(([, one]) => selectionNames(one));
  return [...new Set([...names.map((one) => String(one.name)), ...below])];
}

/**
 * Return what can be sent of a row: numbers, texts and truth values.
 *
 * @param {unknown} row
 * @returns {Values}
 */
export function plainRow(row) {
  if (row === null || typeof row !== "object") return {};
  const kinds = ["number", "string", "boolean"];
  return Object.fromEntries(Object.entries(row).filter(([, one]) => kinds.includes(typeof one)));
}

/**
 * Return the value of a selection without ranges that hold nothing.
 *
 * @param {unknown} value
 * @returns {Values}
 */
export function plainSelection(value) {
  if (value === null || typeof value !== "object") return {};
  const kept = Object.entries(value).filter(
    ([name, one]) => !name.startsWith("_") && Array.isArray(one) && one[0] !== one.at(-1));
  const points = Object.entries(value).filter(([name, one]) => name === "vlPoint" && one);
  return Object.fromEntries([...kept, ...points].map(([name, one]) => [name, plain(one)]));
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function plain(value) {
  return JSON.parse(JSON.stringify(value));
}
