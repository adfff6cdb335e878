// Episodes, follow-ups and statements as they are kept.

import type { Insertable, Selectable } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Database, Db } from '#platform/db/index.ts'
import {
  newId,
  type AssessmentId,
  type ClientId,
  type EpisodeId,
  type Id,
  type NetworkId,
  type SiteId,
  type StaffId,
} from '#platform/ids.ts'
import type { Facts } from '#directory/index.ts'
import {
  followUpDueOn,
  followUpEndsOn,
  followUpMonths,
  type EpisodeOutcome,
  type EpisodeState,
  type FollowUpMonths,
} from './episode.ts'
import { statementSources, type Statement, type StatementId, type StatementKind } from './statement.ts'

export type FollowUpId = Id<'follow_up'>

/** What a row that hangs on a client repeats of their file. */
export interface FileMarks {
  readonly networkId: NetworkId
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
}

export interface Episode extends FileMarks {
  readonly id: EpisodeId
  readonly startedOn: CalendarDay
  readonly state: EpisodeState
  readonly closedOn: CalendarDay | null
}

export interface NewEpisode extends FileMarks {
  readonly assessmentId: AssessmentId | null
  readonly startedOn: CalendarDay
  /** What was known on that day; it never changes. */
  readonly facts: Facts
}

export interface FollowUp extends FileMarks {
  readonly id: FollowUpId
  readonly episodeId: EpisodeId
  readonly months: FollowUpMonths
  readonly dueOn: CalendarDay
  readonly endsOn: CalendarDay
  readonly state: 'due' | 'answered' | 'let_go'
}

export type StatementChannel = 'page' | 'link' | 'phone' | 'file'

export interface NewStatement extends Omit<Statement, 'recordedAt'> {
  readonly channel: StatementChannel
  readonly recordedBy: StaffId | null
  /** What a file calls it. */
  readonly sourceKey?: string
}

const episodeColumns = [
  'network_id',
  'id',
  'client_id',
  'site_id',
  'restricted_to',
  'started_on',
  'state',
  'closed_on',
] as const

/** The latest episode of the person. */
export async function latestEpisode(db: Db, clientIds: readonly ClientId[]): Promise<Episode | undefined> {
  if (clientIds.length === 0) return undefined
  const row = await db
    .selectFrom('episodes')
    .select(episodeColumns)
    .where('client_id', 'in', clientIds)
    .orderBy('started_on', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && episodeOf(row)
}

/** Keeps a new episode with its three follow-ups; undefined when another was opened at the same moment. */
export async function insertEpisode(db: Db, episode: NewEpisode, now: Date): Promise<EpisodeId | undefined> {
  const id: EpisodeId = newId<'episode'>(now.getTime())
  const added = await db
    .insertInto('episodes')
    .values({
      ...marksOf(episode),
      id,
      assessment_id: episode.assessmentId,
      started_on: episode.startedOn,
      facts: JSON.stringify(episode.facts),
      state: 'open',
      created_at: now,
      settled_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return undefined
  const followUps = followUpMonths.map((months) => ({
    ...marksOf(episode),
    id: newId<'follow_up'>(now.getTime()),
    episode_id: id,
    months,
    due_on: followUpDueOn(episode.startedOn, months),
    ends_on: followUpEndsOn(episode.startedOn, months),
    state: 'due',
  }))
  await db.insertInto('follow_ups').values(followUps).execute()
  return id
}

export async function episodesOf(db: Db, clientIds: readonly ClientId[]): Promise<readonly Episode[]> {
  if (clientIds.length === 0) return []
  const rows = await db
    .selectFrom('episodes')
    .select(episodeColumns)
    .where('client_id', 'in', clientIds)
    .orderBy('started_on', 'desc')
    .execute()
  return rows.map(episodeOf)
}

/** Every open episode of the network. */
export async function openEpisodes(db: Db): Promise<readonly Episode[]> {
  const rows = await db
    .selectFrom('episodes')
    .select(episodeColumns)
    .where('state', '=', 'open')
    .orderBy('started_on')
    .execute()
  return rows.map(episodeOf)
}

/** Writes what is now known of an episode. */
export async function saveOutcome(db: Db, id: EpisodeId, outcome: EpisodeOutcome, now: Date): Promise<void> {
  const { at180, at365 } = outcome
  await db
    .updateTable('episodes')
    .set({
      state: outcome.state,
      closed_on: outcome.closedOn,
      taken: outcome.taken,
      taken_on: outcome.takenOn,
      referred_to: outcome.referredTo,
      working_at_180: at180?.isWorking ?? null,
      working_at_365: at365?.isWorking ?? null,
      in_training_at_365: at365?.inTraining ?? null,
      earnings_at_365_cents: at365?.monthlyEarningsCents ?? null,
      source_at_365: at365?.source ?? null,
      is_contradicted: (at180?.isContradicted ?? false) || (at365?.isContradicted ?? false),
      settled_at: now,
    })
    .where('id', '=', id)
    .execute()
}

/** Adds a statement. False when one with this id is there already (a form sent twice). */
export async function insertStatement(db: Db, marks: FileMarks, statement: NewStatement, now: Date): Promise<boolean> {
  const row: Insertable<Database['outcome_statements']> = {
    ...marksOf(marks),
    id: statement.id,
    kind: statement.kind,
    since: statement.since,
    as_of: statement.asOf,
    source: statement.source,
    channel: statement.channel,
    monthly_earnings_cents: statement.monthlyEarningsCents,
    recorded_by: statement.recordedBy,
    recorded_at: now,
    corrects: statement.corrects,
    source_key: statement.sourceKey ?? null,
  }
  const added = await db
    .insertInto('outcome_statements')
    .values(row)
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

/** Everything said about a person's work, the latest first. */
export async function statementsOf(db: Db, clientIds: readonly ClientId[]): Promise<readonly Statement[]> {
  if (clientIds.length === 0) return []
  const rows = await db
    .selectFrom('outcome_statements')
    .select(['id', 'kind', 'since', 'as_of', 'source', 'monthly_earnings_cents', 'recorded_at', 'corrects'])
    .where('client_id', 'in', clientIds)
    .orderBy('as_of', 'desc')
    .orderBy('recorded_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id as StatementId,
    kind: row.kind as StatementKind,
    since: row.since as CalendarDay | null,
    asOf: row.as_of as CalendarDay,
    source: statementSources.find((source) => source === row.source) ?? 'adviser',
    monthlyEarningsCents: row.monthly_earnings_cents,
    recordedAt: row.recorded_at,
    corrects: row.corrects as StatementId | null,
  }))
}

/** The statement that a file made under this name and that nothing has put right since. */
export async function statementByKey(
  db: Db,
  clientIds: readonly ClientId[],
  sourceKey: string,
): Promise<{ id: StatementId; monthlyEarningsCents: number | null; kind: string } | undefined> {
  const row = await db
    .selectFrom('outcome_statements')
    .select(['id', 'kind', 'monthly_earnings_cents'])
    .where('client_id', 'in', clientIds)
    .where('source_key', '=', sourceKey)
    .orderBy('recorded_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id as StatementId, kind: row.kind, monthlyEarningsCents: row.monthly_earnings_cents }
}

/** Where the client's file lies and who may see it, written on everything that hangs on them here. */
export async function spreadMarks(
  db: Db,
  clientIds: readonly ClientId[],
  { siteId, restrictedTo }: Pick<FileMarks, 'siteId' | 'restrictedTo'>,
): Promise<void> {
  const marks = { site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] }
  const tables = ['episodes', 'follow_ups', 'outcome_statements', 'follow_up_links'] as const
  for (const table of tables) await db.updateTable(table).set(marks).where('client_id', 'in', clientIds).execute()
}

export function marksOf({ networkId, clientId, siteId, restrictedTo }: FileMarks) {
  return {
    network_id: networkId,
    client_id: clientId,
    site_id: siteId,
    restricted_to: restrictedTo && [...restrictedTo],
  }
}

/** The marks of a row, as it repeats them. */
export function marksOfRow(row: {
  network_id: string
  client_id: string
  site_id: string
  restricted_to: string[] | null
}): FileMarks {
  return {
    networkId: row.network_id as NetworkId,
    clientId: row.client_id as ClientId,
    siteId: row.site_id as SiteId,
    restrictedTo: row.restricted_to && row.restricted_to.map((id) => id as StaffId),
  }
}

function episodeOf(row: Pick<Selectable<Database['episodes']>, (typeof episodeColumns)[number]>): Episode {
  return {
    ...marksOfRow(row),
    id: row.id as EpisodeId,
    startedOn: row.started_on as CalendarDay,
    state: row.state as EpisodeState,
    closedOn: row.closed_on as CalendarDay | null,
  }
}
