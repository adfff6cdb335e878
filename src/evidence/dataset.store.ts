// Past episodes as columns: imported ones and those that our own clients completed. Reads what outcomes keeps, changes
// nothing. Runs as the job role: no member of staff needs to see this table whole.

import { sql } from 'kysely'
import { z } from 'zod'
import { definitionOf, factCodes, type Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Dataset } from './classic.ts'
import { learnedFacts } from './columns.ts'
import { startFactTable } from './fact-table.ts'

/** Rows fetched at a time. */
const pageSize = 5000

const factValue = z.union([z.number(), z.boolean(), z.string(), z.array(z.string())])
const factsShape = z.record(z.string(), factValue)

interface PastRow {
  readonly facts: unknown
  readonly taken: string | null
  readonly working_at_365: boolean | null
}

/** All past episodes: imported ones in the order of their origin and key, then those of our own clients. The same rows
 *  give the same dataset, on every installation. Open episodes are left out, and those of clients who said no to learning; lost touch comes with an unknown outcome. */
export async function readDataset(db: Db): Promise<Dataset> {
  const table = startFactTable(learnedFacts(factCodes.map((code) => [code, definitionOf(code)] as const)))
  const types = new Map<string, number>()
  const taken: number[] = []
  const working: number[] = []
  const add = ({ facts, taken: type, working_at_365 }: PastRow) => {
    if (type === null) return
    if (!types.has(type)) types.set(type, types.size)
    taken.push(types.get(type)!)
    working.push(working_at_365 === null ? NaN : Number(working_at_365))
    table.add(factsShape.parse(facts) satisfies Facts)
  }
  await eachPage<ImportedRow>((after) => importedAfter(db, after), add)
  await eachPage<CompletedRow>((after) => completedAfter(db, after), add)
  return {
    types: [...types.keys()],
    taken: Uint16Array.from(taken),
    working: Float64Array.from(working),
    facts: table.table(),
  }
}

async function eachPage<Row extends PastRow>(read: (after: Row | null) => Promise<Row[]>, add: (row: PastRow) => void) {
  let after: Row | null = null
  for (;;) {
    const rows: Row[] = await read(after)
    rows.forEach(add)
    if (rows.length < pageSize) return
    after = rows.at(-1) ?? null
  }
}

interface ImportedRow extends PastRow {
  readonly source: string
  readonly source_key: string
}

async function importedAfter(db: Db, after: ImportedRow | null): Promise<ImportedRow[]> {
  return db
    .selectFrom('evidence_episodes')
    .select(['source', 'source_key', 'facts', 'taken', 'working_at_365'])
    .$if(after !== null, (query) =>
      query.where((eb) => eb(eb.refTuple('source', 'source_key'), '>', eb.tuple(after!.source, after!.source_key))),
    )
    .orderBy('source')
    .orderBy('source_key')
    .limit(pageSize)
    .execute()
}

interface CompletedRow extends PastRow {
  readonly id: string
}

// The client's last word on learning is no: what became of them is not learned from, from the next learning on. Who was never
// asked is; how a network asks is its own decision.
function saidNo() {
  return sql`(SELECT FROM client_consents AS no
    WHERE no.client_id = episodes.client_id AND no.purpose = 'learning' AND no.event = 'withdrawn'
    AND NOT EXISTS (
      SELECT FROM client_consents AS yes
      WHERE yes.client_id = no.client_id AND yes.purpose = 'learning' AND yes.event = 'given'
      AND yes.happened_at > no.happened_at
    ))`
}

async function completedAfter(db: Db, after: CompletedRow | null): Promise<CompletedRow[]> {
  return db
    .selectFrom('episodes')
    .select(['id', 'facts', 'taken', 'working_at_365'])
    .where('state', 'in', ['completed', 'missing'])
    .where('taken', 'is not', null)
    .where(({ not, exists }) => not(exists(saidNo())))
    .$if(after !== null, (query) => query.where('id', '>', after!.id))
    .orderBy('id')
    .limit(pageSize)
    .execute()
}
