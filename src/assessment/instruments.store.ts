// SQL on the instruments of a network. What is in the table was parsed when it came in.

import { createHash } from 'node:crypto'
import { facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId, type StaffId } from '#platform/ids.ts'
import { isDeeperThan } from '#platform/json.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { InstrumentId } from './assessment.ts'
import type { Instrument } from './instrument.ts'
import { parseInstrument, type InstrumentProblem } from './questionnaire.ts'
import firstConversation from './instruments/first-conversation.json' with { type: 'json' }
import skillsAndWork from './instruments/skills-and-work.json' with { type: 'json' }
import whatMatters from './instruments/what-matters.json' with { type: 'json' }

// Items lie at most sixteen deep (questionnaire.ts), each two levels, with extensions in extensions below them.
const deepest = 64

export interface StoredInstrument {
  readonly id: InstrumentId
  readonly instrument: Instrument
  readonly source: 'shipped' | 'uploaded'
  readonly addedAt: Date
  readonly retiredAt: Date | null
  /** Another version of the same instrument came in later, so that this one is no longer started. */
  readonly isReplaced: boolean
}

/** Why an instrument was not taken in: the file is no JSON, its items are refused, or this version has other questions. */
export type ImportProblem =
  InstrumentProblem | { readonly code: 'not_json' | 'unstorable' | 'version_taken'; readonly detail: string }

export interface Imported {
  readonly id: InstrumentId
  readonly title: string
  readonly version: string
  /** `unchanged`: this version was there already, with the same questions. */
  readonly outcome: 'added' | 'unchanged'
}

/** The instruments that come with every network, in the order in which a new client meets them. */
export const shippedInstruments: readonly unknown[] = [firstConversation, skillsAndWork, whatMatters]

/** Takes in a FHIR R4 Questionnaire from the text of a JSON file. Nothing is written when it is refused. */
export async function importInstrument(
  db: Db,
  to: { readonly networkId: NetworkId; readonly addedBy: StaffId | null; readonly now: Date },
  text: string,
): Promise<Result<Imported, readonly ImportProblem[]>> {
  let json: unknown
  try {
    // A byte order mark is no part of JSON, and editors on Windows write one.
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return refused([{ code: 'not_json', detail: error instanceof Error ? error.message : '' }])
  }
  if (isDeeperThan(deepest, json)) return refused([{ code: 'too_deep', linkId: null, type: null, detail: '' }])
  return insertInstrument(db, { ...to, source: 'uploaded' }, json)
}

/** Adds those shipped instruments that the network does not have in this version. Runs as `waypost_job`; may run again. */
export async function installShippedInstruments(db: Db, networkId: NetworkId, now: Date): Promise<void> {
  for (const json of shippedInstruments) {
    const added = await insertInstrument(db, { networkId, addedBy: null, now, source: 'shipped' }, json)
    if (!added.ok) throw new Error(`A shipped instrument was refused: ${JSON.stringify(added.problem)}`)
  }
}

/** All of them: those that can be started first, shipped ones in their order, then the rest from the latest. */
export async function listInstruments(db: Db): Promise<readonly StoredInstrument[]> {
  const rows = await db
    .selectFrom('instruments')
    .select(['id', 'url', 'source', 'added_at', 'retired_at'])
    .orderBy('added_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const instruments = await loadInstruments(
    db,
    rows.map((row) => row.id),
  )
  const seen = new Set<string>()
  const stored = rows.map((row): StoredInstrument => {
    const isReplaced = seen.has(row.url)
    if (!row.retired_at) seen.add(row.url)
    return {
      id: row.id as InstrumentId,
      instrument: found(instruments, row.id),
      source: row.source === 'shipped' ? 'shipped' : 'uploaded',
      addedAt: row.added_at,
      retiredAt: row.retired_at,
      isReplaced,
    }
  })
  const shipped = shippedInstruments.map((json) => parsedOrThrow('shipped', json).url)
  const place = ({ instrument }: StoredInstrument) => {
    const index = shipped.indexOf(instrument.url)
    return index < 0 ? shipped.length : index
  }
  return stored.toSorted((a, b) => Number(!isOffered(a)) - Number(!isOffered(b)) || place(a) - place(b))
}

/** Those that can be started now. */
export async function offeredInstruments(db: Db): Promise<readonly StoredInstrument[]> {
  return (await listInstruments(db)).filter(isOffered)
}

export function isOffered({ retiredAt, isReplaced }: StoredInstrument): boolean {
  return retiredAt === null && !isReplaced
}

export async function findInstrument(db: Db, id: InstrumentId): Promise<StoredInstrument | undefined> {
  return (await listInstruments(db)).find((stored) => stored.id === id)
}

/** The FHIR Questionnaire as it came in. */
export async function questionnaireOf(db: Db, id: InstrumentId): Promise<unknown> {
  const row = await db.selectFrom('instruments').select('questionnaire').where('id', '=', id).executeTakeFirstOrThrow()
  return row.questionnaire
}

/** Takes an instrument out of use, or back in. What was answered stays as it is. */
export async function retireInstrument(db: Db, id: InstrumentId, by: StaffId, at: Date | null): Promise<void> {
  await db
    .updateTable('instruments')
    .set({ retired_at: at, retired_by: at === null ? null : by })
    .where('id', '=', id)
    .execute()
}

// Rows never change, so an instrument once parsed stays true; a network has a handful, and parsing costs milliseconds.
const parsed = new Map<string, Instrument>()
const mostKept = 500

/** The instruments of these ids, parsed once and kept. Whether the actor may see them is for the rows that named the ids. */
export async function loadInstruments(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Instrument>> {
  const wanted = [...new Set(ids)]
  const missing = wanted.filter((id) => !parsed.has(id))
  if (missing.length > 0) {
    if (parsed.size + missing.length > mostKept) parsed.clear()
    const rows = await db.selectFrom('instruments').select(['id', 'questionnaire']).where('id', 'in', missing).execute()
    for (const { id, questionnaire } of rows) parsed.set(id, parsedOrThrow(id, questionnaire))
  }
  return new Map(wanted.flatMap((id) => (parsed.has(id) ? [[id, found(parsed, id)] as const] : [])))
}

/** The instrument of a row that points at it. Throws when it is not there: foreign keys keep it. */
export function found(instruments: ReadonlyMap<string, Instrument>, id: string): Instrument {
  const instrument = instruments.get(id)
  if (!instrument) throw new Error(`Instrument ${id} is not there.`)
  return instrument
}

/** Throws when what is stored no longer parses: that is a fault of ours, not of the person asking. */
function parsedOrThrow(id: string, questionnaire: unknown): Instrument {
  const read = parseInstrument(questionnaire, facts)
  if (!read.ok) throw new Error(`Instrument ${id} can no longer be read: ${JSON.stringify(read.problem)}`)
  return read.value
}

async function insertInstrument(
  db: Db,
  by: { networkId: NetworkId; addedBy: StaffId | null; now: Date; source: 'shipped' | 'uploaded' },
  json: unknown,
): Promise<Result<Imported, readonly ImportProblem[]>> {
  const read = parseInstrument(json, facts)
  if (!read.ok) return read
  const { url, version, title } = read.value
  const text = JSON.stringify(inKeyOrder(json))
  // PostgreSQL keeps neither NUL nor half a surrogate pair in jsonb.
  if (/\\u0000|\\ud[89a-f]/.test(text)) return refused([{ code: 'unstorable', detail: '' }])
  const digest = createHash('sha256').update(text).digest('hex')
  const id = newId<'instrument'>(by.now.getTime())
  const inserted = await db
    .insertInto('instruments')
    .values({
      ...{
        network_id: by.networkId,
        id,
        url,
        version,
        title: title.text,
        source: by.source,
        questionnaire: text,
        digest,
      },
      ...{ added_by: by.addedBy, added_at: by.now },
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'url', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return ok({ id, title: title.text, version, outcome: 'added' })
  const there = await db
    .selectFrom('instruments')
    .select(['id', 'digest'])
    .where('url', '=', url)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  if (there.digest !== digest) return refused([{ code: 'version_taken', detail: version }])
  return ok({ id: there.id as InstrumentId, title: title.text, version, outcome: 'unchanged' })
}

/** The JSON with the keys of its objects in order, so that two files of the same questions are alike. */
function inKeyOrder(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(inKeyOrder)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, inKeyOrder(value)]),
  )
}
