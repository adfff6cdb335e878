// The file itself: read, registered, saved, with the keys it is found by and the marks of who may see it.

import type { Selectable } from 'kysely'
import { parseDay } from '#platform/dates.ts'
import type { Database, Db } from '#platform/db/index.ts'
import { newReference, type ClientId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import { isAccessNeed } from './access-need.ts'
import { keysOf } from './client-key.ts'
import { waysToReach, type Circumstances, type Client } from './client.ts'

/** By whose hand, in which network and when something is written. */
export interface Hand {
  readonly networkId: NetworkId
  readonly staffId: StaffId | null
  readonly now: Date
}

export const clientColumns = [
  ...(['id', 'reference', 'name', 'family_name', 'birth_date', 'phones', 'email', 'reached_by', 'language'] as const),
  ...([
    'script',
    'needs_interpreter',
    'access_needs',
    'access_words',
    'address',
    'residence_area',
    'latitude',
  ] as const),
  ...(['longitude', 'site_id', 'adviser_id', 'status', 'closed_reason', 'closed_at', 'restricted_to'] as const),
  ...(['merged_into', 'created_at', 'updated_at', 'version'] as const),
].map((column) => `clients.${column}` as const)

type ClientRow = Omit<Selectable<Database['clients']>, 'network_id'>

/** The file, or undefined when there is none that this actor may see. The id of a merged file leads to the file that it
 *  proved to be, so the answer's id may be another. */
export async function findClient(db: Db, id: ClientId): Promise<Client | undefined> {
  const found = await findAsItWas(db, id)
  // Merges of merged files make a chain; it is short, and cannot be a ring, since only an unmerged file takes another in.
  return found?.mergedInto ? findClient(db, found.mergedInto) : found
}

/** The file of exactly this id, merged or not. */
export async function findAsItWas(db: Db, id: ClientId): Promise<Client | undefined> {
  const row = await db.selectFrom('clients').select(clientColumns).where('id', '=', id).executeTakeFirst()
  return row && clientOf(row)
}

/** The files that these ids stand for now, merges followed; one that this actor may not see is left out. One query, and
 *  another for each link of the longest chain of merges. */
export async function findClients(db: Db, ids: readonly ClientId[]): Promise<ReadonlyMap<ClientId, Client>> {
  const found = new Map<ClientId, Client>()
  for (let wanted = [...new Set(ids)]; wanted.length > 0;) {
    const rows = await db.selectFrom('clients').select(clientColumns).where('id', 'in', wanted).execute()
    const files = rows.map(clientOf)
    for (const file of files) found.set(file.id, file)
    wanted = files.flatMap(({ mergedInto }) => (mergedInto && !found.has(mergedInto) ? [mergedInto] : []))
  }
  const now = (id: ClientId): Client | undefined => {
    const file = found.get(id)
    return file?.mergedInto ? now(file.mergedInto) : file
  }
  return new Map(
    ids.flatMap((id): [ClientId, Client][] => {
      const client = now(id)
      return client ? [[id, client]] : []
    }),
  )
}

/** The ids under which this person's things are kept: the file's own first, then those merged into it. */
export async function idsOfFile(db: Db, id: ClientId): Promise<readonly ClientId[]> {
  const rows = await db
    .withRecursive('file', (query) =>
      query
        .selectFrom('clients')
        .select('clients.id')
        .where('clients.id', '=', id)
        .unionAll(query.selectFrom('clients').innerJoin('file', 'file.id', 'clients.merged_into').select('clients.id')),
    )
    .selectFrom('file')
    .select('id')
    .execute()
  return rows.map((row) => row.id as ClientId)
}

/** The ids of everyone whom this adviser looks after, of files merged into theirs too: what hangs on a client may carry either. */
export async function idsOfCaseload(db: Db, adviserId: StaffId): Promise<readonly ClientId[]> {
  const rows = await db
    .withRecursive('file', (query) =>
      query
        .selectFrom('clients')
        .select('clients.id')
        .where('clients.adviser_id', '=', adviserId)
        .where('clients.merged_into', 'is', null)
        .unionAll(query.selectFrom('clients').innerJoin('file', 'file.id', 'clients.merged_into').select('clients.id')),
    )
    .selectFrom('file')
    .select('id')
    .execute()
  return rows.map((row) => row.id as ClientId)
}

/** Saves a new file and its keys. The reference is made here: chosen by chance, tried again in the rare case it is taken. */
export async function insertClient(db: Db, hand: Hand, client: Omit<Client, 'reference'>): Promise<string> {
  for (;;) {
    const reference = newReference('C')
    const row = await db
      .insertInto('clients')
      .values({
        network_id: hand.networkId,
        reference,
        ...rowOf(client),
        created_at: hand.now,
        updated_at: hand.now,
        version: 1,
      })
      .onConflict((conflict) => conflict.columns(['network_id', 'reference']).doNothing())
      .returning('reference')
      .executeTakeFirst()
    if (!row) continue
    await writeKeys(db, hand, client)
    return reference
  }
}

/** Saves the file as it is after a change. False when someone else saved it since `before` was read: nothing is written. */
export async function saveClient(
  db: Db,
  hand: Hand,
  { before, after }: { before: Client; after: Client },
): Promise<boolean> {
  const saved = await db
    .updateTable('clients')
    .set({ ...rowOf(after), updated_at: hand.now, version: before.version + 1 })
    .where('id', '=', before.id)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (saved.numUpdatedRows === 0n) return false
  if (JSON.stringify(keysOf(before)) !== JSON.stringify(keysOf(after))) {
    await db.deleteFrom('client_keys').where('client_id', '=', after.id).execute()
    await writeKeys(db, hand, after)
  }
  return true
}

/** Holds the files for the rest of the transaction; false when one was saved by someone else since it was read. For steps
 *  that change two files: after this, neither save can fail half-way. */
export async function lockUnchanged(db: Db, files: readonly Client[]): Promise<boolean> {
  const rows = await db
    .selectFrom('clients')
    .select(['id', 'version'])
    .where(
      'id',
      'in',
      files.map(({ id }) => id),
    )
    // Always in the same order, so that two such steps wait for each other and never form a ring.
    .orderBy('id')
    .forUpdate()
    .execute()
  return files.every((file) => rows.some((row) => row.id === file.id && row.version === file.version))
}

const hangingTables = [
  ...(['client_keys', 'client_disclosures', 'client_events', 'client_notes'] as const),
  ...(['client_consents', 'client_merges', 'client_visits'] as const),
] as const

/** Where the file lies and who may see it, written on everything that hangs on it, the files merged into it included. */
export async function spreadAccess(
  db: Db,
  client: Pick<Client, 'id' | 'siteId' | 'restrictedTo'>,
): Promise<readonly ClientId[]> {
  const ids = await idsOfFile(db, client.id)
  const marks = { site_id: client.siteId, restricted_to: client.restrictedTo && [...client.restrictedTo] }
  for (const table of hangingTables) await db.updateTable(table).set(marks).where('client_id', 'in', ids).execute()
  const absorbed = ids.filter((id) => id !== client.id)
  if (absorbed.length > 0) {
    await db.updateTable('clients').set({ restricted_to: marks.restricted_to }).where('id', 'in', absorbed).execute()
  }
  return ids
}

async function writeKeys(db: Db, hand: Hand, client: Omit<Client, 'reference'>): Promise<void> {
  const marks = { network_id: hand.networkId, client_id: client.id, site_id: client.siteId }
  const restricted_to = client.restrictedTo && [...client.restrictedTo]
  const rows = keysOf(client).map((key) => ({ ...marks, restricted_to, ...key }))
  if (rows.length > 0) await db.insertInto('client_keys').values(rows).execute()
}

/** A row as a file. Codes that this version does not know are left out rather than trusted. */
export function clientOf(row: ClientRow): Client {
  return {
    id: row.id as ClientId,
    reference: row.reference,
    name: row.name,
    familyName: row.family_name,
    birthDate: parseDay(row.birth_date),
    phones: row.phones,
    email: row.email,
    reachedBy: waysToReach.filter((way) => row.reached_by.includes(way)),
    language: row.language,
    script: row.script,
    needsInterpreter: row.needs_interpreter,
    accessNeeds: row.access_needs.filter(isAccessNeed),
    accessWords: row.access_words,
    address: row.address,
    residenceArea: row.residence_area,
    position:
      row.latitude === null || row.longitude === null ? null : { latitude: row.latitude, longitude: row.longitude },
    siteId: row.site_id as SiteId,
    adviserId: row.adviser_id as StaffId | null,
    status: row.status === 'closed' ? 'closed' : 'open',
    closedReason: row.closed_reason,
    closedAt: row.closed_at,
    restrictedTo: row.restricted_to as StaffId[] | null,
    mergedInto: row.merged_into as ClientId | null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}

function rowOf(client: Circumstances & Omit<Client, 'reference'>) {
  return {
    id: client.id,
    name: client.name,
    family_name: client.familyName,
    birth_date: client.birthDate,
    phones: [...client.phones],
    email: client.email,
    reached_by: [...client.reachedBy],
    language: client.language,
    script: client.script,
    needs_interpreter: client.needsInterpreter,
    access_needs: [...client.accessNeeds],
    access_words: client.accessWords,
    address: client.address,
    residence_area: client.residenceArea,
    latitude: client.position?.latitude ?? null,
    longitude: client.position?.longitude ?? null,
    site_id: client.siteId,
    adviser_id: client.adviserId,
    status: client.status,
    closed_reason: client.closedReason,
    closed_at: client.closedAt,
    restricted_to: client.restrictedTo && [...client.restrictedTo],
    merged_into: client.mergedInto,
  }
}
