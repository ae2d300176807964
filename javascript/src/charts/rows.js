// Tables: from columns, as they are sent, to rows, as charts and files want them.

/** @import { Columns } from "./traits.js" */

/** @typedef {Record<string, unknown>} Row */

/**
 * Return the rows of a table.
 *
 * @param {Columns} columns
 * @returns {Row[]}
 */
export function rowsOf(columns) {
  const names = Object.keys(columns);
  const count = Math.max(0, ...names.map((name) => columns[name].length));
  return Array.from({ length: count }, (_, at) =>
    Object.fromEntries(names.map((name) => [name, columns[name][at] ?? null])));
}

/**
 * Write tables as CSV (RFC 4180), one after the other; of several, the first column names the table.
 *
 * @param {Record<string, Row[]>} tables
 */
export function csvOf(tables) {
  const several = Object.keys(tables).length > 1;
  const rows = Object.entries(tables).flatMap(([table, some]) =>
    some.map((row) => (several ? { table, ...row } : row)));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return lines.map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("");
}

/** @param {unknown} value */
function cellOf(value) {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
