// Fifty partners answer by their links while fifty advisers act on the same referrals, over real sockets on a real database.
// What counts is that nothing that was confirmed is lost, and that whoever comes second is shown what came first.

import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { testApp, type TestApp } from '#app.testing.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import { staffEntrance } from '#platform/http/index.ts'
import { linksOf } from '#referrals/link/link.testing.ts'
import { replay } from '#referrals/referral.ts'
import { findReferral, keptColumns } from '#referrals/referrals.store.ts'
import { aWorld, type Partner, type World } from '#referrals/world.testing.ts'
import { actUntilTaken, aPage, type Attempts, type Person } from './answers.person.ts'

export interface AnswerFigures {
  /** Acts that were confirmed. */
  readonly answers: number
  readonly answersASecond: number
  /** Acts that came second: shown what came first, and then said again or found said already. */
  readonly conflictsResolved: number
  /** Confirmed acts that are not in the history, or histories with a gap or another state than they replay to: must be 0. */
  readonly lostUpdates: number
  readonly bareASecond: number
  /** Answers over bare transactions on one row. */
  readonly ratio: number
}

const pairs = 50

export async function measureAnswers(): Promise<AnswerFigures> {
  const app = await testApp()
  try {
    const world = await aWorld(app.database, { networkId: app.networkId })
    await app.application.server.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.application.server.server.address() as AddressInfo
    const referrals = await sendReferrals(app, world)
    const people = await Promise.all(
      referrals.flatMap(({ id, link }) => [partnerOf(port, link), adviserOf(app, port, { world, id })]),
    )
    const started = performance.now()
    const told = await Promise.all(people.map((person) => actUntilTaken(person)))
    const seconds = (performance.now() - started) / 1000
    const confirmed = told.flatMap(({ taken }) => taken)
    const bareSeconds = await bareTransactions(app, confirmed.length)
    return {
      answers: confirmed.length,
      answersASecond: confirmed.length / seconds,
      conflictsResolved: sum(told, ({ conflicts }) => conflicts),
      lostUpdates: await lostUpdates(
        app,
        referrals.map(({ id }) => id),
        confirmed,
      ),
      bareASecond: confirmed.length / bareSeconds,
      ratio: bareSeconds / seconds,
    }
  } finally {
    await app.close()
  }
}

async function sendReferrals(app: TestApp, world: World): Promise<{ id: ReferralId; link: string }[]> {
  const now = new Date()
  const links = linksOf(app, world, now)
  const partners = await links.asJob(async (db) => {
    const named = Array.from({ length: pairs }, (_, n) => ({
      name: `Partner ${n}`,
      description: '',
      email: 'a@b.example',
    }))
    const ids = await addOrganizations(db, app.networkId, named, now)
    const services = ids.map((organizationId, n) => ({
      ...{ organizationId, organizationName: `Partner ${n}`, name: `Course ${n}`, description: '', locationIds: [] },
      ...({ serviceType: 'vocational_training', email: 'desk@partner.example' } as const),
    }))
    const serviceIds = await addServices(db, app.networkId, services, now)
    return ids.map((id, n): Partner => {
      return { id, name: `Partner ${n}`, serviceId: serviceIds[n]!, serviceName: `Course ${n}` }
    })
  })
  const sent = []
  for (const partner of partners) sent.push(await links.send({ partner, now }))
  return sent
}

/** A phone with the link open: says yes, writes, names the day, and reports that the person came. */
async function partnerOf(port: number, link: string): Promise<Person> {
  const page = await aPage(`http://127.0.0.1:${port}`, {})
  await page.post(link, {})
  const words = { words: 'We look forward to it.' }
  const acts: Person['acts'] = [
    { act: 'accept', fields: {} },
    { act: 'message', fields: words },
    { act: 'appointment', fields: nextYear },
    { act: 'message', fields: words },
    { act: 'attended', fields: { when: 'today' } },
  ]
  return { page, base: link, acts }
}

/** An adviser at the same referral: records what the partner said by phone. The forms know which version they showed. */
async function adviserOf(app: TestApp, port: number, { world, id }: { world: World; id: ReferralId }): Promise<Person> {
  const { cookies } = await app.signIn({ siteIds: [world.siteId] })
  const { sessionCookie } = staffEntrance
  const page = await aPage(`http://127.0.0.1:${port}`, { [sessionCookie]: cookies.get(sessionCookie) ?? '' })
  const acts: Person['acts'] = [
    { act: 'accept', fields: {} },
    { act: 'appointment', fields: nextYear },
    { act: 'attended', fields: { when: 'today' } },
    { act: 'appointment', fields: nextYear },
    { act: 'completed', fields: { when: 'today', result: 'achieved' } },
  ]
  return { page, base: `/referrals/${id}`, acts }
}

const nextYear = { 'day-day': '1', 'day-month': '12', 'day-year': String(new Date().getFullYear() + 1) }

/** Seconds for the same number of transactions that change one row, from as many callers, through the same pool and role. */
async function bareTransactions({ database, networkId, siteId }: TestApp, count: number): Promise<number> {
  let left = count
  const caller = async () => {
    while (left-- > 0) {
      await database.as({ networkId, roles: ['administrator'] }, (db) =>
        sql`UPDATE sites SET name = name || '' WHERE id = ${siteId}`.execute(db),
      )
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: pairs * 2 }, caller))
  return (performance.now() - started) / 1000
}

async function lostUpdates(app: TestApp, ids: readonly ReferralId[], confirmed: readonly string[]): Promise<number> {
  return app.database.as({ networkId: app.networkId, role: 'job' }, async (db) => {
    const rows = await sql<{ id: string; referral_id: string; seq: number }>`
      SELECT id, referral_id, seq FROM referral_events ORDER BY referral_id, seq`.execute(db)
    const kept = new Set(rows.rows.map(({ id }) => id))
    const missing = confirmed.filter((id) => !kept.has(id)).length
    let wrong = 0
    for (const id of ids) {
      const seqs = rows.rows.filter((row) => row.referral_id === id).map(({ seq }) => seq)
      const found = await findReferral(db, id)
      const columns = await keptColumns(db, id)
      const isWhole = seqs.every((seq, index) => seq === index + 1)
      const isSame = found && columns?.state === replay(found.referral.events).state && columns.version === seqs.length
      if (!isWhole || !isSame) wrong += 1
    }
    return missing + wrong
  })
}

function sum(told: readonly Attempts[], of: (one: Attempts) => number): number {
  return told.reduce((all, one) => all + of(one), 0)
}
