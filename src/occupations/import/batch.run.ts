// Rows as they are gathered for one write: a few hundred at a time, so that a file of any length takes the same memory.

import type { Db } from '#platform/db/index.ts'
import type { Result } from '#platform/result.ts'
import type { Counts, Writing } from '../occupations-import.store.ts'
import { shortened, type RefusedRow } from './row.ts'
import { readRows, type Manner, type TableFile, type TableRow } from './table.reader.ts'

/** What the readers of a layout work with. */
export interface Reading {
  readonly db: Db
  readonly writing: Writing
  readonly report: { readonly occupations: Counts; readonly skills: Counts; readonly needs: Counts }
  refuse(row: RefusedRow): void
  /** Counts the rows of a file. */
  read(file: TableFile): void
}

const batchSize = 500

/** Reads a file row by row. What a row is refused for is noted with its line; `read` gives null for a row of no interest. */
export async function* entriesOf<Entry>(
  reading: Pick<Reading, 'refuse' | 'read'>,
  file: TableFile,
  manner: Manner,
  read: (values: TableRow['values']) => Result<Entry | null, RefusedRow['reason']>,
): AsyncGenerator<{ readonly entry: Entry; refuse(reason: RefusedRow['reason'], value: string): void }> {
  for await (const { values, line, problem } of readRows(file, manner)) {
    reading.read(file)
    const refuse = (reason: RefusedRow['reason'], value: string) =>
      reading.refuse({ file: file.name, line, reason, value: shortened(value) })
    const entry = problem === null ? read(values) : null
    if (problem !== null) refuse(problem, '')
    else if (entry && !entry.ok) refuse(entry.problem, Object.values(values)[0] ?? '')
    else if (entry?.ok && entry.value !== null) yield { entry: entry.value, refuse }
  }
}

/** Gathers entries and writes them some hundred at a time. */
export function inBatches<Entry>(write: (batch: readonly Entry[]) => Promise<void>): {
  add(entry: Entry): Promise<void>
  end(): Promise<void>
} {
  let batch: Entry[] = []
  const end = async () => {
    const full = batch
    batch = []
    if (full.length > 0) await write(full)
  }
  return {
    async add(entry) {
      batch.push(entry)
      if (batch.length >= batchSize) await end()
    },
    end,
  }
}

/** Pairs of ids that were seen, in little room: a release has 130,000 of them. */
export function seenPairs(): { add(a: string, b: string): boolean; has(a: string, b: string): boolean } {
  const numbers = new Map<string, number>()
  const seen = new Set<number>()
  const numberOf = (id: string) => {
    const known = numbers.get(id) ?? numbers.size
    numbers.set(id, known)
    return known
  }
  // Ids of both kinds are counted together: fewer than 2^26 of them.
  const pairOf = (a: string, b: string) => numberOf(a) * 2 ** 26 + numberOf(b)
  return {
    add(a, b) {
      const size = seen.size
      return seen.add(pairOf(a, b)).size > size
    },
    has: (a, b) => numbers.has(a) && numbers.has(b) && seen.has(pairOf(a, b)),
  }
}
