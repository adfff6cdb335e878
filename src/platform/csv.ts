// Lines of CSV (RFC 4180).

/** A line with its line end. Cells with a comma, a quote or a line break are quoted. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`
}

/** A table for people, who open it in a spreadsheet: a cell that a spreadsheet would take for a formula (it begins with
 *  `=`, `+`, `-`, `@`, a tab or a line break, and is no number) is led by an apostrophe. Numbers are written with a point. */
export function csvTable(heads: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [heads, ...rows].map((row) => csvLine(row.map(cellOf))).join('')
}

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  return typeof value === 'string' && /^[=+\-@\t\r\n]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text
}
