import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addDays, dayIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, parseId, type StaffId } from '#platform/ids.ts'
import { followUpAddress, mailFollowUp } from './follow-up-links.acts.ts'
import { findFollowUpLink, followUpsOf } from './follow-ups.store.ts'
import { openEpisode } from './outcomes.acts.ts'
import { episodesOf, statementsOf } from './outcomes.store.ts'
import { importWageRecords } from './wage-records.import.ts'
import { wageMapping } from './wage-record.ts'

let app: TestApp
let adviser: TestBrowser & { readonly staffId: StaffId }
let client: Client
const start = dayOf('2025-03-03')

beforeAll(async () => {
  app = await testApp()
  adviser = await app.signIn({ name: 'Mara Lind' })
})
afterAll(() => app.close())

function dayOf(text: string): CalendarDay {
  const day = parseDay(text)
  if (day === null) throw new RangeError(text)
  return day
}

const on = (days: number) => new Date(`${addDays(start, days)}T10:00:00Z`)
const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)

async function workAt(db: Db, now: Date, jobs: string[] = []): Promise<Work> {
  const network = await app.application.networks.byId(app.networkId)
  if (!network) throw new Error('no network')
  return {
    db,
    network,
    now,
    today: dayIn(network.timeZone, now),
    record: async () => undefined,
    enqueue: async (name) => void jobs.push(name),
    mail: async () => newId<'mail'>(),
  }
}

beforeEach(async () => {
  const person: Circumstances = {
    name: 'Noor',
    familyName: 'Haddad',
    birthDate: null,
    phones: [],
    email: 'noor@example.org',
    reachedBy: ['email'],
    language: null,
    script: null,
    needsInterpreter: false,
    accessNeeds: [],
    accessWords: null,
    address: null,
    residenceArea: null,
    position: null,
  }
  app.setNow(on(0))
  client = await asJob(async (db) => {
    const hand = { networkId: app.networkId, staffId: adviser.staffId, now: on(0) }
    return registerClient(db, hand, { person, siteId: app.siteId, adviserId: adviser.staffId })
  })
})

const begin = (days = 0) =>
  asJob(async (db) =>
    openEpisode(await workAt(db, on(days)), {
      clientId: client.id,
      assessmentId: null,
      day: addDays(start, days),
      facts: { age: 30 },
    }),
  )
const episodes = () => asJob((db) => episodesOf(db, [client.id]))
/** What the evidence reads of this client's episode. */
const learnt = () =>
  asJob((db) =>
    db
      .selectFrom('episodes')
      .select(['facts', 'state', 'taken', 'working_at_180', 'working_at_365', 'earnings_at_365_cents', 'source_at_365'])
      .where('client_id', '=', client.id)
      .executeTakeFirstOrThrow(),
  )
const followUps = () => asJob((db) => followUpsOf(db, [client.id]))
const tell = (fields: Record<string, string>) =>
  adviser.post(`/clients/${client.id}/outcome`, { statement: newId(), ...fields })

describe('an episode', () => {
  test('starts with its three follow-ups; a second assessment starts none while it is open', async () => {
    expect(await begin()).not.toBeNull()
    expect(await begin(40)).toBeNull()
    expect(await episodes()).toHaveLength(1)
    expect((await followUps()).map(({ months, dueOn }) => [months, dueOn])).toEqual([
      [3, '2025-06-03'],
      [6, '2025-09-03'],
      [12, '2026-03-03'],
    ])
  })

  test('is completed by what is told about day 365, and then counts as evidence with what was known at time zero', async () => {
    await begin()
    app.setNow(on(366))
    const done = await tell({
      kind: 'working',
      source: 'client',
      'since-day': '1',
      'since-month': '2',
      'since-year': '2026',
      pay: "2'100",
    })
    expect(done.statusCode).toBe(303)
    expect(await episodes()).toMatchObject([{ state: 'completed', closedOn: '2026-03-03' }])
    expect(await learnt()).toEqual({
      facts: { age: 30 },
      state: 'completed',
      taken: 'none',
      working_at_180: null,
      working_at_365: true,
      earnings_at_365_cents: 210_000,
      source_at_365: 'client',
    })
    expect((await followUps()).find(({ months }) => months === 12)?.state).toBe('answered')
  })

  test('with lost touch is missing, never not working', async () => {
    await begin()
    app.setNow(on(370))
    await tell({ kind: 'lost_touch' })
    expect(await episodes()).toMatchObject([{ state: 'missing' }])
    const mine = await learnt()
    expect(mine.working_at_365).toBeNull()
  })

  test('a word that was wrong is put right by a later one, and both stay', async () => {
    await begin()
    app.setNow(on(366))
    await tell({ kind: 'working', source: 'client' })
    const [wrong] = await asJob((db) => statementsOf(db, [client.id]))
    await tell({ kind: 'still_looking', source: 'client', corrects: wrong?.id ?? '' })
    const mine = await learnt()
    expect(mine.working_at_365).toBe(false)
    expect(await asJob((db) => statementsOf(db, [client.id]))).toHaveLength(2)
  })
})

describe('recording by an adviser', () => {
  test('says beside each field what is missing, and keeps what was typed', async () => {
    const tried = await tell({ 'since-day': '1', 'since-month': '1', 'since-year': '2030', pay: 'a lot' })
    expect(tried.statusCode).toBe(400)
    for (const field of ['kind', 'since', 'source', 'pay']) expect(tried.body).toContain(`href="#${field}"`)
    expect(tried.body).toContain('a lot')
  })

  test('a form sent twice is one statement', async () => {
    await begin()
    const fields = { kind: 'still_looking', source: 'client', statement: newId() }
    await adviser.post(`/clients/${client.id}/outcome`, fields)
    await adviser.post(`/clients/${client.id}/outcome`, fields)
    expect(await asJob((db) => statementsOf(db, [client.id]))).toHaveLength(1)
  })
})

describe('a client’s own link', () => {
  async function aLink(days = 95): Promise<string> {
    await begin()
    app.setNow(on(days))
    return asJob(async (db) => {
      const [first] = await followUpsOf(db, [client.id])
      if (!first) throw new Error('no follow-up')
      await mailFollowUp(await workAt(db, on(days)), app.application.keys, first)
      const row = await db
        .selectFrom('follow_up_links')
        .select('id')
        .where('follow_up_id', '=', first.id)
        .executeTakeFirstOrThrow()
      const id = parseId<'follow_up_link'>(row.id)
      const link = id && (await findFollowUpLink(db, id))
      if (!link) throw new Error('no link')
      return followUpAddress(app.application.keys, link, '')
    })
  }

  test('asks one thing a page, shows nothing of the person, and a GET changes nothing', async () => {
    const link = await aLink()
    for (const path of ['', '/since?doing=working', '/thanks']) {
      const seen = await app.stranger().get(`${link}${path}`)
      expect(seen.statusCode).toBe(200)
      expect(seen.body).not.toContain('Noor')
      expect(seen.headers['cache-control']).toBe('no-store')
    }
    expect((await followUps())[0]?.state).toBe('due')
  })

  test('is answered in two steps, once; the episode learns of it', async () => {
    const link = await aLink()
    const phone = app.stranger()
    expect((await phone.post(link, {})).statusCode).toBe(400)
    const next = await phone.post(link, { doing: 'working' })
    expect(next.headers.location).toBe(`${link}/since?doing=working`)
    expect(
      (await phone.post(`${link}/since?doing=working`, { 'since-day': '40', 'since-month': '1', 'since-year': '2025' }))
        .statusCode,
    ).toBe(400)
    const done = await phone.post(`${link}/since?doing=working`, {
      'since-day': '1',
      'since-month': '5',
      'since-year': '2025',
    })
    expect(done.headers.location).toBe(`${link}/thanks`)
    await phone.post(`${link}/since?doing=working`, {})
    expect(await asJob((db) => statementsOf(db, [client.id]))).toMatchObject([
      { kind: 'working', since: '2025-05-01', source: 'client' },
    ])
    expect((await phone.get(link)).body).toContain('answered already')
    expect((await followUps())[0]?.state).toBe('answered')
  })

  test('takes the word of somebody who looks for no work now, and asks nothing more', async () => {
    const link = await aLink()
    const phone = app.stranger()
    expect((await phone.get(link)).body).toContain('I am not looking for work now')
    expect((await phone.post(link, { doing: 'not_looking' })).headers.location).toBe(`${link}/thanks`)
    expect(await asJob((db) => statementsOf(db, [client.id]))).toMatchObject([{ kind: 'not_looking', since: null }])
  })

  test('that is wrong or too old ends on a kind page', async () => {
    const link = await aLink()
    expect((await app.stranger().get(`${link.slice(0, -3)}abc`)).statusCode).toBe(404)
    app.setNow(on(95 + 91))
    expect((await app.stranger().post(link, { doing: 'still_looking' })).statusCode).toBe(410)
    expect(await asJob((db) => statementsOf(db, [client.id]))).toEqual([])
  })

  test('gives no way to anybody’s file', async () => {
    await begin()
    const scope = { networkId: app.networkId, role: 'client', clientId: client.id } as const
    for (const table of ['clients', 'episodes', 'referrals', 'client_notes', 'follow_up_links'] as const) {
      await expect(
        app.database.as(scope, (db) => db.selectFrom(table).selectAll().execute()),
        table,
      ).rejects.toThrow('permission denied')
    }
    const other = { ...scope, clientId: newId() }
    expect(await app.database.as(other, (db) => followUpsOf(db, [client.id]))).toEqual([])
  })
})

test('each night what nobody asked in time is let go, and each open episode is settled', async () => {
  await begin()
  app.setNow(on(190))
  await app.application.runJob('outcomes.daily', { networkId: app.networkId })
  await app.application.runJob('outcomes.settle', { networkId: app.networkId, clientId: client.id })
  expect((await followUps()).map(({ state }) => state)).toEqual(['let_go', 'due', 'due'])
  const row = await asJob((db) =>
    db.selectFrom('episodes').select(['taken', 'state']).where('client_id', '=', client.id).executeTakeFirst(),
  )
  expect(row).toEqual({ taken: 'none', state: 'open' })
})

describe('wage records', () => {
  const mapping = wageMapping.parse({ client: 'id', quarter: 'quarter', pay: 'wages' })
  const bring = (content: string | Buffer) =>
    asJob(async (db) => {
      const file = path.join(os.tmpdir(), `wages-${newId()}.csv`)
      fs.writeFileSync(file, content)
      try {
        return await importWageRecords(await workAt(db, on(500)), file, mapping)
      } finally {
        fs.rmSync(file)
      }
    })

  test('complete an episode; the same file twice adds nothing; a changed pay puts the earlier one right', async () => {
    await begin()
    const rows = (pay: number) =>
      `id,quarter,wages\n${client.reference},2026Q1,${pay}\n${client.reference},2026Q1,300\n`
    expect(await bring(rows(6000))).toMatchObject({ ok: true, value: { lines: 2, added: 1, refused: [] } })
    expect(await episodes()).toMatchObject([{ state: 'completed' }])
    expect(await bring(rows(6000))).toMatchObject({ ok: true, value: { added: 0, unchanged: 1 } })
    expect(await bring(rows(7000))).toMatchObject({ ok: true, value: { changed: 1 } })
    const mine = await learnt()
    expect(mine).toMatchObject({ working_at_365: true, source_at_365: 'wage_record', earnings_at_365_cents: 246_882 })
  })

  test('each bad line is refused with its number and reason, the others go in', async () => {
    const content = `id,quarter,wages\nC-0000-00,2026Q1,10\n${client.reference},2026Q9,10\n${client.reference},2025Q4,abc\n${client.reference},2025Q3,0\n`
    expect(await bring(content)).toEqual({
      ok: true,
      value: {
        lines: 4,
        added: 1,
        changed: 0,
        unchanged: 0,
        refused: [
          { line: 2, problem: { code: 'unknown_client' } },
          { line: 3, problem: { code: 'bad_quarter', column: 'quarter' } },
          { line: 4, problem: { code: 'bad_pay', column: 'wages' } },
        ],
      },
    })
  })

  test('a file that cannot be read is refused whole', async () => {
    expect(await bring('id,wages\nx,1\n')).toEqual({
      ok: false,
      problem: { code: 'column_missing', column: 'quarter' },
    })
    expect(await bring(Buffer.from([0x69, 0xff, 0xfe]))).toEqual({ ok: false, problem: { code: 'not_utf8' } })
    expect(await bring('')).toEqual({ ok: false, problem: { code: 'no_header' } })
    expect(await bring('id,quarter,wages\n"x,2026Q1,1\n')).toMatchObject({ ok: false, problem: { code: 'broken_csv' } })
  })
})
