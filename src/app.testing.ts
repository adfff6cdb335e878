// A whole application for tests of pages: real database, real templates, a browser-like client.

import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify'
import os from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { makeApplication, type Application } from '#app.ts'
import type { Engine } from '#evidence/index.ts'
import { insertSite } from '#networks/index.ts'
import { readConfig } from '#platform/config.ts'
import type { StaffRole } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId, type ContactId, type NetworkId, type OrganizationId, type SiteId, type StaffId } from '#platform/ids.ts'
import { insertContact } from '#partners/index.ts'
import { makeLog } from '#platform/log.ts'
import { hashSecret, newSecret } from '#platform/secrets.ts'
import { insertStaff } from '#staff/index.ts'
import { partnerEntrance, staffEntrance } from '#platform/http/index.ts'

export interface TestApp {
  readonly database: TestDatabase
  readonly application: Application
  readonly networkId: NetworkId
  /** The site where `signIn` places people unless told otherwise. */
  readonly siteId: SiteId
  /** Sets the application's clock; it stands still until set again. */
  setNow(moment: Date): void
  /** A new member of staff, signed in. */
  signIn(who?: TestStaff): Promise<TestBrowser & { readonly staffId: StaffId }>
  /** A new contact of a partner, signed in. */
  signInPartner(who: TestPartner): Promise<TestBrowser & { readonly contactId: ContactId; readonly email: string }>
  /** Somebody who is not signed in. */
  stranger(): TestBrowser
  close(): Promise<void>
}

export interface TestStaff {
  readonly roles?: readonly StaffRole[]
  readonly siteIds?: readonly SiteId[]
  readonly name?: string
  readonly locale?: string
}

export interface TestPartner {
  readonly organizationId: OrganizationId
  readonly isLead?: boolean
  readonly name?: string
  readonly locale?: string
}

/** Keeps cookies and posts forms as a browser would, tokens and hidden fields included. */
export interface TestBrowser {
  get(url: string): Promise<Response>
  /** Posts fields with a token that this browser holds; gives the answer itself, redirects not followed. */
  post(url: string, fields?: Readonly<Record<string, string | readonly string[]>>): Promise<Response>
  /** Uploads one file as a multipart form. */
  upload(
    url: string,
    file: { name: string; content: Buffer | string; field?: string },
    fields?: Readonly<Record<string, string>>,
  ): Promise<Response>
  readonly cookies: Map<string, string>
}

/** Makes the application on a fresh database with one network, one site. Close it when the file ends. */
export async function testApp({
  env = {},
  engine = null,
}: { env?: Record<string, string>; engine?: Engine | null } = {}): Promise<TestApp> {
  const database = await testDatabase()
  const networkId = await database.addNetwork('test')
  const siteId = await database.as({ networkId, roles: ['administrator'] }, (db) =>
    insertSite(db, networkId, {
      name: 'Main centre',
      kind: 'centre',
      address: '1 High Street',
      position: { latitude: 46.95, longitude: 7.45 },
      timeZone: null,
      isActive: true,
    }),
  )
  const dataFolder = path.join(os.tmpdir(), `waypost-test-data-${randomBytes(6).toString('hex')}`)
  const config = readConfig({ WAYPOST_DATA: dataFolder, LOG_LEVEL: 'error', ...env })
  let now = new Date()
  let isFixed = false
  const application = await makeApplication({
    config,
    database: {
      kysely: database.kysely,
      pool: database.pool,
      ownerConnection: database.ownerConnection,
      isEmbedded: true,
      close: async () => undefined,
    },
    log: makeLog(config.logLevel),
    now: () => (isFixed ? now : new Date()),
    engine,
  })
  await application.server.ready()
  return {
    database,
    application,
    networkId,
    siteId,
    setNow(moment) {
      now = moment
      isFixed = true
    },
    async signIn({ roles = ['adviser'], siteIds = [siteId], name = 'Ada Adviser', locale = 'en' }: TestStaff = {}) {
      const moment = isFixed ? now : new Date()
      const email = `${randomBytes(5).toString('hex')}@example.org`
      const managedSiteIds = roles.includes('manager') ? siteIds : []
      const staffId = await database.as({ networkId, role: 'job' }, (db) =>
        insertStaff(db, networkId, { name, email, roles, locale, languages: ['en'], siteIds, managedSiteIds }, moment),
      )
      const secret = newSecret()
      await database.as({ networkId, role: 'door' }, async (db) => {
        await db.updateTable('staff').set({ state: 'active' }).where('id', '=', staffId).execute()
        const session = {
          network_id: networkId,
          id: newId(),
          account_id: staffId,
          secret_hash: hashSecret(secret),
          created_at: moment,
        }
        await db
          .insertInto('staff_sessions')
          .values({ ...session, expires_at: new Date(Date.now() + 400 * 86_400_000) })
          .execute()
      })
      const browser = testBrowser(application)
      browser.cookies.set(staffEntrance.sessionCookie, `${networkId}.${secret}`)
      return { ...browser, staffId }
    },
    async signInPartner({ organizationId, isLead = false, name = 'Petra Partner', locale = 'en' }: TestPartner) {
      const moment = isFixed ? now : new Date()
      const email = `${randomBytes(5).toString('hex')}@partner.example`
      const contact = { organizationId, name, email, locale, isLead, title: null, phone: null }
      const added = await database.as({ networkId, role: 'job' }, (db) =>
        insertContact(db, networkId, { ...contact, reachedBy: 'email', state: 'active' }, moment),
      )
      if (!added.ok) throw new Error('The contact could not be added.')
      const contactId = added.value
      const secret = newSecret()
      const session = { network_id: networkId, id: newId(), account_id: contactId, secret_hash: hashSecret(secret) }
      await database.as({ networkId, role: 'door' }, (db) =>
        db
          .insertInto('partner_sessions')
          .values({ ...session, created_at: moment, expires_at: new Date(Date.now() + 400 * 86_400_000) })
          .execute(),
      )
      const browser = testBrowser(application)
      browser.cookies.set(partnerEntrance.sessionCookie, `${networkId}.${secret}`)
      return { ...browser, contactId, email }
    },
    stranger: () => testBrowser(application),
    async close() {
      await application.close()
      await database.drop()
    },
  }
}

function testBrowser({ server }: Application): TestBrowser {
  const cookies = new Map<string, string>()
  const send = async (options: InjectOptions): Promise<Response> => {
    const header = [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ')
    const response = await server.inject({
      ...options,
      headers: { ...options.headers, ...(header ? { cookie: header } : {}) },
    })
    for (const { name, value, maxAge, expires } of response.cookies) {
      const isGone = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now())
      if (isGone) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const token = async (): Promise<string> => {
    // Any page with a form gives this browser its token; the sign-in page is always there.
    const response = await send({ method: 'GET', url: '/sign-in' })
    return /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? ''
  }
  return {
    cookies,
    get: (url) => send({ method: 'GET', url }),
    async post(url, fields = {}) {
      const form = new URLSearchParams({ _csrf: await token() })
      for (const [name, value] of Object.entries(fields))
        for (const each of typeof value === 'string' ? [value] : value) form.append(name, each)
      return send({
        method: 'POST',
        url,
        payload: form.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    },
    async upload(url, { name, content, field = 'file' }, fields = {}) {
      const boundary = 'waypost-test-boundary'
      const parts = Object.entries({ _csrf: await token(), ...fields }).map(
        ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
      )
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`
      const payload = Buffer.concat([
        Buffer.from(parts.join('') + head),
        Buffer.from(content),
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ])
      return send({
        method: 'POST',
        url,
        payload,
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      })
    },
  }
}
