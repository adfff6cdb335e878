// Rows to predict for, streamed in the file's order: features are found by their names, and read as they were when the model
// learned.

import type { DuckDBDataChunk } from '@duckdb/node-api'
import { ok, refused, type Result } from '#platform/result.ts'
import { columnAt, meaningOf, strictNumberSql, textSql } from './cell-sql.ts'
import { numbersAt, textsAt } from './chunk.run.ts'
import type { Cells } from './collect.ts'
import type { Feature } from './learning-table.ts'
import { otherLevels } from './levels.ts'
import { listed, problem, type DatasetProblem } from './problem.ts'
import { openSource, UnreadableFile, type Source, type SourceOptions } from './source.run.ts'

/** What a model knows of a feature. */
export type KnownFeature = Pick<Feature, 'name' | 'kind' | 'levels'>

export interface RowsToPredict {
  /** Of the whole file. */
  readonly rows: number
  /** In the file's order, each at most `chunk` rows long. Columns are new with every piece, in the order of the features. The
   *  file is closed when they are through, or left early. Throws UnreadableFile when the file breaks half-way. */
  readonly pieces: AsyncIterable<RowPiece>
}

export interface RowPiece {
  /** The place of the first of these rows, from 0. */
  readonly from: number
  readonly rows: number
  /** By feature: numbers, or places of levels; NaN where not known. */
  readonly columns: readonly Float64Array[]
  /** By feature: cells whose label the model has never met, or that are no (finite) number; they are not known. */
  readonly strange: readonly number[]
}

export interface RowsOptions extends Omit<SourceOptions, 'onChecked'> {
  readonly chunk?: number
}

const usualChunk = 8192

/**
 * Opens a file for predicting. Columns that are no feature are ignored; a feature without its column refuses the file, and so
 * does a row with too few or too many cells: the answers must stand beside the rows. A label beyond the levels is "other
 * levels" where the feature has that level, else not known. Memory does not grow with the rows.
 */
export async function readRowsToPredict(
  file: string,
  features: readonly KnownFeature[],
  { chunk = usualChunk, ...options }: RowsOptions = {},
): Promise<Result<RowsToPredict, DatasetProblem>> {
  const source = await openSource(file, options)
  if (!source.ok) return source
  const { columns, rows, wrong, close } = source.value
  const missing = features.filter(({ name }) => !columns.some((column) => column.name === name))
  const strange = columns.find(
    ({ name, kind }) => kind === 'other' && features.some((feature) => feature.name === name),
  )
  const [first] = wrong
  const fault =
    missing.length > 0
      ? problem('missing_column', `The file has no column ${listed(missing.map(({ name }) => name))}.`)
      : strange
        ? problem('column_type', `Column “${strange.name}” is ${strange.type}, which is neither number nor text.`)
        : first
          ? problem(
              'wrong_cells',
              `Line ${first.line} has ${first.cells} cells where the header has ${columns.length}.`,
            )
          : null
  if (fault) {
    close()
    return refused(fault)
  }
  return ok({ rows, pieces: pieces(source.value, features, chunk) })
}

async function* pieces(
  source: Source,
  features: readonly KnownFeature[],
  longest: number,
): AsyncGenerator<RowPiece, void, undefined> {
  const readers = features.map(readerOf)
  const expressions = features.map(({ name, kind }) => {
    const place = source.columns.findIndex((column) => column.name === name)
    return (kind === 'number' ? strictNumberSql : textSql)(source.columns[place]!.kind, columnAt(place))
  })
  let piece = startPiece(features, { from: 0, rows: Math.min(longest, source.rows) })
  let filled = 0
  try {
    for await (const chunk of source.chunks(expressions)) {
      for (let at = 0; at < chunk.rowCount;) {
        const count = Math.min(chunk.rowCount - at, piece.rows - filled)
        if (count === 0) throw new UnreadableFile(`it holds more rows than its ${source.rows} lines`)
        piece.columns.forEach((column, j) => {
          const into = column.subarray(filled, filled + count)
          piece.strange[j]! += readers[j]!(chunk, { column: j, at, into })
        })
        at += count
        filled += count
        if (filled < piece.rows) continue
        yield piece
        const from = piece.from + piece.rows
        piece = startPiece(features, { from, rows: Math.min(longest, source.rows - from) })
        filled = 0
      }
    }
    const understood = piece.from + filled
    if (understood < source.rows) {
      throw new UnreadableFile(`only ${understood} of its ${source.rows} rows were understood`)
    }
  } finally {
    source.close()
  }
}

function startPiece(features: readonly KnownFeature[], { from, rows }: { from: number; rows: number }) {
  return { from, rows, columns: features.map(() => new Float64Array(rows)), strange: features.map(() => 0) }
}

/** Fills `into` from the row `at` on, and says how many cells were strange. */
type Reader = (chunk: DuckDBDataChunk, where: { column: number; at: number; into: Float64Array }) => number

function readerOf({ kind, levels }: KnownFeature): Reader {
  if (kind === 'number') return (chunk, { column, at, into }) => fillNumbers(numbersAt(chunk, column), at, into)
  const places = new Map(levels.map((level, place) => [level, place]))
  const other = kind === 'category' ? (places.get(otherLevels) ?? NaN) : NaN
  return (chunk, { column, at, into }) => {
    const cells = textsAt(chunk, column)
    let strange = 0
    for (let i = 0; i < into.length; i++) {
      const written = cells.getItem(at + i)
      const place = places.get(written ?? '')
      const said = place === undefined ? meaningOf(written) : null
      into[i] = place ?? (said === null ? NaN : (places.get(said) ?? other))
      if (said !== null && !places.has(said) && Number.isNaN(other)) strange++
    }
    return strange
  }
}

function fillNumbers(cells: Cells<number>, at: number, into: Float64Array): number {
  let strange = 0
  for (let i = 0; i < into.length; i++) {
    const value = cells.getItem(at + i) ?? NaN
    into[i] = Number.isFinite(value) ? value : NaN
    if (value === Infinity || value === -Infinity) strange++
  }
  return strange
}
