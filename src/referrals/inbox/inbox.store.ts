// What a partner's inbox asks. Row-level security leaves the rows of the own organisation, from the day they were sent.

import { sql, type Expression, type ExpressionBuilder, type Nullable, type SqlBool } from 'kysely'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Database, Db } from '#platform/db/index.ts'
import type { ContactId, ReferralId, ServiceId } from '#platform/ids.ts'
import { ends } from '../referral.ts'
import { findReferrals, type KeptReferral } from '../referrals.store.ts'
import { views, type InboxFilter, type View } from './inbox-filter.ts'

export const rowsOnAPage = 50
/** A file of more rows would keep everyone else waiting while it is made. */
export const mostExported = 2000

export interface InboxRow extends KeptReferral {
  readonly sentAt: Date
  /** As the client agreed to share it; null once it has ended or consent was withdrawn, or when it was never shared. */
  readonly sharedName: string | null
  readonly senderName: string
  readonly siteName: string
  readonly assignedTo: { readonly id: ContactId; readonly name: string } | null
  readonly turnOn: CalendarDay | null
  readonly dueOn: CalendarDay | null
}

/** Who asks, and when: `me` and what needs us depend on it. */
export interface Asker {
  readonly contactId: ContactId
  readonly today: CalendarDay
}

/** One page of the list; `hasMore` when there is another. */
export async function inboxRows(
  db: Db,
  filter: InboxFilter,
  asker: Asker,
  { take = rowsOnAPage }: { readonly take?: number } = {},
): Promise<{ readonly rows: readonly InboxRow[]; readonly hasMore: boolean }> {
  const query = rowQuery(db)
    .where((is) => narrowed(is, filter, asker))
    .where((is) => inView(is, filter.view, asker))
  const found = await inOrder(query, filter.view)
    .offset((filter.page - 1) * take)
    .limit(take + 1)
    .execute()
  return { rows: await withHistory(db, found.slice(0, take)), hasMore: found.length > take }
}

/** The chosen ones among those that can be seen, oldest first. */
export async function chosenRows(db: Db, ids: readonly ReferralId[]): Promise<readonly InboxRow[]> {
  if (ids.length === 0) return []
  const found = await rowQuery(db)
    .where('referral.id', 'in', ids)
    .orderBy('referral.sent_at')
    .orderBy('referral.id')
    .execute()
  return withHistory(db, found)
}

/** How many each tab holds under the rest of the filter. */
export async function inboxCounts(db: Db, filter: InboxFilter, asker: Asker): Promise<Readonly<Record<View, number>>> {
  const row = await joined(db)
    .where((is) => narrowed(is, filter, asker))
    .select((is) =>
      views.map((view) =>
        is.fn
          .countAll<string>()
          .filterWhere(inView(is, view, asker))
          .as(view),
      ),
    )
    .executeTakeFirstOrThrow()
  return {
    needs_us: Number(row.needs_us),
    waiting: Number(row.waiting),
    under_way: Number(row.under_way),
    ended: Number(row.ended),
    all: Number(row.all),
  }
}

/** The services that anybody was ever referred to, by name. */
export async function servicesReferredTo(db: Db): Promise<readonly { id: ServiceId; name: string }[]> {
  const rows = await db
    .selectFrom('referrals')
    .select(['service_id', sql<string>`max(service_name)`.as('name')])
    .groupBy('service_id')
    .orderBy('name')
    .orderBy('service_id')
    .execute()
  return rows.map((row) => ({ id: row.service_id as ServiceId, name: row.name }))
}

/** Who looks after it; null for nobody. The caller holds the referral, so that the answer stays true. */
export async function assigneeOf(db: Db, id: ReferralId): Promise<ContactId | null> {
  const row = await db.selectFrom('referrals').select('assigned_contact_id').where('id', '=', id).executeTakeFirst()
  return (row?.assigned_contact_id ?? null) as ContactId | null
}

/** The event that says so is saved by the caller. */
export async function saveAssignee(db: Db, id: ReferralId, contactId: ContactId | null): Promise<void> {
  await db.updateTable('referrals').set({ assigned_contact_id: contactId }).where('id', '=', id).execute()
}

// What was agreed, in the words that were copied on sending; nothing of a person whose referral has ended.
const sharedName = sql<
  string | null
>`CASE WHEN referral.state = ANY (${sql.lit(`{${ends.join(',')}}`)}::text[]) THEN NULL
  ELSE jsonb_path_query_first(share.fields, '$[*] ? (@.field == "name").lines[0]') #>> '{}' END`

function joined(db: Db) {
  return db
    .selectFrom('referrals as referral')
    .innerJoin('referral_shares as share', (join) =>
      join.onRef('share.network_id', '=', 'referral.network_id').onRef('share.referral_id', '=', 'referral.id'),
    )
    .leftJoin('partner_contacts as contact', (join) =>
      join
        .onRef('contact.network_id', '=', 'referral.network_id')
        .onRef('contact.id', '=', 'referral.assigned_contact_id'),
    )
}

function rowQuery(db: Db) {
  return joined(db)
    .select(['referral.id', 'referral.sent_at', 'referral.partner_turn_on', 'referral.partner_due_on'])
    .select(['referral.assigned_contact_id', 'contact.name as assigned_name', 'share.sender_name', 'share.site_name'])
    .select(sharedName.as('shared_name'))
}

type Joined = Database & {
  referral: Database['referrals']
  share: Database['referral_shares']
  contact: Nullable<Database['partner_contacts']>
}
type Is = ExpressionBuilder<Joined, 'referral' | 'share' | 'contact'>

function inView(is: Is, view: View, { today }: Asker) {
  switch (view) {
    case 'needs_us':
      return is('referral.partner_turn_on', '<=', today)
    case 'waiting':
      return is('referral.state', 'in', ['waiting_list', 'more_information_asked'])
    case 'under_way':
      return is('referral.state', 'in', ['accepted', 'under_way'])
    case 'ended':
      return is('referral.state', 'in', [...ends])
    case 'all':
      return is('referral.sent_at', 'is not', null)
  }
}

function narrowed(is: Is, { serviceId, assigned, words }: InboxFilter, { contactId }: Asker) {
  const wanted: Expression<SqlBool>[] = [is('referral.sent_at', 'is not', null)]
  if (serviceId !== null) wanted.push(is('referral.service_id', '=', serviceId))
  if (assigned === 'nobody') wanted.push(is('referral.assigned_contact_id', 'is', null))
  else if (assigned !== 'anyone')
    wanted.push(is('referral.assigned_contact_id', '=', assigned === 'me' ? contactId : assigned))
  if (words !== '') {
    // The reference as it is said aloud, its dashes left out; the name as it was shared.
    const spoken = words.toUpperCase().replaceAll(/[-\s]/g, '')
    const byReference = sql<SqlBool>`replace(referral.reference, '-', '') LIKE ${`%${literal(spoken)}%`}`
    const byName = sql<SqlBool>`(${sharedName}) ILIKE ${`%${literal(words)}%`}`
    wanted.push(spoken === '' ? byName : is.or([byReference, byName]))
  }
  return is.and(wanted)
}

function literal(words: string): string {
  return words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)
}

/** New ones first, then by what is due; what has ended, the latest first. */
function inOrder(query: ReturnType<typeof rowQuery>, view: View) {
  switch (view) {
    case 'needs_us':
      return query
        .orderBy(sql`referral.state = 'sent'`, 'desc')
        .orderBy('referral.partner_due_on')
        .orderBy('referral.sent_at')
        .orderBy('referral.id')
    case 'waiting':
    case 'under_way':
      return query
        .orderBy('referral.partner_due_on', (order) => order.asc().nullsLast())
        .orderBy('referral.sent_at')
        .orderBy('referral.id')
    case 'ended':
    case 'all':
      return query.orderBy('referral.sent_at', 'desc').orderBy('referral.id', 'desc')
  }
}

type FoundRow = Awaited<ReturnType<ReturnType<typeof rowQuery>['execute']>>[number]

/** What happened to each, after one query for all. */
async function withHistory(db: Db, found: readonly FoundRow[]): Promise<readonly InboxRow[]> {
  const all = await findReferrals(
    db,
    found.map((row) => row.id as ReferralId),
  )
  const byId = new Map(all.map((kept) => [kept.file.id as string, kept]))
  return found.flatMap((row) => {
    const kept = byId.get(row.id)
    if (!kept || row.sent_at === null) return []
    const assignedTo =
      row.assigned_contact_id === null || row.assigned_name === null
        ? null
        : { id: row.assigned_contact_id as ContactId, name: row.assigned_name }
    return {
      ...kept,
      assignedTo,
      sentAt: row.sent_at,
      sharedName: row.shared_name,
      senderName: row.sender_name,
      siteName: row.site_name,
      turnOn: parseDay(row.partner_turn_on),
      dueOn: parseDay(row.partner_due_on),
    }
  })
}
