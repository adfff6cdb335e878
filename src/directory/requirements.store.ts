// The rules of services.

import type { Db } from '#platform/db/index.ts'
import { newId, type Id, type NetworkId, type ServiceId, type StaffId } from '#platform/ids.ts'
import type { Rule } from './requirement.ts'
import { storedRule } from './rule-json.ts'
import { renewDirectoryVersion } from './version.store.ts'

export type RequirementId = Id<'requirement'>

export interface Requirement {
  readonly id: RequirementId
  readonly serviceId: ServiceId
  readonly rule: Rule
  /** Where the rule stands or who said it. */
  readonly note: string | null
  /** The partner makes exceptions when it is asked. */
  readonly isNegotiable: boolean
  readonly changedAt: Date
}

/** The rules of a service in the order in which they were added. */
export async function requirementsOf(db: Db, serviceId: ServiceId): Promise<Requirement[]> {
  const rows = await db
    .selectFrom('requirements')
    .select(['id', 'rule', 'note', 'is_negotiable', 'changed_at'])
    .where('service_id', '=', serviceId)
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id as RequirementId,
    serviceId,
    rule: storedRule(row.rule),
    note: row.note,
    isNegotiable: row.is_negotiable,
    changedAt: row.changed_at,
  }))
}

/** What may be answered when a requirement is not met, for those who may not read who said it: the rules in their order. */
export async function rulesOfService(
  db: Db,
  serviceId: ServiceId,
): Promise<readonly Pick<Requirement, 'id' | 'rule' | 'isNegotiable'>[]> {
  const rows = await db
    .selectFrom('requirements')
    .select(['id', 'rule', 'is_negotiable'])
    .where('service_id', '=', serviceId)
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id as RequirementId,
    rule: storedRule(row.rule),
    isNegotiable: row.is_negotiable,
  }))
}

export interface Saying {
  readonly rule: Rule
  readonly note: string | null
  /** The partner makes exceptions when it is asked. Left out: it makes none. */
  readonly isNegotiable?: boolean
  /** Null when a command or the demo says it. */
  readonly by: StaffId | null
  readonly now: Date
}

export async function addRequirement(
  db: Db,
  networkId: NetworkId,
  serviceId: ServiceId,
  { rule, note, isNegotiable = false, by, now }: Saying,
): Promise<RequirementId> {
  const id = newId<'requirement'>(now.getTime())
  await db
    .insertInto('requirements')
    .values({
      ...{ network_id: networkId, id, service_id: serviceId, kind: rule.kind, rule: JSON.stringify(rule), note },
      is_negotiable: isNegotiable,
      ...{ created_at: now, created_by: by, changed_at: now, changed_by: by },
    })
    .execute()
  await renewDirectoryVersion(db)
  return id
}

/** False when there is no such rule, or it was removed. */
export async function changeRequirement(
  db: Db,
  id: RequirementId,
  { rule, note, isNegotiable = false, by, now }: Saying,
): Promise<boolean> {
  const changed = await db
    .updateTable('requirements')
    .set({
      kind: rule.kind,
      rule: JSON.stringify(rule),
      note,
      is_negotiable: isNegotiable,
      changed_at: now,
      changed_by: by,
    })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  await renewDirectoryVersion(db)
  return changed.numUpdatedRows > 0n
}

/** The rule no longer holds; the row stays. False when there is no such rule. */
export async function removeRequirement(
  db: Db,
  id: RequirementId,
  { by, now }: Pick<Saying, 'by' | 'now'>,
): Promise<boolean> {
  const removed = await db
    .updateTable('requirements')
    .set({ removed_at: now, removed_by: by })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  await renewDirectoryVersion(db)
  return removed.numUpdatedRows > 0n
}
