// Comparisons and proposals as they are kept.

import type { ModelId } from '#evidence/index.ts'
import type { Db } from '#platform/db/index.ts'
import {
  newId,
  type ClientId,
  type Id,
  type NetworkId,
  type RecommendationId,
  type SiteId,
  type StaffId,
} from '#platform/ids.ts'
import type { Question, Rule, Suitor } from './allocation.ts'
import { readComparison, readGot, readQuestion, type Got } from './allocation-json.ts'
import type { Comparison } from './comparison.ts'

export type AllocationId = Id<'allocation'>
export type ProposalId = Id<'proposal'>

export interface Allocation {
  readonly id: AllocationId
  readonly madeBy: StaffId
  readonly madeAt: Date
  readonly siteIds: readonly SiteId[]
  readonly question: Question
  readonly state: 'waiting' | 'done' | 'failed'
  readonly modelId: ModelId | null
  /** Null until it is done. */
  readonly comparison: Comparison | null
}

export interface Proposal {
  readonly id: ProposalId
  readonly allocationId: AllocationId
  readonly name: string
  readonly rule: Rule
  readonly madeBy: StaffId
  readonly madeAt: Date
}

/** A client in question with what each rule would give. */
export interface AllocationClient {
  readonly clientId: ClientId
  readonly recommendationId: RecommendationId
  readonly waitingDays: number
  readonly got: Readonly<Partial<Record<Rule, Got>>>
}

export async function insertAllocation(
  db: Db,
  networkId: NetworkId,
  asked: Pick<Allocation, 'madeBy' | 'madeAt' | 'siteIds' | 'question'>,
): Promise<AllocationId> {
  const id = newId<'allocation'>(asked.madeAt.getTime())
  await db
    .insertInto('matching_allocations')
    .values({
      network_id: networkId,
      id,
      made_by: asked.madeBy,
      made_at: asked.madeAt,
      site_ids: [...asked.siteIds],
      question: JSON.stringify(asked.question),
    })
    .execute()
  return id
}

/** So many are listed; older ones that nobody proposed are deleted anyway. */
const shownAtMost = 20

/** The latest of those that this person may see. */
export async function latestAllocations(db: Db): Promise<readonly Allocation[]> {
  const rows = await allocations(db).orderBy('made_at', 'desc').limit(shownAtMost).execute()
  return rows.map(allocationOf)
}

export async function findAllocation(db: Db, id: AllocationId): Promise<Allocation | null> {
  const row = await allocations(db).where('id', '=', id).executeTakeFirst()
  return row ? allocationOf(row) : null
}

/** Keeps what came of it, with everybody who was in question. */
export async function keepComparison(
  db: Db,
  networkId: NetworkId,
  {
    id,
    now,
    modelId,
    comparison,
    clients,
  }: {
    id: AllocationId
    now: Date
    modelId: ModelId | null
    comparison: Comparison
    clients: readonly { readonly suitor: Suitor; readonly got: Readonly<Record<Rule, Got>> }[]
  },
): Promise<void> {
  const rows = clients.map(({ suitor, got }) => ({
    network_id: networkId,
    id: newId(now.getTime()),
    allocation_id: id,
    client_id: suitor.clientId,
    site_id: suitor.siteId,
    restricted_to: suitor.restrictedTo && [...suitor.restrictedTo],
    recommendation_id: suitor.recommendationId,
    waiting_days: suitor.waitingDays,
    got: JSON.stringify(got),
  }))
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await db
      .insertInto('matching_allocation_clients')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
  await db
    .updateTable('matching_allocations')
    .set({ state: 'done', ended_at: now, model_id: modelId, comparison: JSON.stringify(comparison) })
    .where('id', '=', id)
    .execute()
}

/** PostgreSQL takes at most 65,535 values in one statement. */
const rowsAtOnce = 3000

export async function failAllocation(db: Db, id: AllocationId, now: Date): Promise<void> {
  await db
    .updateTable('matching_allocations')
    .set({ state: 'failed', ended_at: now })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}

/** Those of the comparison whom this person may see, who waits longest first. */
export async function clientsOfAllocation(db: Db, id: AllocationId): Promise<readonly AllocationClient[]> {
  const rows = await db
    .selectFrom('matching_allocation_clients')
    .select(['client_id', 'recommendation_id', 'waiting_days', 'got'])
    .where('allocation_id', '=', id)
    .orderBy('waiting_days', 'desc')
    .orderBy('client_id')
    .execute()
  return rows.map((row) => ({
    clientId: row.client_id as ClientId,
    recommendationId: row.recommendation_id as RecommendationId,
    waitingDays: row.waiting_days,
    got: readGot(row.got),
  }))
}

export async function insertProposal(
  db: Db,
  networkId: NetworkId,
  proposed: Omit<Proposal, 'id'> & Pick<Allocation, 'siteIds'>,
): Promise<ProposalId> {
  const id = newId<'proposal'>(proposed.madeAt.getTime())
  await db
    .insertInto('matching_proposals')
    .values({
      network_id: networkId,
      id,
      allocation_id: proposed.allocationId,
      site_ids: [...proposed.siteIds],
      name: proposed.name,
      rule: proposed.rule,
      made_by: proposed.madeBy,
      made_at: proposed.madeAt,
    })
    .execute()
  return id
}

export async function findProposal(db: Db, id: ProposalId): Promise<Proposal | null> {
  const row = await proposals(db).where('id', '=', id).executeTakeFirst()
  return row ? proposalOf(row) : null
}

/** The latest that give a place to a client whom this person may see. */
export async function latestProposals(db: Db, since: Date): Promise<readonly Proposal[]> {
  const rows = await proposals(db)
    .where('made_at', '>=', since)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('matching_allocation_clients')
          .select('matching_allocation_clients.id')
          .whereRef('matching_allocation_clients.allocation_id', '=', 'matching_proposals.allocation_id'),
      ),
    )
    .orderBy('made_at', 'desc')
    .limit(shownAtMost)
    .execute()
  return rows.map(proposalOf)
}

/** Deletes comparisons that are older and that nobody proposed: what-ifs are not kept for ever. */
export async function forgetAllocations(db: Db, before: Date): Promise<void> {
  const stale = db
    .selectFrom('matching_allocations')
    .select('id')
    .where('made_at', '<', before)
    .where('id', 'not in', db.selectFrom('matching_proposals').select('allocation_id'))
  const ids = (await stale.execute()).map(({ id }) => id)
  if (ids.length === 0) return
  await db.deleteFrom('matching_allocation_clients').where('allocation_id', 'in', ids).execute()
  await db.deleteFrom('matching_allocations').where('id', 'in', ids).execute()
}

/** Follows the file to another site, or into and out of restriction. */
export async function spreadAllocationMarks(
  db: Db,
  clientIds: readonly ClientId[],
  { siteId, restrictedTo }: { readonly siteId: SiteId; readonly restrictedTo: readonly StaffId[] | null },
): Promise<void> {
  await db
    .updateTable('matching_allocation_clients')
    .set({ site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] })
    .where('client_id', 'in', [...clientIds])
    .execute()
}

const allocations = (db: Db) =>
  db
    .selectFrom('matching_allocations')
    .select(['id', 'made_by', 'made_at', 'site_ids', 'question', 'state', 'model_id', 'comparison'])

type AllocationRow = Awaited<ReturnType<ReturnType<typeof allocations>['execute']>>[number]

function allocationOf(row: AllocationRow): Allocation {
  return {
    id: row.id as AllocationId,
    madeBy: row.made_by as StaffId,
    madeAt: row.made_at,
    siteIds: row.site_ids as SiteId[],
    question: readQuestion(row.question),
    state: row.state as Allocation['state'],
    modelId: row.model_id as ModelId | null,
    comparison: row.comparison === null ? null : readComparison(row.comparison),
  }
}

const proposals = (db: Db) =>
  db.selectFrom('matching_proposals').select(['id', 'allocation_id', 'name', 'rule', 'made_by', 'made_at'])

type ProposalRow = Awaited<ReturnType<ReturnType<typeof proposals>['execute']>>[number]

function proposalOf(row: ProposalRow): Proposal {
  return {
    id: row.id as ProposalId,
    allocationId: row.allocation_id as AllocationId,
    name: row.name,
    rule: row.rule as Rule,
    madeBy: row.made_by as StaffId,
    madeAt: row.made_at,
  }
}
