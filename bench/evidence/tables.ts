// Comma-separated files as columns: what the simulators, the engine's predictions and published data are read from.

import fs from 'node:fs'
import zlib from 'node:zlib'
import { parse } from 'csv-parse/sync'

/** Columns by name, in the file's order; cells are text. */
export type TextTable = ReadonlyMap<string, readonly string[]>

/** Reads a whole file, unpacked where its name ends in .gz. Throws where a row has another number of cells. */
export function readTable(file: string): TextTable {
  const bytes = fs.readFileSync(file)
  const lines: string[][] = parse(file.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes, { skip_empty_lines: true })
  const [head, ...rows] = lines
  if (!head) throw new Error(`${file} is empty.`)
  return new Map(head.map((name, place) => [name, rows.map((row) => row[place]!)]))
}

export function writeTable(file: string, table: ReadonlyMap<string, readonly (string | number)[]>): void {
  const all = [...table.values()]
  const lines = [[...table.keys()].join(',')]
  for (let row = 0; row < rowsOf(table); row++) lines.push(all.map((column) => column[row]).join(','))
  fs.writeFileSync(file, lines.join('\n') + '\n')
}

export function rowsOf(table: ReadonlyMap<string, { readonly length: number }>): number {
  for (const column of table.values()) return column.length
  return 0
}

export function textColumn(table: TextTable, name: string): readonly string[] {
  const column = table.get(name)
  if (!column) throw new Error(`There is no column ${name}. There are: ${[...table.keys()].join(', ')}.`)
  return column
}

/** A column as numbers; an empty cell is NaN, and text that is no number is refused. */
export function numberColumn(table: TextTable, name: string): Float64Array {
  return Float64Array.from(textColumn(table, name), (cell) => {
    if (cell === '') return NaN
    const value = Number(cell)
    if (Number.isNaN(value) && cell.toLowerCase() !== 'nan') throw new Error(`${name} has ${cell}, which is no number.`)
    return value
  })
}
