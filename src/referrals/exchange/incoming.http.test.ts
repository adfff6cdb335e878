import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anExchange, aRequest, expectOutcome, type ExchangeWorld } from './exchange.testing.ts'

let exchange: ExchangeWorld
let call: ExchangeWorld['call']

beforeAll(async () => {
  exchange = await anExchange()
  call = exchange.call
})
beforeEach(() => exchange.app.setNow(exchange.now))
afterAll(() => exchange.app.close())

describe('somebody sent to us', () => {
  test('waits for a person: a request and a Task, and no file', async () => {
    const before = await exchange.asJob((db) => db.selectFrom('clients').select('id').execute())
    const answer = await call('POST', '/ServiceRequest', aRequest())
    expect(answer.statusCode).toBe(201)
    const { id } = answer.json<{ id: string }>()
    expect(answer.headers['location']).toBe(`http://localhost:3000/fhir/R4/ServiceRequest/${id}`)
    const task = await call('GET', `/Task/${id}`)
    expect(task.json()).toMatchObject({
      status: 'received',
      requester: { reference: `Organization/${exchange.world.partner.id}` },
    })
    expect(task.body).not.toContain('Amal')
    expect((await exchange.asJob((db) => db.selectFrom('clients').select('id').execute())).length).toBe(before.length)
    const list = (await call('GET', `/Task?requester=Organization/${exchange.world.partner.id}&status=received`)).body
    expect(list).toContain(id)
  })

  test('twice under one name is one request, also at the same moment', async () => {
    const request = aRequest()
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/ServiceRequest', request)))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 201])
    expect(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size).toBe(1)
  })

  test('in a Bundle is the same', async () => {
    const { contained, ...request } = aRequest()
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { fullUrl: 'urn:uuid:1', resource: contained[0], request: { method: 'POST', url: 'Patient' } },
        { fullUrl: 'urn:uuid:2', resource: contained[1], request: { method: 'POST', url: 'Consent' } },
        {
          resource: { ...request, subject: { reference: 'urn:uuid:1' }, supportingInfo: [{ reference: 'urn:uuid:2' }] },
          request: { method: 'POST', url: 'ServiceRequest' },
        },
      ],
    }
    const answer = await call('POST', '/', bundle)
    expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([200, 'transaction-response'])
  })

  test('without consent is refused and not kept', async () => {
    const request = aRequest()
    const refusals = [
      { ...request, supportingInfo: [] },
      { ...request, contained: [request.contained[0], { ...request.contained[1], status: 'rejected' }] },
      { ...request, contained: [request.contained[0], { ...request.contained[1], provision: { type: 'deny' } }] },
    ]
    for (const refused of refusals) {
      const answer = await call('POST', '/ServiceRequest', refused)
      expectOutcome(answer, 422)
      expect(answer.json()).toMatchObject({ issue: [{ expression: ['ServiceRequest.supportingInfo'] }] })
    }
    const kept = await exchange.asJob((db) =>
      db
        .selectFrom('incoming_referrals')
        .select('id')
        .where('sender_value', '=', request.identifier[0]!.value)
        .execute(),
    )
    expect(kept).toEqual([])
  })

  test('can be taken back while it waits, and then nothing of the person is left', async () => {
    const { id } = (await call('POST', '/ServiceRequest', aRequest())).json<{ id: string }>()
    const answer = await call('PUT', `/Task/${id}`, { resourceType: 'Task', id, status: 'cancelled' })
    expect(answer.json()).toMatchObject({ status: 'cancelled' })
    const row = await exchange.asJob((db) =>
      db.selectFrom('incoming_referrals').select(['fields', 'status']).where('id', '=', id).executeTakeFirst(),
    )
    expect(row).toEqual({ fields: null, status: 'taken_back' })
    expectOutcome(await call('PUT', `/Task/${id}`, { resourceType: 'Task', id, status: 'accepted' }), 422)
  })

  test('is not there for another partner', async () => {
    const { id } = (await call('POST', '/ServiceRequest', aRequest())).json<{ id: string }>()
    const bearer = await exchange.makeToken(exchange.world.otherPartner.id)
    for (const type of ['Task', 'ServiceRequest'])
      expectOutcome(await call('GET', `/${type}/${id}`, undefined, { bearer }), 404)
  })
})
