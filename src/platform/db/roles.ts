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

/** Roles or rights are missing and this login may not give them: an administrator must run `statements`. */
export class RolesMissing extends Error {
  override readonly name = 'RolesMissing'
  readonly statements: string

  constructor(statements: string) {
    super('The database lacks roles or rights that Waypost needs, and this login may not give them.')
    this.statements = statements
  }
}

/** One thing that must be there before the first migration, and a query that gives `there`. */
interface Provision {
  readonly statement: string
  readonly isThere: string
}

/**
 * Makes what is missing of the roles, of what they may do in this database, and of this login's way to them. Roles
 * belong to the whole server: two at once may try, and both go on. Throws RolesMissing with all that is still missing.
 */
export async function makeRoles(client: pg.ClientBase): Promise<void> {
  const here = await client.query<{ login: string; base: string }>(
    `SELECT quote_ident(current_user) AS login, quote_ident(current_database()) AS base`,
  )
  const { login, base } = here.rows[0]!
  const missing: Provision[] = []
  for (const provision of provisions(login, base)) if (!(await isThere(client, provision))) missing.push(provision)
  for (const [index, provision] of missing.entries()) {
    try {
      await client.query(provision.statement)
    } catch (error) {
      if ((error as { code?: string }).code === notPermitted) {
        const statements = missing.slice(index).map(({ statement }) => statement)
        throw new RolesMissing([`-- in the database ${base}`, ...statements].join('\n'))
      }
      // Someone else made it between our look and our try.
      if (!(await isThere(client, provision))) throw error
    }
  }
}

const notPermitted = '42501'

async function isThere(client: pg.ClientBase, provision: Provision): Promise<boolean> {
  const found = await client.query<{ there: boolean }>(provision.isThere)
  return found.rows[0]?.there === true
}

function provisions(login: string, base: string): readonly Provision[] {
  const acting = actingRoles.map((role) => `waypost_${role}`)
  return [
    ...allRoles.map((role) => ({
      statement: `CREATE ROLE ${role} ${role === appRole || role === ownerRole ? 'LOGIN' : 'NOLOGIN'} NOINHERIT NOBYPASSRLS;`,
      isThere: `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') AS there`,
    })),
    ...acting.map((role) => membership(role, appRole)),
    // The login becomes the owner to migrate, and gives up its own rights for the application's to serve.
    ...[ownerRole, appRole].map((role) => membership(role, login)),
    {
      statement: `GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${base} TO ${ownerRole};`,
      isThere: `SELECT bool_and(has_database_privilege(oid, current_database(), may)) AS there
        FROM pg_roles, unnest(ARRAY['CREATE', 'CONNECT', 'TEMPORARY']) may WHERE rolname = '${ownerRole}'`,
    },
    {
      statement: `GRANT USAGE, CREATE ON SCHEMA public TO ${ownerRole};`,
      isThere: `SELECT bool_and(has_schema_privilege(oid, 'public', may)) AS there
        FROM pg_roles, unnest(ARRAY['USAGE', 'CREATE']) may WHERE rolname = '${ownerRole}'`,
    },
    // Extensions need more rights than the owner has.
    {
      statement: `CREATE EXTENSION IF NOT EXISTS pg_trgm;`,
      isThere: `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS there`,
    },
  ]
}

/** `member` is a name as it is written in SQL. */
function membership(role: string, member: string): Provision {
  return {
    statement: `GRANT ${role} TO ${member};`,
    isThere: `SELECT bool_and(pg_has_role(member.oid, role.oid, 'SET')) AS there
      FROM pg_roles role, pg_roles member WHERE role.rolname = '${role}' AND quote_ident(member.rolname) = $name$${member}$name$`,
  }
}
