import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { recordConsent, registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addRequirement, type Rule } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type ReferralId, type ServiceId } from '#platform/ids.ts'
import { actOn, systemActor } from '../referrals.acts.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, workFor, type World } from '../world.testing.ts'

let app: TestApp
let world: World
let adviser: TestBrowser & { readonly staffId: string }
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
})
afterAll(() => app.close())

const inNetwork = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
const agreed = { agreed: ['name', 'phone'], words: '', how: 'spoken', toldBy: 'client' }
const hand = () => ({ networkId: app.networkId, staffId: world.adviser.id, now })

/** Somebody new, about whom nothing stands in the way unless it is said. */
function aClient(said: Partial<Circumstances> = {}): Promise<Client> {
  const person: Circumstances = {
    ...{ name: 'Noor', familyName: 'Haddad', birthDate: null, phones: ['+41791234567'], email: null },
    ...{ reachedBy: ['phone'], language: null, script: null, needsInterpreter: false, accessNeeds: [] },
    ...{ accessWords: null, address: null, residenceArea: null, position: null },
    ...said,
  }
  return inNetwork((db) => registerClient(db, hand(), { person, siteId: world.siteId, adviserId: world.adviser.id }))
}

const requires = (serviceId: ServiceId, rule: Rule, isNegotiable = false) =>
  inNetwork((db) => addRequirement(db, app.networkId, serviceId, { rule, note: null, isNegotiable, by: null, now }))
const formOf = (client: Client, serviceId: ServiceId, more = '') =>
  adviser.get(`/clients/${client.id}/referrals/new?service=${serviceId}${more}`)

async function send(client: Client, serviceId: ServiceId, fields: Record<string, string | readonly string[]> = {}) {
  const id = newId<'referral'>()
  const answer = await adviser.post(`/clients/${client.id}/referrals`, {
    ...agreed,
    ...{ referral: id, service: serviceId },
    ...fields,
  })
  return { id, answer }
}

const kept = (id: ReferralId) => inNetwork((db) => findReferral(db, id))
const rowOf = (id: ReferralId) =>
  inNetwork((db) =>
    db
      .selectFrom('referrals')
      .select(['warnings_seen', 'follows_id', 'recommendation_id'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  )
/** The part of the page above the form's fields. */
const findings = (body: string) => body.slice(body.indexOf('id="before-sending"'), body.indexOf('id="agreed-hint"'))

describe('before sending', () => {
  test('one line says that nothing stands in the way', async () => {
    const page = await formOf(await aClient(), world.otherPartner.serviceId)
    expect(findings(page.body)).toContain('Nothing stands in the way.')
    expect(findings(page.body)).not.toContain('Look first')
  })

  test('a requirement that is not met stops, whoever presses send; mending the fact opens the way', async () => {
    const { serviceId } = world.partner
    await requires(serviceId, { kind: 'age', from: 18 })
    const young = await aClient({ birthDate: '2012-01-01' as Client['birthDate'] })
    const page = await formOf(young, serviceId)
    expect(findings(page.body)).toContain('Stop')
    expect(findings(page.body)).toContain(`/clients/${young.id}/edit`)
    expect(page.body).not.toContain('Send the referral')
    const tried = await send(young, serviceId)
    expect(tried.answer.statusCode).toBe(400)
    expect(tried.answer.body).toContain('href="#before-sending"')
    expect(await kept(tried.id)).toBeUndefined()
    const grown = await aClient({ birthDate: '1990-01-01' as Client['birthDate'] })
    expect((await send(grown, serviceId)).answer.statusCode).toBe(303)
  })

  test('what is not known warns, and is sent past with one press, which is kept and shown', async () => {
    const client = await aClient()
    const page = await formOf(client, world.partner.serviceId)
    expect(findings(page.body)).toContain('Not known yet: age')
    expect(findings(page.body)).toContain(`/clients/${client.id}/assessments/new`)
    const { id, answer } = await send(client, world.partner.serviceId)
    expect(answer.statusCode).toBe(303)
    expect((await rowOf(id)).warnings_seen).toEqual([expect.stringMatching(/^requirement_unknown:/)])
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Sent although')
  })

  test('an exception that the partner makes has to be said', async () => {
    const { serviceId } = world.otherPartner
    const rule = await requires(serviceId, { kind: 'age', from: 50 }, true)
    const client = await aClient({ birthDate: '1990-01-01' as Client['birthDate'] })
    const tried = await send(client, serviceId)
    expect(tried.answer.statusCode).toBe(400)
    expect(tried.answer.body).toContain('Say that they make an exception')
    const mark = `requirement_not_met:${rule}`
    const { id, answer } = await send(client, serviceId, { pass: mark })
    expect(answer.statusCode).toBe(303)
    expect((await rowOf(id)).warnings_seen).toContain(mark)
  })

  test('a second open referral to the same service is opened instead', async () => {
    const client = await aClient({ birthDate: '1960-01-01' as Client['birthDate'] })
    const first = await send(client, world.partner.serviceId)
    const second = await send(client, world.partner.serviceId)
    expect(second.answer.statusCode).toBe(400)
    expect(findings(second.answer.body)).toContain(`/referrals/${first.id}`)
    expect(await kept(second.id)).toBeUndefined()
  })

  test('withdrawn consent has to be renewed in so many words', async () => {
    const client = await aClient({ birthDate: '1960-01-01' as Client['birthDate'] })
    const consent = await inNetwork((db) =>
      recordConsent(db, { ...hand(), now: new Date('2026-02-01T09:00:00Z') }, client, {
        ...{ purpose: 'share_for_referral', what: ['name'], organizationId: world.partner.id },
        ...{ recipient: world.partner.name, until: null, how: 'spoken', toldBy: 'client' },
      }),
    )
    await adviser.post(`/clients/${client.id}/consent/${consent}/withdraw`, { how: 'spoken', toldBy: 'client' })
    const tried = await send(client, world.partner.serviceId)
    expect(tried.answer.statusCode).toBe(400)
    expect(tried.answer.body).toContain('withdrew consent')
    const passed = await send(client, world.partner.serviceId, { pass: 'consent_withdrawn' })
    expect(passed.answer.statusCode).toBe(303)
  })

  test('a partner that let its last three referrals expire is pointed out', async () => {
    const { serviceId } = world.otherPartner
    for (let silent = 0; silent < 3; silent++) {
      const { id } = await send(await aClient({ birthDate: '1960-01-01' as Client['birthDate'] }), serviceId)
      const page = await formOf(await aClient(), serviceId)
      expect(findings(page.body)).not.toContain('did not answer its last three referrals')
      await inNetwork((db) =>
        actOn(workFor(world, db, now), id, {
          ...{ kind: 'expired', id: newId<'referral_event'>(), actor: systemActor, channel: 'system' },
        }),
      )
    }
    const page = await formOf(await aClient(), serviceId)
    expect(findings(page.body)).toContain('did not answer its last three referrals')
  })

  test('asking for an interpreter is one press that adds a line to the words', async () => {
    const client = await aClient({ language: 'tr', needsInterpreter: true })
    const page = await formOf(client, world.partner.serviceId)
    expect(findings(page.body)).toContain('say=interpreter')
    const asked = await formOf(client, world.partner.serviceId, '&say=interpreter')
    expect(asked.body).toContain('Please arrange an interpreter for Turkish.')
  })
})

describe('taking up an earlier referral', () => {
  test('carries over what was agreed, closes the earlier one, and both show the chain', async () => {
    const client = await aClient({ birthDate: '1960-01-01' as Client['birthDate'] })
    const first = await send(client, world.partner.serviceId, { agreed: ['name', 'language'], words: 'She bakes.' })
    await adviser.post(`/referrals/${first.id}/decline`, { reason: 'no_places', event: newId() })
    // From the ranking, too, where nobody named the earlier one.
    const page = await formOf(client, world.otherPartner.serviceId)
    expect(page.body).toContain('This takes up')
    expect(page.body).toContain('She bakes.')
    expect(page.body).not.toMatch(/value="phone"[^>]* checked/)
    const second = await send(client, world.otherPartner.serviceId, { follows: first.id })
    expect(second.answer.statusCode).toBe(303)
    expect((await rowOf(second.id)).follows_id).toBe(first.id)
    expect((await kept(first.id))?.referral.nextStep).toBe('another_referral')
    const [earlier, later] = await Promise.all([first.id, second.id].map((id) => adviser.get(`/referrals/${id}`)))
    expect(earlier?.body).toContain(`/referrals/${second.id}`)
    expect(later?.body).toContain(`/referrals/${first.id}`)
  })

  test('one that has nothing to do with it stays as it is', async () => {
    const client = await aClient({ birthDate: '1960-01-01' as Client['birthDate'] })
    const first = await send(client, world.partner.serviceId)
    await adviser.post(`/referrals/${first.id}/decline`, { reason: 'too_far', event: newId() })
    expect((await formOf(client, world.otherPartner.serviceId, '&follows=none')).body).not.toContain('This takes up')
    const second = await send(client, world.otherPartner.serviceId, { follows: 'none' })
    expect((await rowOf(second.id)).follows_id).toBeNull()
    expect((await kept(first.id))?.referral.nextStep).toBeNull()
  })

  test('another client’s referral or recommendation is none', async () => {
    const other = await aClient({ birthDate: '1960-01-01' as Client['birthDate'] })
    const theirs = await send(other, world.partner.serviceId, { words: 'Theirs alone.' })
    const client = await aClient({ birthDate: '1960-01-01' as Client['birthDate'] })
    const form = await formOf(client, world.partner.serviceId, `&follows=${theirs.id}`)
    expect(form.body).not.toContain('Theirs alone.')
    await adviser.post(`/clients/${other.id}/recommendations`)
    const recommendation = await inNetwork((db) =>
      db.selectFrom('recommendations').select('id').where('client_id', '=', other.id).executeTakeFirstOrThrow(),
    )
    const mine = await send(client, world.partner.serviceId, { follows: theirs.id, recommendation: recommendation.id })
    expect(await rowOf(mine.id)).toMatchObject({ follows_id: null, recommendation_id: null })
    const again = await send(other, world.otherPartner.serviceId, { recommendation: recommendation.id })
    expect((await rowOf(again.id)).recommendation_id).toBe(recommendation.id)
  })
})
