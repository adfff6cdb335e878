// The database's roles. Requests and jobs run as one of them; none may step around row-level security.

import type pg from 'pg'

/** Owns the tables and migrates. */
export const ownerRole = 'waypost_owner'

/** Logs in for `serve`; may become each acting role and owns nothing. */
export const appRole = 'waypost_app'

/** Who a transaction acts as. */
export const actingRoles = ['door', 'staff', 'partner', 'link', 'client', 'figures', 'job'] as const

export type ActingRole = (typeof actingRoles)[number]

const allRoles = [ownerRole, appRole, ...actingRoles.map((role) => `waypost_${role}`)]

/** The role is missing and this login may not make it: an administrator must run `statements`. */
export class RolesMissing extends Error {
  override readonly name = 'RolesMissing'
  readonly statements: string

  constructor(statements: string) {
    super('The database has not all the roles that Waypost needs, and this login may not create them.')
    this.statements = statements
  }
}

/** Makes the roles that are missing. Roles belong to the whole server: two at once may try, and both go on. */
export async function makeRoles(client: pg.ClientBase): Promise<void> {
  const known = await client.query<{ rolname: string }>(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'waypost%'`)
  const present = new Set(known.rows.map((row) => row.rolname))
  const missing = allRoles.filter((role) => !present.has(role))
  if (missing.length > 0) await createRoles(client, missing)
  await client.query(memberships())
}

async function createRoles(client: pg.ClientBase, missing: readonly string[]): Promise<void> {
  const rights = await client.query<{ may: boolean }>(
    `SELECT rolcreaterole OR rolsuper AS may FROM pg_roles WHERE rolname = current_user`,
  )
  if (!rights.rows[0]?.may) throw new RolesMissing([...missing.map(creation), memberships()].join('\n'))
  for (const role of missing) {
    try {
      await client.query(creation(role))
    } catch (error) {
      // 42710 and 23505: someone else made it between our look and our try.
      if (!['42710', '23505'].includes(String((error as { code?: string }).code))) throw error
    }
  }
}

function creation(role: string): string {
  return `CREATE ROLE ${role} ${role === appRole || role === ownerRole ? 'LOGIN' : 'NOLOGIN'} NOINHERIT NOBYPASSRLS;`
}

function memberships(): string {
  const acting = actingRoles.map((role) => `waypost_${role}`).join(', ')
  return `GRANT ${acting} TO ${appRole};`
}
