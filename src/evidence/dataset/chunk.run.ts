// A piece of DuckDB's answer as cells, without a value made for each.

import { DuckDBDoubleVector, DuckDBVarCharVector, type DuckDBDataChunk } from '@duckdb/node-api'
import type { Cells } from './collect.ts'

/** The answers to an expression of type DOUBLE. */
export function numbersAt(chunk: DuckDBDataChunk, at: number): Cells<number> {
  const vector = chunk.getColumnVector(at)
  if (vector instanceof DuckDBDoubleVector) return vector
  throw new TypeError(`answer ${at} is ${vector.type.toString()}, not DOUBLE`)
}

/** The answers to an expression of type VARCHAR. */
export function textsAt(chunk: DuckDBDataChunk, at: number): Cells<string> {
  const vector = chunk.getColumnVector(at)
  if (vector instanceof DuckDBVarCharVector) return vector
  throw new TypeError(`answer ${at} is ${vector.type.toString()}, not VARCHAR`)
}
