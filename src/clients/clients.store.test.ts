import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertSite } from '#networks/index.ts'
import { parseDay } from '#platform/dates.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { Db, Scope } from '#platform/db/index.ts'
import { newId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import { insertStaff } from '#staff/index.ts'
import { handOverCaseload } from './caseload.store.ts'
import { mergesInto } from './client-access.store.ts'
import {
  changeFile,
  consentsOf,
  mergeFiles,
  recordConsent,
  registerClient,
  unmergeFiles,
  withdrawConsent,
} from './client-file.store.ts'
import { disclosuresOf, eventsOf, insertDisclosure, insertNote, notesOf } from './client-history.store.ts'
import { duplicateCandidates, listClients, searchClients } from './client-search.store.ts'
import { aClient } from './client.factory.ts'
import { restrictFile, type Circumstances, type Client } from './client.ts'
import { findAsItWas, findClient, idsOfFile, saveClient } from './clients.store.ts'
import { likelyDuplicates } from './duplicate.ts'

let database: TestDatabase
let networkId: NetworkId
let siteId: SiteId
let adviser: StaffId
let colleague: StaffId
const now = new Date('2026-03-02T09:00:00Z')
const today = parseDay('2026-03-02')!

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  siteId = await place(networkId)
  adviser = await person('Ada')
  colleague = await person('Ben')
})

afterAll(() => database.drop())

function place(network: NetworkId): Promise<SiteId> {
  const site = {
    name: 'Centre',
    kind: 'centre',
    address: null,
    position: null,
    timeZone: null,
    isActive: true,
  } as const
  return database.as({ networkId: network, roles: ['administrator'] }, (db) => insertSite(db, network, site))
}

function person(name: string): Promise<StaffId> {
  const account = { name, email: `${newId()}@example.org`, roles: ['adviser'], locale: 'en', languages: [] } as const
  return database.as({ networkId, role: 'job' }, (db) =>
    insertStaff(db, networkId, { ...account, siteIds: [siteId], managedSiteIds: [] }, now),
  )
}

/** Works as a member of staff; the adviser unless told otherwise. */
function as<T>(work: (db: Db) => Promise<T>, scope: Partial<Scope> & { networkId?: NetworkId } = {}): Promise<T> {
  return database.as({ networkId, actorId: adviser, siteIds: [siteId], ...scope }, work)
}

const hand = () => ({ networkId, staffId: adviser, now })

function registered(particulars: Partial<Circumstances> = {}): Promise<Client> {
  return as((db) => registerClient(db, hand(), { person: aClient(particulars), siteId, adviserId: adviser }))
}

describe('a registered client', () => {
  it('is found again with all that was written down, and a reference to say aloud', async () => {
    const written: Partial<Circumstances> = {
      ...{
        name: 'Leïla',
        familyName: 'Haddad',
        birthDate: parseDay('1990-03-04'),
        phones: ['+41791112233'],
        email: 'l@example.org',
      },
      ...{ reachedBy: ['phone'], language: 'ar', script: 'Arab', needsInterpreter: true, accessNeeds: ['quiet_space'] },
      ...{
        accessWords: 'Mornings',
        address: 'Harbour 1',
        residenceArea: '0351',
        position: { latitude: 46.9, longitude: 7.4 },
      },
    }
    const client = await registered(written)
    expect(client.reference).toMatch(/^C-[0-9A-Z]{4}-[0-9A-Z]{2}$/)
    expect(await as((db) => findClient(db, client.id))).toMatchObject({
      ...written,
      siteId,
      adviserId: adviser,
      status: 'open',
      version: 1,
    })
  })

  it('is saved only from the version that was read: the second of two who edit at once is told', async () => {
    const client = await registered()
    const edit = (name: string) => as((db) => saveClient(db, hand(), { before: client, after: { ...client, name } }))
    expect(await edit('Layla')).toBe(true)
    expect(await edit('Lola')).toBe(false)
    expect((await as((db) => findClient(db, client.id)))?.name).toBe('Layla')
  })
})

describe('a search', () => {
  it('finds a client by the beginning of a name, with a typing error, in another spelling and script', async () => {
    const client = await registered({ name: 'Mohammed', familyName: 'Abdurrashidov' })
    for (const typed of [
      'abdurr moh',
      'Abdurashidov',
      'Muhamad Abdurrashidov',
      'محمد',
      client.reference.toLowerCase(),
    ]) {
      expect(
        (await as((db) => searchClients(db, typed))).map(({ id }) => id),
        typed,
      ).toContain(client.id)
    }
  })

  it('finds by birth date in either order, and by phone with or without the country', async () => {
    const client = await registered({ name: 'Zdenka', birthDate: parseDay('1984-07-09'), phones: ['+41447778899'] })
    for (const typed of ['9.7.1984', '07/09/1984', '044 777 88 99', 'zdenka 1984-07-09']) {
      expect(
        (await as((db) => searchClients(db, typed))).map(({ id }) => id),
        typed,
      ).toEqual([client.id])
    }
    expect(await as((db) => searchClients(db, 'zdenka 1984-07-10'))).toEqual([])
  })

  it('follows a changed name and phone', async () => {
    const client = await registered({ name: 'Quirina', phones: ['0311230000'] })
    await as((db) =>
      saveClient(db, hand(), { before: client, after: { ...client, name: 'Wilhelmine', phones: ['0319990000'] } }),
    )
    expect(await as((db) => searchClients(db, 'Quirina'))).toEqual([])
    expect(await as((db) => searchClients(db, '031 123 00 00'))).toEqual([])
    expect((await as((db) => searchClients(db, 'Wilhelmine'))).map(({ id }) => id)).toEqual([client.id])
  })

  it('takes wildcards and quotes as the letters that they are', async () => {
    for (const typed of ['%', "'; drop table clients; --", '\\', '_'])
      expect(Array.isArray(await as((db) => searchClients(db, typed)))).toBe(true)
    expect(await as((db) => searchClients(db, '%%%'))).toEqual([])
  })

  it('is paged, and tells whether there is more', async () => {
    for (let i = 0; i < 3; i++) await registered({ name: 'Pagina' })
    const { clients, hasMore } = await as((db) =>
      listClients(db, { sought: { reference: null, birthDates: [], phoneEnd: null, words: ['pagina'] } }, { size: 2 }),
    )
    expect([clients.length, hasMore]).toEqual([2, true])
  })

  it('reads its keys by index, also under row-level security', async () => {
    const plan = await as(async (db) => {
      await sql`set local enable_seqscan = off`.execute(db)
      const { rows } = await sql<Record<string, string>>`
        explain select client_id from client_keys where kind = 'word' and key >= 'ha' and key < 'hb'`.execute(db)
      return rows.map((row) => Object.values(row).join('')).join('\n')
    })
    expect(plan).toMatch(/Index Cond: .*kind.*key/)
  })
})

describe('possible duplicates', () => {
  it('are found by a typing error, swapped names, a swapped birth date and a shared phone', async () => {
    const known = await registered({
      name: 'Katarina',
      familyName: 'Horvatovic',
      birthDate: parseDay('1979-02-11'),
      phones: ['0780001122'],
    })
    const shown = (particulars: Partial<Circumstances>) =>
      as(async (db) => {
        const someone = aClient(particulars)
        return likelyDuplicates(someone, await duplicateCandidates(db, someone)).map(({ file }) => file.id)
      })
    expect(await shown({ name: 'Katarnia', familyName: 'Horvatovic' })).toContain(known.id)
    expect(await shown({ name: 'Horvatović', familyName: 'Katarina' })).toContain(known.id)
    expect(await shown({ name: 'Katharina', familyName: null, birthDate: parseDay('1979-11-02') })).toContain(known.id)
    expect(await shown({ name: 'Katja', familyName: 'Horvatovic', phones: ['+41 78 000 11 22'] })).toContain(known.id)
    expect(await shown({ name: 'Ursula', familyName: 'Meier' })).not.toContain(known.id)
  })
})

describe('row-level security', () => {
  it('shows no client to an administrator, an evaluator, another network or a role without a grant', async () => {
    const client = await registered({ name: 'Hidden' })
    for (const roles of [['administrator'], ['evaluator'], []] as const) {
      expect(await as((db) => findClient(db, client.id), { roles })).toBeUndefined()
      expect(await as((db) => db.selectFrom('client_keys').select('key').execute(), { roles })).toEqual([])
    }
    const elsewhere = await database.addNetwork()
    expect(await as((db) => findClient(db, client.id), { networkId: elsewhere })).toBeUndefined()
    for (const role of ['link', 'partner', 'client', 'figures', 'door'] as const) {
      await expect(as((db) => findClient(db, client.id), { role })).rejects.toThrow(/permission denied/)
    }
  })

  it('hides a restricted file, what hangs on it and its keys from all but the staff named', async () => {
    const client = await registered({ name: 'Seclusa' })
    await as((db) => insertNote(db, hand(), client, { about: today, words: 'Careful', corrects: null }))
    const restricted = restrictFile(client, [adviser], adviser)
    if (!restricted.ok) throw new Error('It can be restricted.')
    await as((db) => changeFile(db, hand(), { before: client, after: restricted.value }, { kind: 'restricted' }))
    const seenBy = (actorId: StaffId) =>
      as(
        async (db) => ({
          file: (await findClient(db, client.id))?.id,
          found: (await searchClients(db, 'seclusa')).length,
          notes: (await notesOf(db, [client.id])).length,
          events: (await eventsOf(db, [client.id])).length,
          keys:
            (await db.selectFrom('client_keys').select('key').where('client_id', '=', client.id).execute()).length > 0,
        }),
        { actorId, roles: ['manager', 'adviser'] },
      )
    expect(await seenBy(colleague)).toEqual({ file: undefined, found: 0, notes: 0, events: 0, keys: false })
    expect(await seenBy(adviser)).toEqual({ file: client.id, found: 1, notes: 1, events: 2, keys: true })
  })

  it('keeps histories as they are: no role of the application may change or delete them', async () => {
    const client = await registered()
    await as((db) => insertNote(db, hand(), client, { about: today, words: 'First', corrects: null }))
    await expect(as((db) => db.updateTable('client_notes').set({ words: 'Other' }).execute())).rejects.toThrow(
      /permission denied/,
    )
    await expect(as((db) => db.deleteFrom('client_events').execute())).rejects.toThrow(/permission denied/)
    await expect(as((db) => db.deleteFrom('clients').execute())).rejects.toThrow(/permission denied/)
  })

  it('lets a file change site only by the hand of someone at the one site or the other', async () => {
    const [client, there] = [await registered(), await place(networkId)]
    const move = (siteIds: readonly SiteId[]) =>
      as(
        (db) =>
          changeFile(
            db,
            hand(),
            { before: client, after: { ...client, siteId: there } },
            { kind: 'reassigned', facts: { site_before: siteId } },
          ),
        { siteIds },
      )
    await expect(move([])).rejects.toThrow(/row-level security/)
    expect(await move([there])).toMatchObject({ ok: true })
  })
})

describe('what a client told freely', () => {
  it('is the last of each kind, and gone when taken back', async () => {
    const client = await registered()
    const tell = (kind: 'sex' | 'disability', value: string | null, minutes: number) =>
      as((db) =>
        insertDisclosure(db, { ...hand(), now: new Date(now.getTime() + minutes * 60_000) }, client, { kind, value }),
      )
    await tell('sex', 'female', 0)
    await tell('disability', 'yes', 1)
    await tell('disability', null, 2)
    expect((await as((db) => disclosuresOf(db, [client.id]))).map(({ kind, value }) => [kind, value])).toEqual([
      ['sex', 'female'],
    ])
  })
})

describe('a caseload', () => {
  it('is handed over whole, and a restricted file lets its new adviser in', async () => {
    const leaving = await person('Lea')
    const register = () => as((db) => registerClient(db, hand(), { person: aClient(), siteId, adviserId: leaving }))
    const [open, secret] = [await register(), await register()]
    const restricted = { ...secret, restrictedTo: [leaving] }
    await as((db) => changeFile(db, hand(), { before: secret, after: restricted }, { kind: 'restricted' }), {
      actorId: leaving,
    })
    const given = await as((db) => handOverCaseload(db, hand(), { from: leaving, to: colleague }), { role: 'job' })
    expect(given.map(({ id }) => id).sort()).toEqual([open.id, secret.id].sort())
    const seen = await as((db) => findClient(db, secret.id), { actorId: colleague })
    expect(seen).toMatchObject({ adviserId: colleague, restrictedTo: [leaving, colleague] })
  })
})

describe('consent', () => {
  it('is withdrawn once, and both rows stay', async () => {
    const client = await registered()
    const what = {
      purpose: 'contact',
      what: [],
      organizationId: null,
      recipient: null,
      until: null,
      how: 'spoken',
      toldBy: 'client',
    } as const
    const id = await as((db) => recordConsent(db, hand(), client, what))
    const withdraw = () =>
      as((db) => withdrawConsent(db, { ...hand(), today }, client, { id, how: 'spoken', toldBy: 'client' }))
    expect((await withdraw())?.id).toBe(id)
    expect(await withdraw()).toBeUndefined()
    expect((await as((db) => consentsOf(db, client.id, today)))[0]).toMatchObject({ id, state: 'withdrawn' })
    expect((await as((db) => eventsOf(db, [client.id]))).map(({ kind }) => kind).sort()).toEqual([
      'consent_given',
      'consent_withdrawn',
      'registered',
    ])
  })
})

describe('two files merged', () => {
  it('read as one: found under both names, opened at the survivor, histories together; and part again', async () => {
    const survivor = await registered({ name: 'Ottilie', phones: [] })
    const absorbed = await registered({ name: 'Tilly', birthDate: parseDay('1981-01-02'), phones: ['0615557788'] })
    await as((db) => insertNote(db, hand(), absorbed, { about: today, words: 'Told to Tilly', corrects: null }))
    const merged = await as((db) => mergeFiles(db, hand(), { survivor, absorbed }))
    expect(merged).toMatchObject({ ok: true, value: { birthDate: '1981-01-02', phones: ['0615557788'] } })

    expect((await as((db) => findClient(db, absorbed.id)))?.id).toBe(survivor.id)
    for (const typed of ['Tilly', absorbed.reference, '2.1.1981', '061 555 77 88']) {
      expect(
        (await as((db) => searchClients(db, typed))).map(({ id }) => id),
        typed,
      ).toEqual([survivor.id])
    }
    const ids = await as((db) => idsOfFile(db, survivor.id))
    expect(ids).toEqual([survivor.id, absorbed.id])
    expect(await as((db) => notesOf(db, ids))).toHaveLength(1)

    const [merge] = await as((db) => mergesInto(db, survivor.id))
    const joined = (await as((db) => findClient(db, survivor.id)))!
    expect(await as((db) => unmergeFiles(db, hand(), joined, merge!))).toMatchObject({
      ok: true,
      value: { birthDate: null, phones: [] },
    })
    expect(await as((db) => findAsItWas(db, absorbed.id))).toMatchObject({ mergedInto: null, name: 'Tilly' })
    expect(await as((db) => idsOfFile(db, survivor.id))).toEqual([survivor.id])
    expect(await as((db) => mergesInto(db, survivor.id))).toEqual([])
  })

  it('carry the narrower restriction while merged, and their own again afterwards', async () => {
    const survivor = await registered()
    const open = await registered()
    await as((db) =>
      changeFile(db, hand(), { before: open, after: { ...open, restrictedTo: [adviser] } }, { kind: 'restricted' }),
    )
    const absorbed = (await as((db) => findClient(db, open.id)))!
    await as((db) => mergeFiles(db, hand(), { survivor, absorbed }))
    expect(await as((db) => findClient(db, survivor.id), { actorId: colleague })).toBeUndefined()
    const [merge] = await as((db) => mergesInto(db, survivor.id))
    await as(async (db) => unmergeFiles(db, hand(), (await findClient(db, survivor.id))!, merge!))
    expect((await as((db) => findClient(db, survivor.id), { actorId: colleague }))?.restrictedTo).toBeNull()
    expect(await as((db) => findClient(db, absorbed.id), { actorId: colleague })).toBeUndefined()
  })

  it('do not merge when one was changed meanwhile: nothing is written', async () => {
    const [survivor, absorbed] = [await registered(), await registered()]
    await as((db) => saveClient(db, hand(), { before: absorbed, after: { ...absorbed, name: 'Newer' } }))
    expect(await as((db) => mergeFiles(db, hand(), { survivor, absorbed }))).toEqual({
      ok: false,
      problem: 'changed_meanwhile',
    })
    expect(await as((db) => findAsItWas(db, absorbed.id))).toMatchObject({ mergedInto: null, name: 'Newer' })
  })
})
