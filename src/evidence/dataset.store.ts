// Past episodes as columns: imported ones and those that our own clients completed. Reads what outcomes keeps, changes
// nothing. Runs as the job role: no member of staff needs to see this table whole.

import { sql } from 'kysely'
import { z } from 'zod'
import { definitionOf, factCodes, type Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Dataset } from './classic.ts'
import { learnedFacts } from './columns.ts'
import { featuresOfFacts } from './dataset/fact-features.ts'
import { reportOf, type LearningReport } from './dataset/learning-report.ts'
import type { LearningTable } from './dataset/learning-table.ts'
import { inOrder } from './dataset/roles.ts'
import { noService } from './episode.ts'
import { startFactTable } from './fact-table.ts'
import type { WithoutService } from './prospects/prospects.ts'

/** Rows fetched at a time. */
const pageSize = 5000

const factValue = z.union([z.number(), z.boolean(), z.string(), z.array(z.string())])
const factsShape = z.record(z.string(), factValue)

interface PastRow {
  readonly facts: unknown
  readonly taken: string | null
  readonly working_at_365: boolean | null
  readonly working_at_180: boolean | null
  readonly earnings_at_365_cents: number | null
  readonly started_on: string | null
  readonly provider: string | null
  readonly site_id: string | null
}

/** All past episodes: imported ones in the order of their origin and key, then those of our own clients. The same rows
 *  give the same dataset, on every installation. Open episodes are left out, and those of clients who said no to learning; lost touch comes with an unknown outcome. */
export async function readDataset(db: Db): Promise<Dataset> {
  const table = startLearnedFacts()
  const types = startNames()
  const taken: number[] = []
  const working: number[] = []
  await eachEpisode(db, null, (row) => {
    taken.push(types.placeOf(row.taken))
    working.push(workingOf(row))
    table.add(factsShape.parse(row.facts) satisfies Facts)
  })
  return {
    types: types.names,
    taken: Uint16Array.from(taken),
    working: Float64Array.from(working),
    facts: table.table(),
  }
}

/** Those who took no service: working on day 180 and 365 (1, 0, NaN not known), and monthly earnings on day 365 of those who
 *  worked (cents, NaN not known). The same episodes in the same order as `readDataset`. */
export async function readWithoutService(db: Db): Promise<WithoutService> {
  const table = startLearnedFacts()
  const [at180, at365, cents]: number[][] = [[], [], []]
  await eachEpisode(db, null, (row) => {
    if (row.taken !== noService) return
    at180!.push(row.working_at_180 === null ? NaN : Number(row.working_at_180))
    at365!.push(workingOf(row))
    cents!.push(row.working_at_365 === true ? (row.earnings_at_365_cents ?? NaN) : NaN)
    table.add(factsShape.parse(row.facts) satisfies Facts)
  })
  return {
    workingAt180: Float64Array.from(at180!),
    workingAt365: Float64Array.from(at365!),
    earningsCents: Float64Array.from(cents!),
    facts: table.table(),
  }
}

/** The same episodes, in the same order, as the columns of the engine, with what was read of them. The control is no service,
 *  and first of the arms even where nobody took none; the outcome is working on day 365, NaN for lost touch. Clusters are the
 *  sites of our own clients, where there are any; an imported episode is a cluster of its own. Providers: what an import says,
 *  and the organisation at which an own client first attended. `since`: only episodes that became known after it: imported
 *  later, or closed on a later day. Memory: the columns, 8 bytes a cell. */
export async function readEpisodesTable(
  db: Db,
  { since = null }: { readonly since?: Date | null } = {},
): Promise<{ table: LearningTable; report: LearningReport }> {
  const facts = startLearnedFacts()
  const types = startNames([noService])
  const providers = startNames()
  const sites = startNames()
  const [arm, working, provider, site]: number[][] = [[], [], [], []]
  let span: LearningTable['span'] = null
  await eachEpisode(db, since, (row) => {
    arm!.push(types.placeOf(row.taken))
    working!.push(workingOf(row))
    provider!.push(row.provider === null ? -1 : providers.placeOf(row.provider))
    site!.push(row.site_id === null ? -1 : sites.placeOf(row.site_id))
    span = widened(span, row.started_on)
    facts.add(factsShape.parse(row.facts) satisfies Facts)
  })
  const arms = [noService, ...inOrder(types.names.slice(1))]
  const placeOfType = types.names.map((name) => arms.indexOf(name))
  const { features, levels } = featuresOfFacts(facts.table())
  const table: LearningTable = {
    rows: arm!.length,
    features,
    treatment: 'taken',
    arms,
    arm: Uint8Array.from(arm!, (type) => placeOfType[type]!),
    outcome: { name: 'working_at_365', kind: 'yes_no', values: Float64Array.from(working!) },
    weight: null,
    cluster: sites.names.length === 0 ? null : clustersOf(site!, sites.names.length),
    knownPropensity: null,
    span,
    provider: providers.names.length === 0 ? null : { names: providers.names, places: Int32Array.from(provider!) },
  }
  return { table, report: reportOf(table, { levels }) }
}

function startLearnedFacts() {
  return startFactTable(learnedFacts(factCodes.map((code) => [code, definitionOf(code)] as const)))
}

/** Names and their places, in the order in which they are met. */
function startNames(first: readonly string[] = []) {
  const names = [...first]
  const places = new Map(names.map((name, place) => [name, place]))
  return {
    names: names as readonly string[],
    placeOf(name: string): number {
      const place = places.get(name)
      if (place !== undefined) return place
      places.set(name, names.length)
      return names.push(name) - 1
    },
  }
}

function workingOf({ working_at_365 }: PastRow): number {
  return working_at_365 === null ? NaN : Number(working_at_365)
}

/** Days are text that sorts as time does. */
function widened(span: LearningTable['span'], day: string | null): LearningTable['span'] {
  if (day === null) return span
  if (span === null) return { from: day, to: day }
  return { from: day < span.from ? day : span.from, to: day > span.to ? day : span.to }
}

/** Sites keep their place; whoever has none is given the next one. */
function clustersOf(sites: readonly number[], count: number): NonNullable<LearningTable['cluster']> {
  let next = count
  const places = Int32Array.from(sites, (site) => (site === -1 ? next++ : site))
  return { name: 'site', places, count: next }
}

/** A page at a time, in an order that no machine changes. */
async function eachEpisode(
  db: Db,
  since: Date | null,
  add: (row: PastRow & { readonly taken: string }) => void,
): Promise<void> {
  const addTaken = (row: PastRow) => {
    const { taken } = row
    if (taken !== null) add({ ...row, taken })
  }
  await eachPage<ImportedRow>((after) => importedAfter(db, since, after), addTaken)
  await eachPage<CompletedRow>((after) => completedAfter(db, since, after), addTaken)
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

async function importedAfter(db: Db, since: Date | null, after: ImportedRow | null): Promise<ImportedRow[]> {
  return db
    .selectFrom('evidence_episodes')
    .select(['source', 'source_key', 'facts', 'taken', 'working_at_365', 'started_on', 'provider'])
    .select(['working_at_180', 'earnings_at_365_cents'])
    .select(sql<null>`NULL::text`.as('site_id'))
    .$if(since !== null, (query) => query.where('imported_at', '>', since!))
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

// Where the first attendance was that made the episode's service. Two on one day: the one whose referral came first.
function firstProvider() {
  return sql<string | null>`(SELECT organizations.name FROM referrals
    JOIN organizations ON organizations.network_id = referrals.network_id AND organizations.id = referrals.organization_id
    WHERE referrals.network_id = episodes.network_id AND referrals.client_id = episodes.client_id
    AND referrals.first_attended_on = episodes.taken_on AND referrals.service_type = episodes.taken
    ORDER BY referrals.id LIMIT 1)`
}

async function completedAfter(db: Db, since: Date | null, after: CompletedRow | null): Promise<CompletedRow[]> {
  return db
    .selectFrom('episodes')
    .select(['id', 'facts', 'taken', 'working_at_365', 'started_on', 'site_id'])
    .select(['working_at_180', 'earnings_at_365_cents'])
    .select(firstProvider().as('provider'))
    .where('state', 'in', ['completed', 'missing'])
    .where('taken', 'is not', null)
    .where(({ not, exists }) => not(exists(saidNo())))
    .$if(since !== null, (query) => query.where('closed_on', '>', since!.toISOString().slice(0, 10)))
    .$if(after !== null, (query) => query.where('id', '>', after!.id))
    .orderBy('id')
    .limit(pageSize)
    .execute()
}
