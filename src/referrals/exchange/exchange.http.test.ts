import type { LightMyRequestResponse as Response } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId, type ReferralId } from '#platform/ids.ts'
import { hashSecret } from '#platform/secrets.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { findReferral, keptColumns } from '../referrals.store.ts'
import { onConsentWithdrawn } from '../referrals.hooks.ts'
import { replay } from '../referral.ts'
import { workFor } from '../world.testing.ts'
import { revokeApiToken } from './api-tokens.store.ts'
import { anExchange, aRequest, expectOutcome, type ExchangeWorld } from './exchange.testing.ts'

let exchange: ExchangeWorld
let call: ExchangeWorld['call']

beforeAll(async () => {
  exchange = await anExchange()
  call = exchange.call
})
beforeEach(() => exchange.app.setNow(exchange.now))
afterAll(() => exchange.app.close())

const taskOf = async (id: ReferralId) => {
  const answer = await call('GET', `/Task/${id}`)
  return { task: answer.json<Record<string, unknown>>(), etag: String(answer.headers['etag']) }
}
const put = (id: ReferralId, body: object | string, etag?: string) =>
  call('PUT', `/Task/${id}`, body, etag === undefined ? {} : { headers: { 'if-match': etag } })

describe('who may come in', () => {
  test('the statement of what can be done is open to all', async () => {
    const answer = await call('GET', '/metadata', undefined, { bearer: null })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' })
  })

  test('nobody without a token, with one of another network, or with one that is made up', async () => {
    const id = await exchange.send()
    const elsewhere = await exchange.app.database.addNetwork()
    const secret = exchange.token.split('.')[1]
    for (const bearer of [
      null,
      'x',
      `${elsewhere}.${secret}`,
      `${newId()}.${secret}`,
      `${exchange.app.networkId}.${'a'.repeat(43)}`,
    ]) {
      const answer = await call('GET', `/Task/${id}`, undefined, { bearer })
      expectOutcome(answer, 401)
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  test('a session cookie opens nothing, and a token opens no page', async () => {
    const partner = await exchange.app.signInPartner({ organizationId: exchange.world.partner.id })
    expect((await partner.get('/fhir/R4/Task')).statusCode).toBe(401)
    const page = await exchange.app.application.server.inject({
      url: '/today',
      headers: { authorization: `Bearer ${exchange.token}` },
    })
    expect(page.statusCode).toBe(303)
  })

  test('a token that is over or revoked does not', async () => {
    const short = await exchange.makeToken(exchange.world.partner.id, { expiresAt: new Date('2026-03-03T09:00:00Z') })
    const id = newId<'api_token'>()
    const revoked = await exchange.makeToken(exchange.world.partner.id, { id })
    for (const bearer of [short, revoked])
      expect((await call('GET', '/Task', undefined, { bearer })).statusCode).toBe(200)
    const { contactId } = await exchange.app.signInPartner({ organizationId: exchange.world.partner.id, isLead: true })
    await exchange.asLead(exchange.world.partner.id, contactId, (db) => revokeApiToken(db, id, exchange.now))
    expectOutcome(await call('GET', '/Task', undefined, { bearer: revoked }), 401)
    exchange.app.setNow(new Date('2026-03-03T09:00:01Z'))
    expectOutcome(await call('GET', '/Task', undefined, { bearer: short }), 401)
  })

  test('a token ends with the account of whoever made it', async () => {
    const bearer = await exchange.makeToken(exchange.world.partner.id)
    expect((await call('GET', '/Task', undefined, { bearer })).statusCode).toBe(200)
    const scope = { networkId: exchange.app.networkId, role: 'door' } as const
    const { made_by: maker } = await exchange.app.database.as(scope, (db) =>
      db
        .selectFrom('api_tokens')
        .select('made_by')
        .where('secret_hash', '=', hashSecret(bearer.split('.')[1] ?? ''))
        .executeTakeFirstOrThrow(),
    )
    await exchange.asJob((db) =>
      db.updateTable('partner_contacts').set({ state: 'left', is_lead: false }).where('id', '=', maker).execute(),
    )
    expectOutcome(await call('GET', '/Task', undefined, { bearer }), 401)
  })

  test('a token reaches as far as it was made for', async () => {
    const id = await exchange.send()
    const reader = await exchange.makeToken(exchange.world.partner.id, { scopes: ['read'] })
    const { task } = await taskOf(id)
    expectOutcome(await call('PUT', `/Task/${id}`, { ...task, status: 'accepted' }, { bearer: reader }), 403)
    expectOutcome(await call('POST', '/ServiceRequest', aRequest(), { bearer: reader }), 403)
    expect(await exchange.kindsOf(id)).toEqual(['drafted', 'sent'])
  })

  test("another organisation's Task, request and person are not there", async () => {
    const id = await exchange.send(exchange.world.otherPartner)
    for (const type of ['Task', 'ServiceRequest', 'Patient']) expectOutcome(await call('GET', `/${type}/${id}`), 404)
    expectOutcome(await put(id, { resourceType: 'Task', id, status: 'accepted' }), 404)
    const list = (await call('GET', '/Task')).json<{ entry: { resource: { id: string } }[] }>()
    expect(list.entry.map((entry) => entry.resource.id)).not.toContain(id)
    expectOutcome(await call('GET', `/Task?owner=Organization/${exchange.world.otherPartner.id}`), 400)
  })

  test('more calls in a minute than a system needs are refused until the next, and hold up no other', async () => {
    // An unknown token is counted before anything is looked up, so that guessing costs the database nothing.
    const bearer = `${newId()}.${'g'.repeat(43)}`
    const statuses: number[] = []
    for (let made = 0; made < 601; made++) statuses.push((await call('GET', '/Task', undefined, { bearer })).statusCode)
    expect([statuses[0], statuses[599], statuses[600]]).toEqual([401, 401, 429])
    const refused = await call('GET', '/Task', undefined, { bearer })
    expectOutcome(refused, 429)
    expect(refused.headers['retry-after']).toBe('60')
    expect((await call('GET', '/Task?_count=1')).statusCode).toBe(200)
    exchange.app.setNow(new Date(exchange.now.getTime() + 60_000))
    expect((await call('GET', '/Task', undefined, { bearer })).statusCode).toBe(401)
  })
})

describe('a Task', () => {
  test('is answered with its version, and leads to request and person', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    expect(etag).toBe('W/"2"')
    expect(task).toMatchObject({ status: 'requested', meta: { versionId: '2' }, for: { reference: `Patient/${id}` } })
    // By when an answer is awaited: five working days, on the clock that partners are reminded by.
    expect(task).toMatchObject({ restriction: { period: { end: '2026-03-09' } } })
    const patient = (await call('GET', `/Patient/${id}`)).json<object>()
    expect(patient).toMatchObject({ resourceType: 'Patient', id, name: [{ text: 'Noor Haddad' }] })
    expect((await call('GET', `/ServiceRequest/${id}`)).json()).toMatchObject({ status: 'active', intent: 'order' })
    expect(JSON.stringify([task, patient])).not.toContain(exchange.world.client.id)
  })

  test('put as accepted accepts the referral, as the partner and by its system', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    const answer = await put(id, { ...task, status: 'accepted', note: [{ text: 'Come on Monday.' }] }, etag)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['etag']).toBe('W/"3"')
    expect(answer.json()).toMatchObject({ status: 'accepted', note: [{ text: 'Come on Monday.' }] })
    const kept = await exchange.asJob((db) => findReferral(db, id))
    expect(kept?.referral.ledHere).toMatchObject({
      kind: 'accepted',
      channel: 'api',
      actor: { kind: 'partner', name: 'Bakery School' },
    })
    const columns = await exchange.asJob((db) => keptColumns(db, id))
    expect(columns?.state).toBe(replay(kept?.referral.events ?? []).state)
  })

  test('put twice is one event, with its version or without', async () => {
    for (const named of [true, false]) {
      const id = await exchange.send()
      const { task, etag } = await taskOf(id)
      const body = { ...task, status: 'accepted', note: [{ text: 'Yes.' }] }
      const answers = [await put(id, body, named ? etag : undefined), await put(id, body, named ? etag : undefined)]
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
      expect(await exchange.kindsOf(id)).toEqual(['drafted', 'sent', 'accepted'])
    }
  })

  test('put twice at the same moment is one event', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    const body = { ...task, status: 'accepted' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => put(id, body, etag)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
    expect(await exchange.kindsOf(id)).toEqual(['drafted', 'sent', 'accepted'])
  })

  test('that somebody else changed in the meantime is not overwritten', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    const actor = { kind: 'adviser', id: exchange.world.adviser.id, name: exchange.world.adviser.name } as const
    await exchange.asJob((db) =>
      actOn(workFor(exchange.world, db, exchange.now), id, {
        ...{ kind: 'accepted', appointment: null, id: eventId(exchange.now), actor, channel: 'phone' },
      }),
    )
    const declined = { ...task, status: 'rejected', statusReason: reason('decline-reason', 'no_places') }
    expectOutcome(await put(id, declined, etag), 412)
    expectOutcome(await put(id, declined, (await taskOf(id)).etag), 409)
    expectOutcome(await put(id, declined, '"x"'), 400)
    expect(await exchange.kindsOf(id)).toEqual(['drafted', 'sent', 'accepted'])
  })

  test('goes all the way to its end, each step there and back', async () => {
    const id = await exchange.send()
    exchange.app.setNow(new Date('2026-06-01T09:00:00Z'))
    const say = async (changes: object) => {
      const { task, etag } = await taskOf(id)
      const answer = await put(id, { ...task, ...changes }, etag)
      expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('"Task"') as string])
      return answer.json<{ status: string; output?: object[] }>()
    }
    expect(
      (await say({ status: 'on-hold', output: [output('expected-start', { valueDate: '2026-07-01' })] })).status,
    ).toBe('requested')
    const appointment = output('appointment', {
      valueDateTime: '2026-05-04T09:00:00+02:00',
      extension: [{ url: 'urn:waypost:appointment-place', valueString: '4 Mill Lane' }],
    })
    expect((await say({ status: 'accepted', output: [appointment] })).status).toBe('accepted')
    expect((await say({ executionPeriod: { start: '2026-05-04' }, status: 'in-progress' })).status).toBe('in-progress')
    const done = await say({
      status: 'completed',
      executionPeriod: { start: '2026-05-04', end: '2026-05-29' },
      output: [output('completion-result', { valueCodeableConcept: reason('completion-result', 'achieved') })],
    })
    expect(done.status).toBe('completed')
    expect(await exchange.kindsOf(id)).toEqual(['drafted', 'sent', 'waiting_list', 'accepted', 'attended', 'completed'])
    expect((await exchange.asJob((db) => findReferral(db, id)))?.referral).toMatchObject({
      firstAttendedOn: '2026-05-04',
      appointment: { day: '2026-05-04', time: '09:00', place: '4 Mill Lane' },
    })
  })

  test('is refused with the place of what is wrong, and nothing is written', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    const cases: [object | string, number, string | undefined][] = [
      [{ ...task, status: 'done' }, 422, 'Task.status'],
      [{ ...task, status: 'rejected' }, 422, 'Task.statusReason'],
      [{ ...task, status: 'completed', output: [output('completion-result', {})] }, 422, 'Task.output'],
      [{ ...task, status: 'in-progress', executionPeriod: { start: '2026-03-01' } }, 422, 'Task.status'],
      [{ ...task, id: newId() }, 422, 'Task.id'],
      [{ ...task, note: [{ text: 'x'.repeat(2001) }] }, 422, 'Task.note[0].text'],
      ['{"resourceType":', 400, undefined],
      [JSON.stringify({ ...task, status: 'accepted', note: [{ text: 'a\u0000b' }] }), 400, undefined],
      ['['.repeat(5000) + ']'.repeat(5000), 400, undefined],
      [`"${'x'.repeat(300_000)}"`, 413, undefined],
    ]
    for (const [body, status, at] of cases) {
      const answer = await put(id, body, etag)
      expectOutcome(answer, status)
      if (at !== undefined) expect(answer.json()).toMatchObject({ issue: [{ expression: [at] }] })
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expectOutcome(await call('PUT', `/Task/${id}`, '{}', { type }), 415)
    expectOutcome(await call('GET', `/Task/${id}`, undefined, { headers: { accept: 'application/fhir+xml' } }), 406)
    expectOutcome(await call('GET', '/Task/not-an-id'), 404)
    expectOutcome(await call('GET', '/Observation/1'), 404)
    expect(await exchange.kindsOf(id)).toEqual(['drafted', 'sent'])
  })

  test('shows nothing of the person once consent is withdrawn', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    await put(id, { ...task, note: [{ text: 'Noor rang us.' }] }, etag)
    await exchange.asJob((db) =>
      onConsentWithdrawn(workFor(exchange.world, db, exchange.now), {
        ...{
          clientIds: [exchange.world.client.id],
          purpose: 'share_for_referral',
          organizationId: exchange.world.partner.id,
        },
        ...{ referralId: null, recipient: null, consentId: newId<'consent'>() },
      }),
    )
    const answers = await Promise.all(
      ['Task', 'ServiceRequest', 'Patient'].map((type) => call('GET', `/${type}/${id}`)),
    )
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200)
      expect(answer.body).not.toContain('Noor')
      expect(answer.body).not.toContain('Haddad')
    }
    expect(answers[0]?.json()).toMatchObject({ status: 'cancelled' })
  })

  test('shows nothing of the person once it has ended, as on the pages', async () => {
    const id = await exchange.send()
    const { task, etag } = await taskOf(id)
    const declined = { ...task, status: 'rejected', statusReason: reason('decline-reason', 'no_places') }
    expect((await put(id, { ...declined, note: [{ text: 'Noor rang us.' }] }, etag)).statusCode).toBe(200)
    for (const type of ['Task', 'ServiceRequest', 'Patient']) {
      const answer = await call('GET', `/${type}/${id}`)
      expect(answer.statusCode).toBe(200)
      expect(answer.body).not.toContain('Noor')
      expect(answer.body).not.toContain('Haddad')
    }
  })

  test('read leaves a trace that names the token and no person', async () => {
    const id = await exchange.send()
    await call('GET', `/Patient/${id}`)
    const rows = await exchange.asJob((db) =>
      db
        .selectFrom('audit_events')
        .selectAll()
        .where('subject_id', '=', id)
        .where('action', '=', 'referrals.read_by_system')
        .execute(),
    )
    expect(rows).toMatchObject([
      { actor_kind: 'partner', client_id: exchange.world.client.id, facts: { resource: 'Patient' } },
    ])
  })
})

describe('the list', () => {
  test('comes in the order of the last change, page by page, without loss or repetition', async () => {
    const partner = await exchange.asJob(async () => exchange.world.otherPartner)
    const bearer = await exchange.makeToken(partner.id)
    const sent: ReferralId[] = []
    for (let n = 0; n < 7; n++) sent.push(await exchange.send(partner))
    const seen: string[] = []
    let url: string | undefined = '/Task?_count=3&status=requested'
    while (url !== undefined) {
      const page: Response = await call('GET', url, undefined, { bearer })
      const bundle = page.json<{ entry: { resource: { id: string } }[]; link: { relation: string; url: string }[] }>()
      seen.push(...bundle.entry.map((entry) => entry.resource.id))
      url = bundle.link.find(({ relation }) => relation === 'next')?.url.split('/fhir/R4')[1]
    }
    expect(seen.length).toBe(new Set(seen).size)
    expect(seen).toEqual(expect.arrayContaining(sent))
    const accepted = (await call('GET', '/Task?status=accepted', undefined, { bearer })).json<{ entry: unknown[] }>()
    expect(accepted.entry).toEqual([])
    const later = (await call('GET', '/Task?_lastUpdated=gt2026-03-02T09:00:00Z', undefined, { bearer })).json<{
      entry: unknown[]
    }>()
    expect(later.entry).toEqual([])
  })

  test('refuses what it cannot understand', async () => {
    for (const query of ['_lastUpdated=yesterday', '_count=0', '_cursor=abc'])
      expectOutcome(await call('GET', `/Task?${query}`), 400)
  })
})

function reason(system: string, code: string) {
  return { coding: [{ system: `urn:waypost:${system}`, code }], text: code }
}

function output(code: string, value: object) {
  return { type: { coding: [{ system: 'urn:waypost:task-output', code }] }, ...value }
}
