// Finding files: by what was typed, by what may be the same person, by who is responsible, by who opened them lately.
// Every condition is an equality or a range of text, because row-level security lets only those use an index.

import { sql, type Expression } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { ClientId, NetworkId, SiteId, StaffId } from '#platform/ids.ts'
import { joinedNeighbours, type KeyKind } from './client-key.ts'
import { isNothing, readSearch, type SoughtClient } from './client-search.ts'
import type { Client } from './client.ts'
import { clientColumns, clientOf } from './clients.store.ts'
import { swappedDay, type Likeness } from './duplicate.ts'
import { nearForms, soundOf, wordsOfName } from './name.ts'
import { endOfPhone } from './phone.ts'

export interface ClientFilter {
  /** Empty or absent: not searched. */
  readonly sought?: SoughtClient
  readonly siteId?: SiteId | null
  readonly adviserId?: StaffId | null
  readonly status?: 'open' | 'closed' | null
}

export interface ClientPage {
  readonly clients: readonly Client[]
  readonly hasMore: boolean
}

/** A page of files, the best match or the latest change first. Merged files are left out: their survivor is found by its own
 *  name, and by theirs. `page` counts from 1. */
export async function listClients(
  db: Db,
  { sought, siteId, adviserId, status }: ClientFilter,
  { page = 1, size = 25 } = {},
): Promise<ClientPage> {
  let query = db.selectFrom('clients').select(clientColumns).where('clients.merged_into', 'is', null)
  if (siteId) query = query.where('clients.site_id', '=', siteId)
  if (adviserId) query = query.where('clients.adviser_id', '=', adviserId)
  if (status) query = query.where('clients.status', '=', status)
  // Joins to grouped subqueries, not `in (…)`: only so does the planner look the few files up by their key.
  if (sought?.reference) {
    const named = filesWhere(sql`found.reference = ${sought.reference}`).as('named')
    query = query.innerJoin(named, (join) => join.onRef('named.file_id', '=', 'clients.id'))
  }
  if (sought && sought.birthDates.length > 0) {
    const born = filesWhere(sql`found.birth_date in (${sql.join(sought.birthDates)})`).as('born')
    query = query.innerJoin(born, (join) => join.onRef('born.file_id', '=', 'clients.id'))
  }
  if (sought?.phoneEnd) {
    const reached = filesWhere(sql`found.id in (${filesWithKey('phone', [sought.phoneEnd])})`).as('reached')
    query = query.innerJoin(reached, (join) => join.onRef('reached.file_id', '=', 'clients.id'))
  }
  if (sought && sought.words.length > 0) {
    const hits = nameHits(sought.words)
    query = query
      .innerJoin(hits.as('hits'), (join) => join.onRef('hits.file_id', '=', 'clients.id'))
      .orderBy('hits.points', 'desc')
  }
  const rows = await query
    .orderBy('clients.updated_at', 'desc')
    .orderBy('clients.id')
    .limit(size + 1)
    .offset((page - 1) * size)
    .execute()
  return { clients: rows.slice(0, size).map(clientOf), hasMore: rows.length > size }
}

/** Finds files by what was typed; none when there is nothing to look for. */
export async function searchClients(db: Db, text: string, most = 10): Promise<readonly Client[]> {
  const sought = readSearch(text)
  if (isNothing(sought)) return []
  return (await listClients(db, { sought }, { size: most })).clients
}

/** How many candidates are read and compared: enough that the true one is among them, few enough to be quick. */
const mostCandidates = 200

/** Files that share a word, a spelling, a sound, a phone or a birth date with the person; those that share most first. */
export async function duplicateCandidates(db: Db, person: Likeness): Promise<readonly Client[]> {
  const words = wordsOfName(person.name, person.familyName)
  const near = [...new Set([...words.flatMap(nearForms), ...joinedNeighbours(words)])]
  const days = person.birthDate ? [person.birthDate, swappedDay(person.birthDate)].filter((day) => day !== null) : []
  const sources = [
    ...(near.length > 0
      ? [weighed(filesWithKey('near', near), 1), weighed(filesWithKey('sound', words.map(soundOf)), 1)]
      : []),
    ...(person.phones.length > 0 ? [weighed(filesWithKey('phone', person.phones.map(endOfPhone)), 3)] : []),
    ...(days.length > 0 ? [weighed(filesBornOn(days), 2)] : []),
  ]
  if (sources.length === 0) return []
  const rows = await db
    .selectFrom('clients')
    .innerJoin(
      sql<{ file_id: ClientId; points: number }>`(
        select client_id as file_id, sum(points) as points from (${sql.join(sources, sql` union all `)}) as hit group by client_id
      )`.as('hits'),
      (join) => join.onRef('hits.file_id', '=', 'clients.id'),
    )
    .select(clientColumns)
    .where('clients.merged_into', 'is', null)
    .orderBy('hits.points', 'desc')
    .orderBy('clients.updated_at', 'desc')
    .limit(mostCandidates)
    .execute()
  return rows.map(clientOf)
}

/** Whoever registers someone of the same name at the same moment waits for the other: a form sent twice is then asked
 *  whether the two are one person. */
export async function waitForTwin(db: Db, networkId: NetworkId, person: Likeness): Promise<void> {
  const twin = [networkId, ...wordsOfName(person.name, person.familyName).toSorted()].join(' ')
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${twin}, 0))`.execute(db)
}

/** The files that this person opened last, the latest first. */
export async function recentClients(db: Db, staffId: StaffId, most = 8): Promise<readonly Client[]> {
  const latest = db
    .selectFrom('audit_events')
    .select(['client_id', 'at'])
    .where('actor_id', '=', staffId)
    .where('action', '=', 'client.opened')
    .orderBy('at', 'desc')
    // Openings repeat: so many hold the last few files in any ordinary week.
    .limit(200)
  const rows = await db
    .selectFrom('clients')
    .innerJoin(
      db
        .selectFrom(latest.as('opening'))
        .select(['client_id', (by) => by.fn.max('at').as('at')])
        .groupBy('client_id')
        .as('opened'),
      (join) => join.onRef('opened.client_id', '=', 'clients.id'),
    )
    .select(clientColumns)
    .where('clients.merged_into', 'is', null)
    .orderBy('opened.at', 'desc')
    .limit(most)
    .execute()
  return rows.map(clientOf)
}

/** A file with the file that it was merged into, and the one that this was merged into: a file merged again stays found by
 *  its first name, reference, birth date and phone. */
const filesAndSurvivors = sql`(clients as found
  left join clients as later on later.id = found.merged_into
  left join clients as latest on latest.id = later.merged_into)`
const survivor = sql`coalesce(latest.merged_into, later.merged_into, found.merged_into, found.id)`

function filesWhere(condition: Expression<unknown>) {
  return sql<{
    file_id: ClientId
  }>`(select ${survivor} as file_id from ${filesAndSurvivors} where ${condition} group by 1)`
}

/** For each file whose name has every word sought: points, two for a word written so, one for one that only comes near. */
function nameHits(words: readonly string[]) {
  const hits = words.flatMap((word, i) => [
    sql`select client_id, ${sql.lit(i)} as word, 2 as points from client_keys
        where kind = 'word' and key >= ${word} and key < ${`${word}\u{10FFFF}`}`,
    sql`select client_id, ${sql.lit(i)} as word, 1 as points from client_keys
        where kind = 'near' and key in (${sql.join(nearForms(word))})`,
    sql`select client_id, ${sql.lit(i)} as word, 1 as points from client_keys where kind = 'sound' and key = ${soundOf(word)}`,
  ])
  return sql<{ file_id: ClientId; points: number }>`(
    select ${survivor} as file_id, max(summed.points) as points
    from (
      select client_id, sum(points) as points
      from (
        select client_id, word, max(points) as points from (${sql.join(hits, sql` union all `)}) as hit group by client_id, word
      ) as best
      group by client_id
      having count(*) = ${sql.lit(words.length)}
    ) as summed
    join ${filesAndSurvivors} on found.id = summed.client_id
    group by 1
  )`
}

function filesWithKey(kind: KeyKind, keys: readonly string[]): Expression<unknown> {
  return sql`select distinct client_id from client_keys where kind = ${kind} and key in (${sql.join(keys)})`
}

function filesBornOn(days: readonly CalendarDay[]): Expression<unknown> {
  return sql`select id as client_id from clients where birth_date in (${sql.join(days)})`
}

function weighed(files: Expression<unknown>, points: number): Expression<unknown> {
  return sql`select client_id, ${sql.lit(points)} as points from (${files}) as file`
}
