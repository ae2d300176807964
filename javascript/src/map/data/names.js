// Finds people by name.

/**
 * Return the rows of people whose name holds a text, in either case.
 *
 * @param {string[]} names
 * @param {string} text
 * @param {number} most How many rows at most.
 */
export function rowsNamed(names, text, most) {
  const wanted = text.trim().toLocaleLowerCase();
  /** @type {number[]} */
  const rows = [];
  for (let row = 0; wanted && row < names.length && rows.length < most; row++) {
    if (names[row].toLocaleLowerCase().includes(wanted)) rows.push(row);
  }
  return rows;
}
