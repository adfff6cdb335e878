// SQL on the people of partner organisations. What they sign in with is the platform's.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { PartnerActor } from '#platform/http/index.ts'
import { newId, type ContactId, type NetworkId, type OrganizationId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Contact, ContactState, WayToReach } from './contact.ts'

export interface NewContact extends Omit<Contact, 'id'> {
  /** Drawn with the form, so that a form sent twice adds one person. */
  readonly id?: ContactId
}

/** Everyone known at an organisation, the leads first and those who left last. */
export async function contactsOf(db: Db, organizationId: OrganizationId): Promise<Contact[]> {
  const rows = await contactQuery(db)
    .where('organization_id', '=', organizationId)
    .orderBy(sql`state = 'left'`)
    .orderBy('is_lead', 'desc')
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map(toContact)
}

/** Null also when row-level security hides the contact: a partner finds those of the own organisation. */
export async function findContact(db: Db, id: ContactId): Promise<Contact | null> {
  const row = await contactQuery(db).where('id', '=', id).executeTakeFirst()
  return row ? toContact(row) : null
}

/** What contacts are called, with the organisation that each is of: by id. For staff, who may read both. */
export async function contactNames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('partner_contacts as contact')
    .innerJoin('organizations as organization', (join) =>
      join
        .onRef('organization.network_id', '=', 'contact.network_id')
        .onRef('organization.id', '=', 'contact.organization_id'),
    )
    .select(['contact.id', 'contact.name', 'organization.name as organization'])
    .where('contact.id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, name, organization }) => [id, `${name}, ${organization}`]))
}

/** The account of an address: at most one is invited or active. */
export async function findAccountByEmail(db: Db, email: string): Promise<Contact | null> {
  const row = await contactQuery(db)
    .where('email', '=', email)
    .where('state', 'in', ['invited', 'active'])
    .executeTakeFirst()
  return row ? toContact(row) : null
}

/** Whose account an address has meanwhile: nothing was written. */
export type NotAdded = 'known' | 'address_taken'

/** Adds a contact, once for an id: `known` when it is there already, `address_taken` when another account has the address. */
export async function insertContact(
  db: Db,
  networkId: NetworkId,
  { id = newId<'contact'>(), ...contact }: NewContact,
  now: Date,
): Promise<Result<ContactId, NotAdded>> {
  const added = await db
    .insertInto('partner_contacts')
    .values({
      network_id: networkId,
      id,
      organization_id: contact.organizationId,
      name: contact.name,
      title: contact.title,
      email: contact.email,
      phone: contact.phone,
      locale: contact.locale,
      reached_by: contact.reachedBy,
      state: contact.state,
      is_lead: contact.isLead,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 1n) return ok(id)
  return refused((await findContact(db, id)) ? 'known' : 'address_taken')
}

export type ContactChange = Partial<Omit<Contact, 'id' | 'organizationId' | 'state' | 'isLead'>>

/** What is known of the person; whether they sign in is changed by `changeAccount` alone. */
export async function changeContact(db: Db, id: ContactId, change: ContactChange): Promise<void> {
  const { reachedBy, ...same } = change
  const set = { ...same, ...(reachedBy === undefined ? {} : { reached_by: reachedBy }) }
  await db.updateTable('partner_contacts').set(set).where('id', '=', id).execute()
}

/** Writes what became of an account; `leftAt` goes with the state `left` alone. */
export async function changeAccount(
  db: Db,
  id: ContactId,
  { state, isLead, now }: { state: ContactState; isLead: boolean; now: Date },
): Promise<void> {
  await db
    .updateTable('partner_contacts')
    .set({ state, is_lead: isLead, left_at: state === 'left' ? now : null })
    .where('id', '=', id)
    .execute()
}

/** An invited account signs in from now on. At the door. */
export async function activateContact(db: Db, id: string): Promise<void> {
  await db
    .updateTable('partner_contacts')
    .set({ state: 'active' })
    .where('id', '=', id)
    .where('state', '=', 'invited')
    .execute()
}

/** The contacts of an organisation, held until the transaction ends: two who act on one team at once see each other. */
export async function holdTeam(db: Db, organizationId: OrganizationId): Promise<Contact[]> {
  const rows = await contactQuery(db).where('organization_id', '=', organizationId).orderBy('id').forUpdate().execute()
  return rows.map(toContact)
}

/** Who holds a session: null when it is unknown, over, ended, or the account is closed. Runs as the door; one query, since
 *  every request asks it. */
export async function findPartnerBySession(
  db: Db,
  { secretHash }: { secretHash: Buffer },
  now: Date,
): Promise<PartnerActor | null> {
  const row = await db
    .selectFrom('partner_sessions as session')
    .innerJoin('partner_contacts as contact', (join) =>
      join.onRef('contact.network_id', '=', 'session.network_id').onRef('contact.id', '=', 'session.account_id'),
    )
    .select(['session.id as session_id', 'contact.id', 'contact.name', 'contact.organization_id'])
    .select(['contact.is_lead', 'contact.locale'])
    .where('session.secret_hash', '=', secretHash)
    .where('session.ended_at', 'is', null)
    .where('session.expires_at', '>', now)
    .where('contact.state', '=', 'active')
    .executeTakeFirst()
  if (!row) return null
  return {
    kind: 'partner',
    id: row.id as ContactId,
    name: row.name,
    organizationId: row.organization_id as OrganizationId,
    isLead: row.is_lead,
    locale: row.locale,
    sessionId: row.session_id,
  }
}

function contactQuery(db: Db) {
  return db
    .selectFrom('partner_contacts')
    .select(['id', 'organization_id', 'name', 'title', 'email', 'phone', 'locale', 'reached_by', 'state', 'is_lead'])
}

interface ContactRow {
  id: string
  organization_id: string
  name: string
  title: string | null
  email: string | null
  phone: string | null
  locale: string
  reached_by: string
  state: string
  is_lead: boolean
}

function toContact(row: ContactRow): Contact {
  const { id, organization_id: organizationId, reached_by: reachedBy, is_lead: isLead, state, ...rest } = row
  return {
    ...rest,
    id: id as ContactId,
    organizationId: organizationId as OrganizationId,
    reachedBy: reachedBy as WayToReach,
    state: state as ContactState,
    isLead,
  }
}
