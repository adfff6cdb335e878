// The second half of an import: the rows laid aside become organisations, each written in a transaction of its own.

import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import { entryOf, exchangedValues, mergeRepeated, type ExchangeId, type OrganizationEntry } from './entry.ts'
import { digestOf } from './exchange-id.hash.ts'
import { writeLooseRows, writeOrganizations, type EntryToWrite, type Writing } from './import-write.store.ts'
import {
  commitLazily,
  knownOrganizations,
  knownParts,
  type KnownOrganization,
  type KnownParts,
} from './import.store.ts'
import { loose } from './owners.ts'
import type { Intake } from './read-package.run.ts'
import type { Counts } from './row.ts'
import type { KeptRow, Spill } from './spill.files.ts'

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

export interface Tally {
  readonly organizations: Counts
  readonly services: Counts
  readonly locations: Counts
  /** Exchange ids of rows that hang on no organisation. */
  readonly looseIds: string[]
}

// The version of what is made of a row: a change of it makes everything count as changed, and written again.
const mapping = 1

// Organisations are independent of each other; while one waits for the database the next is made ready.
const atOnce = 4

interface Draft {
  readonly owner: number
  readonly entry: OrganizationEntry
  readonly wholeHash: string
}

/** Writes all that is not refused. Organisations that need another's location come after it, or with it. */
export async function writeEntries(spill: Spill, intake: Intake, target: Target): Promise<Tally> {
  const tally: Tally = { organizations: none(), services: none(), locations: none(), looseIds: [] }
  const postponed = new Map<number, Set<number>>()
  for (let part = 0; part < spill.parts; part++) {
    const rows = await spill.read(part)
    if (part === 0)
      await writeLoose(
        rows.filter((row) => row.owner === loose),
        target,
        tally,
      )
    const waiting = await writeDrafts(draftsIn(rows, intake, target), target, tally)
    if (waiting.length > 0) postponed.set(part, new Set(waiting.map((draft) => draft.owner)))
    await target.onProgress(tally.organizations.added + tally.organizations.changed + tally.organizations.unchanged)
  }
  await writePostponed(spill, postponed, { intake, target, tally })
  return tally
}

function none(): Counts {
  return { added: 0, changed: 0, unchanged: 0, gone: 0 }
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
      findings.refuse(owner, { organization: owners.idOf(owner), reason: 'contradiction', ...contradiction })
      return []
    }
    const entry = entryOf(merged, exchangeId)
    return entry ? [{ owner, entry, wholeHash: digestOf([mapping, wholeOf(merged, exchangeId)]) }] : []
  })
}

/** All that belongs to an organisation, in an order that does not hang on the order of the files. */
function wholeOf(rows: readonly KeptRow[], exchangeId: ExchangeId): string[] {
  return rows.map((row) => JSON.stringify([row.table, exchangedValues(row, exchangeId)])).sort()
}

/** Writes what can be written; gives back what waits for another organisation's location. */
async function writeDrafts(drafts: readonly Draft[], target: Target, tally: Tally): Promise<Draft[]> {
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
  const writing = writingFor(drafts, { organizations, parts, target })
  const queue = ready.values()
  const worker = async (): Promise<void> => {
    for (const draft of queue) {
      const before = organizations.get(draft.entry.exchangeId)
      await target.transact(async (db) => {
        await commitLazily(db)
        await writeOrganizations(db, writing, [{ ...draft, isNew: before === undefined }])
      })
      countWritten(draft.entry, { before, parts, tally })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return waiting
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
  const { intake, target, tally } = rest
  const draftsOf = async (part: number, owners: ReadonlySet<number>) =>
    draftsIn(
      (await spill.read(part)).filter((row) => owners.has(row.owner)),
      intake,
      target,
    )
  for (let hasMoved = true; hasMoved && postponed.size > 0;) {
    hasMoved = false
    for (const [part, owners] of [...postponed]) {
      const waiting = await writeDrafts(await draftsOf(part, owners), target, tally)
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
  for (const { entry } of inside) countWritten(entry, { before: organizations.get(entry.exchangeId), parts, tally })
}

function refuseFor(draft: Draft, link: OrganizationEntry['links'][number], { owners, findings }: Intake): void {
  findings.refuse(draft.owner, {
    organization: owners.idOf(draft.owner),
    file: link.file,
    line: link.line,
    field: 'location_id',
    reason: 'not_imported',
    value: link.location,
  })
}

function countUnchanged(entry: OrganizationEntry, tally: Tally): void {
  tally.organizations.unchanged++
  tally.services.unchanged += entry.services.length
  tally.locations.unchanged += entry.locations.length
}

interface Before {
  readonly before: KnownOrganization | undefined
  readonly parts: KnownParts
  readonly tally: Tally
}

function countWritten(entry: OrganizationEntry, { before, parts, tally }: Before): void {
  tally.organizations[before === undefined ? 'added' : 'changed']++
  const count = (
    counts: Counts,
    now: readonly (OrganizationEntry['services'][number] | OrganizationEntry['locations'][number])[],
    known: KnownParts['services'],
  ) => {
    for (const part of now) {
      const was = known.get(part.exchangeId)
      if (!was) counts.added++
      else if (was.isGone || was.contentHash !== digestOf(part)) counts.changed++
      else counts.unchanged++
    }
    const present = new Set(now.map((part) => part.exchangeId))
    const left = [...known].filter(([id, was]) => was.organizationId === before?.id && !was.isGone && !present.has(id))
    counts.gone += left.length
  }
  count(tally.services, entry.services, parts.services)
  count(tally.locations, entry.locations, parts.locations)
}
