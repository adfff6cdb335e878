// A small network for tests of referrals: one site, one adviser, one client, two partners with a service each.

import { registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { insertSite } from '#networks/index.ts'
import type { TestDatabase } from '#platform/db/testing.ts'
import type { Db } from '#platform/db/index.ts'
import type { Network, Work } from '#platform/http/index.ts'
import { dayIn } from '#platform/dates.ts'
import { newId, type NetworkId, type OrganizationId, type ServiceId, type SiteId, type StaffId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { insertStaff } from '#staff/index.ts'
import { sendNewReferral } from './referrals.acts.ts'
import type { KeptReferral } from './referrals.store.ts'

export const testKeys: Keys = { currentId: 'test', of: () => Buffer.alloc(32, 7) }

export interface World {
  readonly networkId: NetworkId
  readonly siteId: SiteId
  readonly adviser: { readonly id: StaffId; readonly name: string; readonly email: string }
  readonly client: Client
  readonly partner: Partner
  readonly otherPartner: Partner
}

export interface Partner {
  readonly id: OrganizationId
  readonly name: string
  readonly serviceId: ServiceId
  readonly serviceName: string
}

export async function aWorld(database: TestDatabase, { networkId }: { networkId?: NetworkId } = {}): Promise<World> {
  const network = networkId ?? (await database.addNetwork())
  const now = new Date('2026-03-02T08:00:00Z')
  return database.as({ networkId: network, role: 'job' }, async (db) => {
    const site = {
      name: 'North centre',
      kind: 'centre',
      address: null,
      position: null,
      timeZone: null,
      isActive: true,
    } as const
    const siteId = await insertSite(db, network, site)
    const email = `mara-${newId().slice(-6)}@example.org`
    const staff = {
      name: 'Mara Lind',
      email,
      roles: ['adviser'],
      locale: 'en',
      languages: ['en'],
      siteIds: [siteId],
      managedSiteIds: [],
    } as const
    const id = await insertStaff(db, network, staff, now)
    const person: Circumstances = {
      name: 'Noor',
      familyName: 'Haddad',
      birthDate: null,
      phones: ['+41791234567'],
      email: 'noor@example.org',
      reachedBy: ['phone'],
      language: 'ar',
      script: null,
      needsInterpreter: true,
      accessNeeds: ['step_free'],
      accessWords: null,
      address: null,
      residenceArea: null,
      position: null,
    }
    const client = await registerClient(db, { networkId: network, staffId: id, now }, { person, siteId, adviserId: id })
    const partner = await aPartner(db, network, 'Bakery School')
    const otherPartner = await aPartner(db, network, 'Language House')
    return { networkId: network, siteId, adviser: { id, name: staff.name, email }, client, partner, otherPartner }
  })
}

async function aPartner(db: Db, networkId: NetworkId, name: string): Promise<Partner> {
  const now = new Date('2026-03-01T08:00:00Z')
  const [id] = await addOrganizations(
    db,
    networkId,
    [{ name, description: name, email: 'office@partner.example' }],
    now,
  )
  const serviceName = `${name}: course`
  const [serviceId] = await addServices(
    db,
    networkId,
    [
      {
        ...{
          organizationId: id!,
          organizationName: name,
          name: serviceName,
          description: serviceName,
          locationIds: [],
        },
        ...{ serviceType: 'vocational_training', email: 'desk@partner.example' },
      },
    ],
    now,
  )
  return { id: id!, name, serviceId: serviceId!, serviceName }
}

/** Work as an adviser of this world would do it, with what was enqueued and mailed kept in sight. */
export function workFor(
  world: World,
  db: Db,
  now: Date,
  told: { jobs: string[]; mails: string[] } = { jobs: [], mails: [] },
): Work {
  const network: Network = {
    ...{
      id: world.networkId,
      slug: 'test',
      name: 'Test',
      timeZone: 'Europe/Zurich',
      locale: 'en',
      holidays: new Set(),
      isDemo: false,
    },
  }
  return {
    db,
    network,
    now,
    today: dayIn(network.timeZone, now),
    record: async () => undefined,
    enqueue: async (name) => void told.jobs.push(name),
    mail: async ({ kind, to }) => {
      told.mails.push(`${kind} ${to}`)
      return newId<'mail'>(now.getTime())
    },
  }
}

/** A referral of the world's client, sent to the partner. */
export async function sendOne(
  world: World,
  work: Work,
  {
    partner = world.partner,
    recipient = 'desk@partner.example',
    keys = testKeys,
  }: { partner?: Partner; recipient?: string | null; keys?: Keys } = {},
): Promise<KeptReferral> {
  return sendNewReferral(work, keys, {
    file: {
      ...{
        id: newId<'referral'>(),
        clientId: world.client.id,
        siteId: world.siteId,
        restrictedTo: world.client.restrictedTo,
      },
      ...{ organizationId: partner.id, organizationName: partner.name, serviceId: partner.serviceId },
      ...{ serviceName: partner.serviceName, serviceType: 'vocational_training', adviserId: world.adviser.id },
    },
    choice: { recommendationId: null, reason: null, follows: null },
    share: {
      entries: [{ field: 'name', lines: ['Noor Haddad'] }],
      ...{
        consentId: null,
        senderName: world.adviser.name,
        senderEmail: world.adviser.email,
        siteName: 'North centre',
      },
    },
    words: null,
    recipient,
    adviser: { kind: 'adviser', id: world.adviser.id, name: world.adviser.name },
  })
}
