// Plans as they were after each act: added to, never changed. The latest of a file is the plan.

import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type StaffId } from '#platform/ids.ts'
import type { FileMarks } from '../recommendations.store.ts'
import { readPlan } from './plan.reader.ts'
import type { Plan } from './plan.ts'

export const planActs = ['added', 'changed', 'moved', 'removed', 'done', 'not_done', 'undone', 'suggested'] as const
export type PlanAct = (typeof planActs)[number]

export interface PlanVersion {
  readonly id: string
  readonly plan: Plan
  readonly act: PlanAct
  /** The step that it was done to, where it is one. */
  readonly stepId: string | null
  readonly madeBy: StaffId
  readonly madeAt: Date
}

/** Every version of the file, the latest first; `ids` are those of the file. */
export async function planVersions(db: Db, ids: readonly ClientId[]): Promise<readonly PlanVersion[]> {
  return (await versions(db, ids).execute()).map(versionOf)
}

/** Null before the first step. */
export async function latestPlan(db: Db, ids: readonly ClientId[]): Promise<PlanVersion | null> {
  const row = await versions(db, ids).limit(1).executeTakeFirst()
  return row ? versionOf(row) : null
}

/** Keeps the plan after an act; `ids` are those of the file. False: somebody else was quicker, and nothing is kept. */
export async function insertPlanVersion(
  db: Db,
  file: FileMarks,
  made: Omit<PlanVersion, 'id'> & { readonly ids: readonly ClientId[] },
): Promise<boolean> {
  const { highest } = await db
    .selectFrom('matching_plan_versions')
    .select((eb) => eb.fn.max('version').as('highest'))
    .where('client_id', 'in', [...made.ids])
    .executeTakeFirstOrThrow()
  const kept = await db
    .insertInto('matching_plan_versions')
    .values({
      network_id: file.networkId,
      id: newId<'matching_plan_version'>(made.madeAt.getTime()),
      client_id: file.clientId,
      site_id: file.siteId,
      restricted_to: file.restrictedTo && [...file.restrictedTo],
      version: Number(highest ?? 0) + 1,
      steps: JSON.stringify(made.plan),
      act: made.act,
      step_id: made.stepId,
      made_by: made.madeBy,
      made_at: made.madeAt,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'client_id', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return kept !== undefined
}

/** Follows the file to another site, or into and out of restriction. */
export async function spreadPlanMarks(
  db: Db,
  clientIds: readonly ClientId[],
  { siteId, restrictedTo }: Pick<FileMarks, 'siteId' | 'restrictedTo'>,
): Promise<void> {
  await db
    .updateTable('matching_plan_versions')
    .set({ site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] })
    .where('client_id', 'in', [...clientIds])
    .execute()
}

/** Files that were put together had a plan each: the one that was worked on last goes on, the other is in the history. */
function versions(db: Db, ids: readonly ClientId[]) {
  return db
    .selectFrom('matching_plan_versions')
    .select(['id', 'steps', 'act', 'step_id', 'made_by', 'made_at'])
    .where('client_id', 'in', [...ids])
    .orderBy('made_at', 'desc')
    .orderBy('version', 'desc')
}

interface Row {
  readonly id: string
  readonly steps: unknown
  readonly act: string
  readonly step_id: string | null
  readonly made_by: string
  readonly made_at: Date
}

function versionOf(row: Row): PlanVersion {
  return {
    id: row.id,
    plan: readPlan(row.steps),
    act: planActs.find((act) => act === row.act) ?? 'changed',
    stepId: row.step_id,
    madeBy: row.made_by as StaffId,
    madeAt: row.made_at,
  }
}
