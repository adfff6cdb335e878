// A network with a partner whose own system calls us: for tests of the exchange.

import type { LightMyRequestResponse as Response } from 'fastify'
import { expect } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type ContactId, type OrganizationId, type ReferralId } from '#platform/ids.ts'
import { hashSecret, newSecret } from '#platform/secrets.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'
import { apiScopes, type ApiScope, type ApiTokenId } from './api-token.ts'
import { insertApiToken } from './api-tokens.store.ts'

export interface Call {
  /** The first partner's token when left out. */
  readonly bearer?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
}

export interface ExchangeWorld {
  readonly app: TestApp
  readonly world: World
  readonly now: Date
  /** The first partner's. */
  readonly token: string
  /** Makes a token of an organisation as its lead does; gives all of it. */
  makeToken(
    organizationId: OrganizationId,
    options?: { scopes?: readonly ApiScope[]; expiresAt?: Date; id?: ApiTokenId },
  ): Promise<string>
  call(method: 'GET' | 'PUT' | 'POST', path: string, body?: object | string, how?: Call): Promise<Response>
  asLead<T>(organizationId: OrganizationId, actorId: ContactId, work: (db: Db) => Promise<T>): Promise<T>
  asJob<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** A referral of the world's client to the partner; the first one unless told otherwise. */
  send(partner?: World['partner']): Promise<ReferralId>
  kindsOf(id: ReferralId): Promise<readonly string[] | undefined>
}

export async function anExchange({ env = {} } = {}): Promise<ExchangeWorld> {
  const now = new Date('2026-03-02T09:00:00Z')
  const app = await testApp({ env })
  app.setNow(now)
  const world = await aWorld(app.database, { networkId: app.networkId })
  const asLead: ExchangeWorld['asLead'] = (organizationId, actorId, work) =>
    app.database.as({ networkId: app.networkId, role: 'partner', organizationId, actorId, roles: ['lead'] }, work)
  const asJob: ExchangeWorld['asJob'] = (work) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
  const makeToken: ExchangeWorld['makeToken'] = async (
    organizationId,
    { scopes = apiScopes, expiresAt = new Date('2027-03-02T09:00:00Z'), id = newId<'api_token'>() } = {},
  ) => {
    const { contactId: madeBy } = await app.signInPartner({ organizationId, isLead: true })
    const secret = newSecret()
    const token = { id, networkId: app.networkId, organizationId, label: 'Case system', scopes, madeBy, expiresAt }
    await asLead(organizationId, madeBy, (db) => insertApiToken(db, { ...token, secretHash: hashSecret(secret) }, now))
    return `${app.networkId}.${secret}`
  }
  const ownToken = await makeToken(world.partner.id)
  return {
    ...{ app, world, now, token: ownToken, makeToken, asLead, asJob },
    async call(method, path, body, { bearer = ownToken, headers = {}, type = 'application/fhir+json' } = {}) {
      return app.application.server.inject({
        method,
        url: `/fhir/R4${path}`,
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': type }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    send: (partner = world.partner) =>
      asJob(async (db) => (await sendOne(world, workFor(world, db, now), { partner })).file.id),
    kindsOf: async (id) => (await asJob((db) => findReferral(db, id)))?.referral.events.map((event) => event.kind),
  }
}

/** The answer refuses in FHIR's words, and no cache keeps it. */
export function expectOutcome(answer: Response, status: number): void {
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/fhir+json; charset=utf-8'])
  expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] })
  expect(answer.headers['cache-control']).toBe('no-store')
}

/** A request by which a partner sends us Amal Nasser. */
export function aRequest() {
  return {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    identifier: [{ system: 'https://bakery.example/cases', value: newId() }],
    subject: { reference: '#p' },
    reasonCode: [{ text: 'Looks for work in a kitchen.' }],
    supportingInfo: [{ reference: '#c' }],
    contained: [
      {
        ...{ resourceType: 'Patient', id: 'p', name: [{ given: ['Amal'], family: 'Nasser' }], birthDate: '1990-04-03' },
        telecom: [{ system: 'phone', value: '+41 79 555 01 23' }],
      },
      { resourceType: 'Consent', id: 'c', status: 'active', dateTime: '2026-03-01', provision: { type: 'permit' } },
    ],
  }
}
