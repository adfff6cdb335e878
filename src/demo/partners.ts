// Invented people at the partners: whom to talk to at each, and one team that has accounts.

import { makeRandom, type Random } from '#numerics/index.ts'
import { insertContact, type NewContact } from '#partners/index.ts'
import { hashPassword } from '#platform/accounts/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { ContactId, OrganizationId } from '#platform/ids.ts'
import { drawName, drawPhone } from './names.ts'
import { newPassword, type DemoSignIn } from './staff.ts'

const works = ['intake', 'course leader', 'job coach', 'front desk', 'director', 'childcare and timetables'] as const
const ways = ['email', 'phone', 'email', 'phone', 'visit', 'fax'] as const
const languages = ['en', 'en', 'en', 'en', 'ar', 'pl', 'uk', 'pt'] as const

/**
 * Adds one or two contacts at each partner, and at the partner that most referrals wait for a team with accounts: a lead
 * and two colleagues. Gives the lead's sign-in. Runs as `waypost_job`; the password is set at the door.
 */
export async function fillPartners(
  work: Work,
  seed: number,
): Promise<DemoSignIn & { readonly id: ContactId; readonly hash: string }> {
  const random = makeRandom(seed, 6)
  const organizations = await organizationsByWaiting(work)
  const [busiest] = organizations
  if (!busiest) throw new Error('The demonstration has no partners.')
  for (const organizationId of organizations) {
    if (organizationId !== busiest) {
      for (let added = random.below(3); added < 2; added++) await add(work, drawContact(random, organizationId))
    }
  }
  const lead = { ...drawContact(random, busiest), title: 'intake', reachedBy: 'email', locale: 'en' } as const
  const email = 'team.lead@demo.example.org'
  const id = await add(work, { ...lead, email, state: 'invited', isLead: true })
  for (const name of ['first', 'second']) {
    const colleague = drawContact(random, busiest)
    const address = `${name}.colleague@demo.example.org`
    await add(work, { ...colleague, email: address, reachedBy: 'email', locale: 'en', state: 'active' })
  }
  const password = newPassword()
  return { role: 'partner', email, password, id, hash: await hashPassword(password) }
}

/** The partners, first those that most referrals wait for. */
async function organizationsByWaiting({ db }: Work): Promise<OrganizationId[]> {
  const rows = await db
    .selectFrom('organizations')
    .leftJoin('referrals', (join) =>
      join.onRef('referrals.organization_id', '=', 'organizations.id').on('referrals.state', '=', 'sent'),
    )
    .select(['organizations.id', 'organizations.name'])
    .groupBy(['organizations.network_id', 'organizations.id'])
    .orderBy((eb) => eb.fn.count('referrals.id'), 'desc')
    .orderBy('organizations.name')
    .execute()
  return rows.map(({ id }) => id as OrganizationId)
}

function drawContact(random: Random, organizationId: OrganizationId): NewContact {
  const { given, family } = drawName(random, random.below(2) === 0 ? 'female' : 'male')
  const one = <T>(list: readonly T[]) => list[random.below(list.length)]!
  return {
    organizationId,
    name: `${given} ${family}`,
    title: one(works),
    email: `${given}.${family}@partners.example.org`.toLowerCase(),
    phone: drawPhone(random),
    locale: one(languages),
    reachedBy: one(ways),
    state: 'none',
    isLead: false,
  }
}

async function add({ db, network, now }: Work, contact: NewContact): Promise<ContactId> {
  const added = await insertContact(db, network.id, contact, now)
  if (!added.ok) throw new Error('A contact of the demonstration could not be added.')
  return added.value
}
