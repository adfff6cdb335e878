// The second half of an import: the rows laid aside become organisations, each of which goes in whole or not at all.

import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { ExchangeId, OrganizationEntry } from './entry.ts'
import { digestOf } from './exchange-id.hash.ts'
import { writeLooseRows, writeOrganizations, type EntryToWrite, type Writing } from './import-write.store.ts'
import {
  commitLazily,
  keptElsewhere,
  knownOrganizations,
  knownParts,
  type KnownOrganization,
  type KnownParts,
} from './import.store.ts'
import { loose } from './owners.ts'
import { entryOf, exchangedValues, mergeRepeated } from './read-entry.ts'
import type { Intake } from './read-package.run.ts'
import type { Finding } from './row.ts'
import type { KeptRow, Spill } from './spill.files.ts'
import { countUnchanged, countWritten, emptyTally, type Tally } from './tally.ts'

/** Runs work in a transaction of the network's, as whoever imports. */
export type Transact = <T>(work: (db: Db) => Promise<T>) => Promise<T>

export interface Target {
  readonly transact: Transact
  readonly networkId: NetworkId
  readonly source: string
  readonly exchangeId: ExchangeId
  readonly now: Date
  readonly today: CalendarDay
  readonly onProgress: (done: number) => Promise<void>
}

// The version of what is made of a row: a change of it makes everything count as changed, and written again.
const mapping = 1

// Organisations are independent of each other: while some wait for the database the next are made ready.
const atOnce = 4

// A statement for fifty organisations costs little more than for one: measured four times as fast as one each.
const together = 50

interface Draft {
  readonly owner: number
  /** Where its organisation's row stands. */
  readonly file: string
  readonly line: number
  readonly entry: OrganizationEntry
  readonly wholeHash: string
}

/** Writes all that is not refused. Organisations that need another's location come after it, or with it. */
export async function writeEntries(spill: Spill, intake: Intake, target: Target): Promise<Tally> {
  const tally = emptyTally()
  const postponed = new Map<number, Set<number>>()
  for (let part = 0; part < spill.parts; part++) {
    const rows = await spill.read(part)
    if (part === 0)
      await writeLoose(
        rows.filter((row) => row.owner === loose),
        target,
        tally,
      )
    const waiting = await writeDrafts(draftsIn(rows, intake, target), { intake, target, tally })
    if (waiting.length > 0) postponed.set(part, new Set(waiting.map((draft) => draft.owner)))
    await target.onProgress(tally.organizations.added + tally.organizations.changed + tally.organizations.unchanged)
  }
  await writePostponed(spill, postponed, { intake, target, tally })
  return tally
}

async function writeLoose(rows: readonly KeptRow[], target: Target, tally: Tally): Promise<void> {
  const byKey = new Map(
    rows.map((row) => {
      const values = exchangedValues(row, target.exchangeId)
      const exchangeId = values['id'] ?? ''
      return [`${row.table} ${exchangeId}`, { kind: row.table, exchangeId, values }] as const
    }),
  )
  const all = [...byKey.values()]
  tally.looseIds.push(...all.map((row) => row.exchangeId))
  for (let from = 0; from < all.length; from += 1000) {
    await target.transact((db) => writeLooseRows(db, target, all.slice(from, from + 1000)))
  }
}

/** The organisations of a part that are not refused. One that contradicts itself is refused here. */
function draftsIn(rows: readonly KeptRow[], { owners, findings }: Intake, { exchangeId }: Target): Draft[] {
  const byOwner = Map.groupBy(rows, (row) => row.owner)
  return [...byOwner].flatMap(([owner, own]): Draft[] => {
    if (owner === loose || findings.isRefused(owner)) return []
    const { rows: merged, contradiction } = mergeRepeated(own)
    if (contradiction) {
      findings.refuse(owner, { ...whose(owner, owners), reason: 'contradiction', ...contradiction })
      return []
    }
    const entry = entryOf(merged, { exchangeId, digestOf })
    const { file = '', line = 0 } = merged.find((row) => row.table === 'organization') ?? {}
    return entry ? [{ owner, file, line, entry, wholeHash: digestOf([mapping, wholeOf(merged, exchangeId)]) }] : []
  })
}

/** All that belongs to an organisation, in an order that does not hang on the order of the files. */
function wholeOf(rows: readonly KeptRow[], exchangeId: ExchangeId): string[] {
  return rows.map((row) => JSON.stringify([row.table, exchangedValues(row, exchangeId)])).sort()
}

/** Writes what can be written; gives back what waits for another organisation's location. */
async function writeDrafts(all: readonly Draft[], { intake, target, tally }: Rest): Promise<Draft[]> {
  const drafts = await leaveElsewhere(all, { intake, target, tally })
  if (drafts.length === 0) return []
  const { organizations, parts } = await target.transact((db) => look(db, drafts, target))
  const waiting: Draft[] = []
  const ready: Draft[] = []
  for (const draft of drafts) {
    const before = organizations.get(draft.entry.exchangeId)
    if (before && !before.isGone && before.wholeHash === draft.wholeHash) countUnchanged(draft.entry, tally)
    else if (foreignLocations(draft.entry).every((id) => parts.locations.has(id))) ready.push(draft)
    else waiting.push(draft)
  }
  const known = { organizations, parts, target }
  const batches = Array.from({ length: Math.ceil(ready.length / together) }, (_, at) =>
    ready.slice(at * together, (at + 1) * together),
  ).values()
  const worker = async (): Promise<void> => {
    for (const batch of batches) await writeBatch(batch, known, { intake, tally })
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return waiting
}

/**
 * Without those that another source keeps under the same UUID: one organisation must not stand in the directory twice, and
 * two sources must not undo each other's changes. Told, unless both say the same.
 */
async function leaveElsewhere(drafts: readonly Draft[], { intake, target, tally }: Rest): Promise<Draft[]> {
  if (drafts.length === 0) return []
  const ids = drafts.map((draft) => draft.entry.exchangeId)
  const kept = await target.transact((db) => keptElsewhere(db, target.source, ids))
  return drafts.filter((draft) => {
    const elsewhere = kept.get(draft.entry.exchangeId)
    if (!elsewhere) return true
    countUnchanged(draft.entry, tally)
    if (elsewhere.wholeHash !== draft.wholeHash) {
      const { owner, file, line } = draft
      const reason = 'kept_elsewhere'
      intake.findings.notice({ ...whose(owner, intake.owners), file, line, field: '', reason, value: elsewhere.source })
    }
    return false
  })
}

/**
 * Several organisations in one transaction, for speed; where the database refuses one of them, each goes in alone, and
 * only that one is refused. So an organisation is in whole or not at all, and none hangs on another's fate.
 */
async function writeBatch(batch: readonly Draft[], known: Known, rest: Omit<Rest, 'target'>): Promise<void> {
  const { organizations, parts, target } = known
  const { intake, tally } = rest
  try {
    const entries = batch.map((draft): EntryToWrite => ({
      ...draft,
      isNew: !organizations.has(draft.entry.exchangeId),
    }))
    await target.transact(async (db) => {
      await commitLazily(db)
      await writeOrganizations(db, writingFor(batch, known), entries)
    })
  } catch (error) {
    if (!isAboutTheData(error)) throw error
    if (batch.length > 1) {
      for (const draft of batch) await writeBatch([draft], known, rest)
    } else for (const draft of batch) intake.findings.refuse(draft.owner, notStored(draft, error, intake))
    return
  }
  for (const { entry } of batch)
    countWritten(entry, { organizationId: organizations.get(entry.exchangeId)?.id, ...parts }, tally)
}

/** Class 22 of SQLSTATE is a value that cannot be stored, class 23 a constraint; all else is an outage or a fault of ours. */
function isAboutTheData(error: unknown): error is { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && /^2[23]/.test(String(error.code))
}

function whose(owner: number, owners: Intake['owners']): Pick<Finding, 'organization' | 'organizationName'> {
  return { organization: owners.idOf(owner), organizationName: owners.nameOf(owner) }
}

function notStored({ owner, file, line }: Draft, { code }: { code: string }, { owners }: Intake): Finding {
  return { ...whose(owner, owners), file, line, field: '', reason: 'not_stored', value: code }
}

async function look(
  db: Db,
  drafts: readonly Draft[],
  { source }: Target,
): Promise<{ organizations: Map<string, KnownOrganization>; parts: KnownParts }> {
  const ids = drafts.map(({ entry }) => entry.exchangeId)
  const organizations = await knownOrganizations(db, source, ids)
  const stale = drafts.filter(
    ({ entry, wholeHash }) =>
      organizations.get(entry.exchangeId)?.wholeHash !== wholeHash || organizations.get(entry.exchangeId)?.isGone,
  )
  const exchangeIds = stale.flatMap(({ entry }) => [
    ...[...entry.services, ...entry.locations, ...entry.links].map((part) => part.exchangeId),
    ...foreignLocations(entry),
  ])
  const organizationIds = stale.flatMap(({ entry }) => organizations.get(entry.exchangeId)?.id ?? [])
  return { organizations, parts: await knownParts(db, source, { exchangeIds, organizationIds }) }
}

function foreignLocations({ locations, links }: OrganizationEntry): string[] {
  const own = new Set(locations.map((location) => location.exchangeId))
  return links.map((link) => link.location).filter((id) => !own.has(id))
}

interface Known {
  readonly organizations: ReadonlyMap<string, KnownOrganization>
  readonly parts: KnownParts
  readonly target: Target
}

/** Ids for everything in the drafts: those that it has, new ones for the rest. */
function writingFor(drafts: readonly Draft[], { organizations, parts, target }: Known): Writing {
  const { networkId, source, now, today } = target
  const entries = drafts.map((draft) => draft.entry)
  const idsOf = (
    known: ReadonlyMap<string, { readonly id: string }>,
    of: (entry: OrganizationEntry) => readonly { readonly exchangeId: string }[],
  ) => {
    const ids = new Map([...known].map(([exchangeId, { id }]) => [exchangeId, id]))
    for (const { exchangeId } of entries.flatMap(of))
      if (!ids.has(exchangeId)) ids.set(exchangeId, newId(now.getTime()))
    return ids
  }
  return {
    networkId,
    source,
    now,
    today,
    ids: {
      organizations: idsOf(organizations, (entry) => [entry]),
      services: idsOf(parts.services, (entry) => entry.services),
      locations: idsOf(parts.locations, (entry) => entry.locations),
      links: idsOf(parts.links, (entry) => entry.links),
    },
  }
}

interface Rest {
  readonly intake: Intake
  readonly target: Target
  readonly tally: Tally
}

/** Round after round while something gets in; what then still waits for one another goes in together or is refused. */
async function writePostponed(spill: Spill, postponed: Map<number, Set<number>>, rest: Rest): Promise<void> {
  const { intake, target } = rest
  const draftsOf = async (part: number, owners: ReadonlySet<number>) =>
    draftsIn(
      (await spill.read(part)).filter((row) => owners.has(row.owner)),
      intake,
      target,
    )
  for (let hasMoved = true; hasMoved && postponed.size > 0;) {
    hasMoved = false
    for (const [part, owners] of [...postponed]) {
      const waiting = await writeDrafts(await draftsOf(part, owners), rest)
      if (waiting.length < owners.size) hasMoved = true
      if (waiting.length === 0) postponed.delete(part)
      else postponed.set(part, new Set(waiting.map((draft) => draft.owner)))
    }
  }
  const circle: Draft[] = []
  for (const [part, owners] of postponed) circle.push(...(await draftsOf(part, owners)))
  if (circle.length > 0) await writeCircle(circle, rest)
}

/** Organisations that use one another's locations: one transaction for all, without those that need one that is not there. */
async function writeCircle(circle: readonly Draft[], { intake, target, tally }: Rest): Promise<void> {
  const { organizations, parts } = await target.transact((db) => look(db, circle, target))
  let inside = [...circle]
  for (let before = -1; before !== inside.length;) {
    before = inside.length
    const there = new Set(inside.flatMap(({ entry }) => entry.locations.map((location) => location.exchangeId)))
    inside = inside.filter((draft) => {
      const missing = draft.entry.links.find((link) => !there.has(link.location) && !parts.locations.has(link.location))
      if (missing) refuseFor(draft, missing, intake)
      return !missing
    })
  }
  if (inside.length === 0) return
  const toWrite = inside.map((draft): EntryToWrite => ({ ...draft, isNew: !organizations.has(draft.entry.exchangeId) }))
  await target.transact((db) => writeOrganizations(db, writingFor(inside, { organizations, parts, target }), toWrite))
  for (const { entry } of inside)
    countWritten(entry, { organizationId: organizations.get(entry.exchangeId)?.id, ...parts }, tally)
}

function refuseFor(draft: Draft, link: OrganizationEntry['links'][number], { owners, findings }: Intake): void {
  findings.refuse(draft.owner, {
    ...whose(draft.owner, owners),
    file: link.file,
    line: link.line,
    field: 'location_id',
    reason: 'not_imported',
    value: link.location,
  })
}
