import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import path from 'node:path'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { addServices, findService } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import { newId, type ServiceId } from '#platform/ids.ts'
import { deriveSecret } from '#platform/secrets.ts'
import { aWorld, type World } from '../world.testing.ts'
import { questionLinkKind } from './capacity.acts.ts'
import { capacityMails } from './capacity.mails.ts'
import { findQuestion, questionsAbout } from './capacity.store.ts'
import type { QuestionId } from './question.ts'

type Staff = TestBrowser & { readonly staffId: string }

let app: TestApp
let world: World
let adviser: Staff
let other: Staff
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
  other = await app.signIn({ siteIds: [world.siteId], name: 'Ben Second' })
})
afterAll(() => app.close())

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
const question = (id: QuestionId) => asJob((db) => findQuestion(db, id))
const service = (id: ServiceId) => asJob((db) => findService(db, id))
const mails = () =>
  asJob((db) => db.selectFrom('mail_messages').select(['kind', 'ids', 'recipient']).orderBy('id').execute())

/** A service of its own, so that questions do not meet. */
async function aService(email: string | null = 'desk@partner.example'): Promise<ServiceId> {
  const [id] = await asJob((db) =>
    addServices(
      db,
      app.networkId,
      [
        {
          ...{ organizationId: world.partner.id, organizationName: world.partner.name, name: 'Bread course' },
          ...{ description: '', locationIds: [], serviceType: 'vocational_training', ...(email ? { email } : {}) },
        },
      ],
      now,
    ),
  )
  return id!
}

async function ask(serviceId: ServiceId, who: TestBrowser = adviser, fields: Record<string, string | string[]> = {}) {
  const id: QuestionId = newId()
  const wanted = { places: '1', 'from-day': '1', 'from-month': '12', 'from-year': '2026', hours: ['mornings'] }
  const answer = await who.post(`/services/${serviceId}/ask-places`, { question: id, ...wanted, ...fields })
  return { id, answer }
}

const linkOf = (id: QuestionId) => {
  const { keys } = app.application
  return `/q/${app.networkId}.${deriveSecret(keys, keys.currentId, { kind: questionLinkKind, id })}`
}

describe('asking', () => {
  test('is fixed choices, keeps no client, mails the partner once, and leads back to where it was asked', async () => {
    const serviceId = await aService()
    const back = `/clients/${world.client.id}/referrals/new?service=${serviceId}`
    const form = await adviser.get(`/services/${serviceId}/ask-places?client=${world.client.id}`)
    expect(form.body).toContain('Nothing about the person')
    expect(form.body).not.toContain('Haddad')
    const { id, answer } = await ask(serviceId, adviser, { client: world.client.id })
    expect(answer.headers.location).toBe(back)
    await adviser.post(`/services/${serviceId}/ask-places`, { question: id, places: '1' })
    const sent = (await mails()).filter(({ ids }) => (ids as { questionId?: string }).questionId === id)
    expect(sent).toMatchObject([{ kind: 'referrals.capacity_question', ids: { questionId: id } }])
    const row = await asJob((db) =>
      db.selectFrom('capacity_questions').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    )
    expect(JSON.stringify(row)).not.toContain(world.client.id)
  })

  test('an interpreter needs a language; a day behind us is refused beside its field', async () => {
    const serviceId = await aService()
    const { answer } = await ask(serviceId, adviser, { needs: 'interpreter', 'from-year': '2025' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('href="#language"')
    expect(answer.body).toContain('href="#from"')
  })

  test('twice while one is open joins it, and both are told', async () => {
    const serviceId = await aService()
    const { id } = await ask(serviceId)
    expect((await other.get(`/services/${serviceId}/ask-places`)).body).toContain('Tell me too')
    const second = await ask(serviceId, other)
    expect(await question(second.id)).toBeUndefined()
    await app.stranger().post(linkOf(id), { answer: 'not_taking' })
    await app.application.runJob('referrals.capacity_answered', {
      networkId: app.networkId,
      questionId: id,
      exceptId: '',
    })
    const told = (await mails()).filter(
      ({ kind, ids }) => kind === 'referrals.capacity_answer' && (ids as { questionId?: string }).questionId === id,
    )
    expect(told).toHaveLength(2)
    for (const browser of [adviser, other])
      expect((await browser.get('/today')).body).toContain('Answered: Not taking anybody.')
  })
})

describe('the link', () => {
  test('shows the question to whoever opens it, and changes nothing by that', async () => {
    const { id } = await ask(await aService(), adviser, { needs: ['interpreter'], language: 'tr' })
    const page = await app.stranger().get(linkOf(id))
    expect(page.statusCode).toBe(200)
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(page.body).toContain('from 1 December 2026')
    expect(page.body).toContain('with an interpreter for Turkish')
    expect(page.body).toMatch(/<input[^>]* name="free"[^>]* value="1"/)
    expect((await question(id))?.answered).toBeNull()
  })

  test('takes one answer, which the directory shows with its day and source', async () => {
    const serviceId = await aService()
    const { id } = await ask(serviceId)
    const phone = app.stranger()
    const missing = await phone.post(linkOf(id), { answer: 'places', free: '' })
    expect(missing.statusCode).toBe(400)
    const said = { answer: 'places', free: '3', 'starts-day': '4', 'starts-month': '1', 'starts-year': '2027' }
    expect((await phone.post(linkOf(id), said)).statusCode).toBe(303)
    expect(await service(serviceId)).toMatchObject({
      placesFree: 3,
      nextStart: '2027-01-04',
      placesBy: 'partner',
      placesAsOf: now,
    })
    await phone.post(linkOf(id), { answer: 'not_taking' })
    expect((await question(id))?.answered?.answer).toEqual({ kind: 'places', free: 3, startsOn: '2027-01-04' })
    expect((await phone.get(linkOf(id))).body).toContain('3 places free from 4 January 2027')
    const entry = await adviser.get(`/services/${serviceId}`)
    expect(entry.body).toContain('3 places free from 4 January 2027')
    expect(entry.body).toContain('Said by Bakery School on 2 March 2026')
  })

  test('opens this question alone: no referral, no other question, and nothing when forged or over', async () => {
    const { id } = await ask(await aService())
    const another = await ask(await aService())
    const scope = {
      role: 'link',
      networkId: app.networkId,
      organizationId: world.partner.id,
      questionId: id,
    } as const
    const seen = await app.database.as(scope, async (db) => ({
      questions: (await db.selectFrom('capacity_questions').select('id').execute()).map((row) => row.id),
      referrals: await db.selectFrom('referrals').select('id').execute(),
    }))
    expect(seen).toEqual({ questions: [id], referrals: [] })
    await expect(
      app.database.as(scope, (db) => db.selectFrom('capacity_askers').select('id').execute()),
    ).rejects.toThrow()
    const forged = await app.stranger().get(`${linkOf(id).slice(0, -3)}abc`)
    expect(forged.statusCode).toBe(404)
    // The link of a question is none to a referral.
    expect((await app.stranger().get(linkOf(id).replace('/q/', '/r/'))).statusCode).toBe(404)
    app.setNow(new Date('2026-05-01T09:00:00Z'))
    const late = await app.stranger().post(linkOf(another.id), { answer: 'not_taking' })
    app.setNow(now)
    expect(late.statusCode).toBe(410)
    expect((await question(another.id))?.answered).toBeNull()
  })
})

describe('nobody answers', () => {
  test('within three working days: whoever asked is told to ring, once, and records what is said', async () => {
    const serviceId = await aService()
    const { id } = await ask(serviceId)
    const told = async () =>
      (await mails()).filter(
        ({ kind, ids }) => kind === 'referrals.capacity_ring' && (ids as { questionId?: string }).questionId === id,
      ).length
    app.setNow(new Date('2026-03-05T15:00:00Z'))
    await app.application.runJob('referrals.capacity_clock')
    expect(await told()).toBe(0)
    app.setNow(new Date('2026-03-05T16:30:00Z'))
    await app.application.runJob('referrals.capacity_clock')
    await app.application.runJob('referrals.capacity_clock')
    expect(await told()).toBe(1)
    expect((await adviser.get('/today')).body).toContain('No answer about places.')
    const said = {
      answer: 'ask_again',
      'again-day': '1',
      'again-month': '5',
      'again-year': '2026',
      words: 'After Easter',
    }
    await adviser.post(`/capacity-questions/${id}/answer`, said)
    app.setNow(now)
    expect((await question(id))?.answered).toMatchObject({ by: 'staff', name: 'Mara Lind', words: 'After Easter' })
    expect(await service(serviceId)).toMatchObject({ placesFree: 0 })
    expect((await adviser.get(`/services/${serviceId}`)).body).toContain('Told to Mara Lind by phone')
  })

  test('where the directory has no address nothing is mailed, and it is to be rung at once', async () => {
    // The organisation has one; without either nothing could be sent.
    await asJob((db) =>
      db.updateTable('organizations').set({ email: null }).where('id', '=', world.partner.id).execute(),
    )
    const serviceId = await aService(null)
    const { id } = await ask(serviceId)
    expect((await mails()).some(({ ids }) => (ids as { questionId?: string }).questionId === id)).toBe(false)
    expect((await adviser.get('/today')).body).toContain(`/capacity-questions/${id}/answer`)
  })
})

test('an answer is put away by whoever asked, and by nobody else', async () => {
  const { id } = await ask(await aService())
  await app.stranger().post(linkOf(id), { answer: 'places', free: '2' })
  const shown = async () => (await adviser.get('/today')).body.includes(`/capacity-questions/${id}/dismiss`)
  await other.post(`/capacity-questions/${id}/dismiss`)
  expect(await shown()).toBe(true)
  await adviser.post(`/capacity-questions/${id}/dismiss`)
  expect(await shown()).toBe(false)
})

test('the letter says who asks and where to answer, and nothing of what is wanted or for whom', async () => {
  const { id } = await ask(await aService(), adviser, { note: 'Shift work at the bakery' })
  const { keys, networks } = app.application
  const network = (await networks.byId(app.networkId))!
  const words = readCatalogues(path.join(import.meta.dirname, '..', '..')).in('en')
  const letter = await asJob((db) =>
    capacityMails['referrals.capacity_question']!({
      ...{ db, network, words, keys, ids: { questionId: id } },
      publicUrl: 'https://waypost.example',
    }),
  )
  expect(letter?.text).toContain(`https://waypost.example${linkOf(id)}`)
  expect(letter?.text).toContain('Mara Lind')
  expect(letter?.text).not.toContain('Shift work')
  expect(await asJob((db) => questionsAbout(db, world.otherPartner.serviceId))).toEqual([])
})

test('a client is chosen for the service: recent ones, or found by a name that stands in no address', async () => {
  const serviceId = await aService()
  await adviser.get(`/clients/${world.client.id}`)
  const href = `/clients/${world.client.id}/referrals/new?service=${serviceId}`
  expect((await adviser.get(`/services/${serviceId}`)).body).toContain(`/services/${serviceId}/refer`)
  expect((await adviser.get(`/services/${serviceId}/refer`)).body).toContain(href)
  const found = await other.post(`/services/${serviceId}/refer`, { q: 'Haddad' })
  expect(found.body).toContain(href)
})
