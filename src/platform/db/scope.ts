// One transaction as one actor: the role and the settings that row-level security compares rows with.

import { sql, type Kysely, type Transaction } from 'kysely'
import { parseId, type Id } from '../ids.ts'
import type { ActingRole } from './roles.ts'
import type { Database } from './schema.generated.ts'

/** A handle inside a transaction that acts as someone. Stores take it and never open one of their own. */
export type Db = Transaction<Database>

/** The staff roles of the design (Who sees what). */
export const staffRoles = ['adviser', 'manager', 'administrator', 'evaluator'] as const

export type StaffRole = (typeof staffRoles)[number]

/** What an actor may be, for the policies: a role of staff, or the lead of a partner's team. */
export type ActorRole = StaffRole | 'lead'

export interface Scope {
  readonly role: ActingRole
  readonly networkId: string
  readonly actorId?: string | undefined
  readonly organizationId?: string | undefined
  readonly referralId?: string | undefined
  /** The question about places that the bearer of its link may answer. */
  readonly questionId?: string | undefined
  readonly clientId?: string | undefined
  readonly siteIds?: readonly string[] | undefined
  readonly roles?: readonly ActorRole[] | undefined
}

/**
 * Runs the work in one transaction as the scope says; committed when it resolves, rolled back when it throws.
 * Throws when an id is no UUID or a role is unknown: nothing unparsed ever reaches a setting.
 */
export async function inScope<T>(kysely: Kysely<Database>, scope: Scope, work: (db: Db) => Promise<T>): Promise<T> {
  return kysely.transaction().execute(async (db) => {
    await changeScope(db, scope)
    return work(db)
  })
}

/** Becomes someone else in the same transaction: the door finds who is asking, then the request goes on as that actor. */
export async function changeScope(db: Db, scope: Scope): Promise<void> {
  const settings: [string, string][] = [
    ['app.network_id', checkedId(scope.networkId)],
    ['app.actor_id', scope.actorId === undefined ? '' : checkedId(scope.actorId)],
    ['app.organization_id', scope.organizationId === undefined ? '' : checkedId(scope.organizationId)],
    ['app.referral_id', scope.referralId === undefined ? '' : checkedId(scope.referralId)],
    ['app.question_id', scope.questionId === undefined ? '' : checkedId(scope.questionId)],
    ['app.client_id', scope.clientId === undefined ? '' : checkedId(scope.clientId)],
    ['app.site_ids', (scope.siteIds ?? []).map(checkedId).join(',')],
    ['app.roles', (scope.roles ?? []).map(checkedRole).join(',')],
  ]
  // SET LOCAL takes no parameters, and Citus passes on only SET LOCAL: the values are checked above.
  const statements = settings.map(([name, value]) => `SET LOCAL ${name} = '${value}'`)
  await sql.raw([...statements, `SET LOCAL ROLE waypost_${scope.role}`].join('; ')).execute(db)
}

function checkedId(text: string): Id<'any'> {
  const id = parseId<'any'>(text)
  if (!id) throw new Error('A scope was given something that is no id.')
  return id
}

function checkedRole(role: ActorRole): ActorRole {
  if (role !== 'lead' && !staffRoles.includes(role)) throw new Error('A scope was given an unknown role.')
  return role
}
