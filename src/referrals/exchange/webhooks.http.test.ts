import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#platform/ids.ts'
import { deriveSecret, readKeys } from '#platform/secrets.ts'
import { workFor } from '../world.testing.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { announce } from './announce.acts.ts'
import { anExchange, type ExchangeWorld } from './exchange.testing.ts'
import { webhookTypes } from './webhook-event.ts'
import { signedHeaders, webhookSecret } from './webhook.signing.ts'
import {
  findEndpoint,
  insertDelivery,
  insertEndpoint,
  latestDeliveries,
  type WebhookEndpointId,
} from './webhooks.store.ts'

interface Told {
  readonly body: string
  readonly headers: http.IncomingHttpHeaders
}

let exchange: ExchangeWorld
let server: http.Server
let address: string
let answer = 204
const told: Told[] = []

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      told.push({ body: Buffer.concat(parts).toString(), headers: request.headers })
      response.writeHead(answer).end('nobody reads this')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  exchange = await anExchange({ env: { WEBHOOK_HOSTS: '127.0.0.1' } })
})
beforeEach(() => {
  answer = 204
  told.length = 0
  exchange.app.setNow(exchange.now)
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await exchange.app.close()
})

async function listen(keyId = exchange.app.application.keys.currentId): Promise<WebhookEndpointId> {
  const { world, app, now } = exchange
  const { contactId } = await app.signInPartner({ organizationId: world.partner.id, isLead: true })
  const id = newId<'webhook_endpoint'>()
  const endpoint = { id, networkId: app.networkId, organizationId: world.partner.id, address, events: webhookTypes }
  await exchange.asLead(world.partner.id, contactId, (db) =>
    insertEndpoint(db, { ...endpoint, keyId, madeBy: contactId }, now),
  )
  return id
}

/** Something to be told to the endpoint; gives the run of one try. */
async function tell(endpointId: WebhookEndpointId) {
  const { app, world, now, asJob } = exchange
  const about = { type: 'referral.sent', taskId: newId(), reference: 'R-7K3F-6Q', happenedAt: now } as const
  const deliveryId = await asJob((db) =>
    insertDelivery(db, app.networkId, { endpointId, organizationId: world.partner.id, ...about }, now),
  )
  return {
    deliveryId,
    tryOnce: () => app.application.runJob('referrals.deliver', { networkId: app.networkId, deliveryId }),
    last: async () => (await asJob((db) => latestDeliveries(db, endpointId)))[0],
    endpoint: () => asJob((db) => findEndpoint(db, endpointId)),
    hours(hours: number) {
      app.setNow(new Date(now.getTime() + hours * 3_600_000))
    },
  }
}

/** The signature as the specification writes it, made without the library that signed. */
function signatureOf(secret: string, { headers, body }: Told): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

test('what happens to a referral is told to those who listen, and to nobody else', async () => {
  const { world, asJob, now } = exchange
  await listen()
  const id = await exchange.send()
  const toldOf = async (kind: 'withdrawn' | 'accepted', channel: 'page' | 'api') => {
    const jobs: string[] = []
    const actor =
      channel === 'api'
        ? ({ kind: 'partner', id: world.partner.id, name: 'x' } as const)
        : ({ kind: 'adviser', id: world.adviser.id, name: 'x' } as const)
    await asJob(async (db) => {
      const work = workFor(world, db, now, { jobs, mails: [] })
      const happening =
        kind === 'accepted' ? ({ kind, appointment: null } as const) : ({ kind, reason: 'sent_by_mistake' } as const)
      await actOn(work, id, { ...happening, id: eventId(now), actor, channel })
    })
    return jobs.filter((job) => job === 'referrals.announce').length
  }
  // What their own system said is no news to it.
  expect(await toldOf('accepted', 'api')).toBe(0)
  expect(await toldOf('withdrawn', 'page')).toBe(1)
  const jobs: string[] = []
  await asJob(async (db) => {
    const other = await exchange.send(world.otherPartner)
    const kept = await db.selectFrom('referrals').select('organization_id').where('id', '=', other).execute()
    expect(kept).toEqual([{ organization_id: world.otherPartner.id }])
    const file = { organizationId: world.otherPartner.id, id: other, reference: 'R-7K3F-6Q' }
    const event = { kind: 'sent', channel: 'page' } as const
    await announce(workFor(world, db, now, { jobs, mails: [] }), file, event)
  })
  expect(jobs).toEqual([])
})

describe('one thing told', () => {
  test('carries a signature that anyone can check by the specification, and nothing of a person', async () => {
    const { app } = exchange
    const id = await listen()
    const { tryOnce, last, deliveryId } = await tell(id)
    await tryOnce()
    const [first] = told
    if (!first) throw new Error('nothing came')
    const secret = webhookSecret(app.application.keys, app.application.keys.currentId, id)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(first.headers['webhook-signature']).toBe(signatureOf(secret, first))
    expect(first.headers['webhook-id']).toBe(deliveryId)
    expect(Number(first.headers['webhook-timestamp'])).toBe(exchange.now.getTime() / 1000)
    expect(JSON.parse(first.body)).toEqual({
      type: 'referral.sent',
      timestamp: exchange.now.toISOString(),
      data: { reference: 'R-7K3F-6Q', task: expect.stringMatching(/\/fhir\/R4\/Task\/[0-9a-f-]{36}$/) as string },
    })
    expect(await last()).toMatchObject({ state: 'delivered', tries: 1, lastStatus: 204 })
    await tryOnce()
    expect(told.length).toBe(1)
  })

  test('is tried again after a failure, under the same name, with a signature of its own moment', async () => {
    const { tryOnce, last, hours } = await tell(await listen())
    answer = 500
    await tryOnce()
    expect(await last()).toMatchObject({ state: 'waiting', tries: 1, lastStatus: 500 })
    answer = 200
    hours(1)
    await tryOnce()
    expect(await last()).toMatchObject({ state: 'delivered', tries: 2 })
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(told.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(2)
    expect(new Set(told.map(({ body }) => body)).size).toBe(1)
  })

  test('is given up after eight tries in the open: the lead is told once, and a success mends it', async () => {
    const id = await listen()
    const first = await tell(id)
    answer = 503
    for (let tries = 0; tries < 8; tries++) await first.tryOnce()
    expect(await first.last()).toMatchObject({ state: 'failed', tries: 8, nextTryAt: null })
    expect(await first.endpoint()).toMatchObject({ state: 'failing' })
    const mails = () => exchange.asJob((db) => db.selectFrom('mail_messages').select('kind').execute())
    const sent = (await mails()).filter(({ kind }) => kind === 'referrals.webhook_failing').length
    expect(sent).toBeGreaterThan(0)
    answer = 200
    await (await tell(id)).tryOnce()
    expect(await first.endpoint()).toMatchObject({ state: 'active', failingSince: null })
  })

  test('is told no more to an endpoint that failed for five days, or that says it is gone', async () => {
    const failing = await listen()
    answer = 500
    const first = await tell(failing)
    for (let tries = 0; tries < 8; tries++) await first.tryOnce()
    const later = await tell(failing)
    later.hours(5 * 24 + 1)
    for (let tries = 0; tries < 8; tries++) await later.tryOnce()
    expect(await later.endpoint()).toMatchObject({ state: 'disabled' })
    answer = 410
    const gone = await tell(await listen())
    await gone.tryOnce()
    expect(await gone.endpoint()).toMatchObject({ state: 'disabled' })
    const count = told.length
    await (await tell(failing)).tryOnce()
    expect(told.length).toBe(count)
  })
})

describe('the secret', () => {
  const lines = ['a'.repeat(40), 'b'.repeat(40)]
  const id = newId<'webhook_endpoint'>()

  test('changes with the installation key, and both sign until the receiver has the new one', () => {
    const old = readKeys('', lines[1])
    const rotated = readKeys('', lines.join(' '))
    const message = { id: newId(), at: new Date('2026-03-02T09:00:00Z'), body: '{"type":"ping"}' }
    const headers = signedHeaders(rotated, { endpointId: id, keyId: old.currentId }, message)
    const secrets = [rotated.currentId, old.currentId].map((keyId) => webhookSecret(rotated, keyId, id))
    expect(new Set(secrets).size).toBe(2)
    expect(headers['webhook-signature']).toBe(
      secrets.map((secret) => signatureOf(secret, { headers, body: message.body })).join(' '),
    )
    const onlyNew = readKeys('', lines[0])
    expect(
      signedHeaders(onlyNew, { endpointId: id, keyId: old.currentId }, message)['webhook-signature'],
    ).not.toContain(' ')
  })

  test('is another for each endpoint, and is none of those that open a referral', () => {
    const keys = readKeys('', lines[0])
    const secret = webhookSecret(keys, keys.currentId, id)
    expect(secret).not.toBe(webhookSecret(keys, keys.currentId, newId<'webhook_endpoint'>()))
    const link = deriveSecret(keys, keys.currentId, { kind: 'referrals.partner', id })
    const bytes = Buffer.from(secret.slice(6), 'base64')
    expect(createHash('sha256').update(bytes).digest('hex')).not.toBe(
      createHash('sha256').update(Buffer.from(link, 'base64url')).digest('hex'),
    )
  })
})
