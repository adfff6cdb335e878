// Twelve invented colleagues, with passwords made by chance for each installation.

import { randomInt } from 'node:crypto'
import { sitesOf } from '#networks/index.ts'
import { hashPassword } from '#platform/accounts/index.ts'
import type { Db, StaffRole } from '#platform/db/index.ts'
import type { NetworkId, SiteId, StaffId } from '#platform/ids.ts'
import { insertStaff } from '#staff/index.ts'
import { demoSites } from './region.ts'

export interface DemoSignIn {
  readonly role: string
  readonly email: string
  readonly password: string
}

export interface DemoColleague {
  readonly id: StaffId
  readonly name: string
  readonly email: string
  readonly roles: readonly StaffRole[]
  /** The first of the sites. */
  readonly siteName: string
  readonly siteIds: readonly SiteId[]
  readonly languages: readonly string[]
}

interface Colleague {
  readonly name: string
  readonly roles: readonly StaffRole[]
  /** Places in the list of sites. */
  readonly sites: readonly number[]
  readonly languages: readonly string[]
  /** Has a sign-in that is printed at the start. */
  readonly signsInAs?: string
}

const colleagues: readonly Colleague[] = [
  { name: 'Ada Winterbourne', roles: ['adviser'], sites: [0, 3], languages: ['en', 'fr'], signsInAs: 'adviser' },
  {
    name: 'Murat Selwyn',
    roles: ['manager', 'adviser'],
    sites: [0, 3, 4],
    languages: ['en', 'tr'],
    signsInAs: 'manager',
  },
  { name: 'Greta Holloway', roles: ['administrator'], sites: [0], languages: ['en'], signsInAs: 'administrator' },
  { name: 'Eamon Vance', roles: ['evaluator'], sites: [], languages: ['en'], signsInAs: 'evaluator' },
  { name: 'Samira Dell', roles: ['adviser'], sites: [0, 4], languages: ['en', 'ar'] },
  { name: 'Piotr Marsh', roles: ['adviser'], sites: [1, 5], languages: ['en', 'pl'] },
  { name: 'Olena Brook', roles: ['adviser'], sites: [1], languages: ['en', 'uk'] },
  { name: 'Kofi Ashdown', roles: ['adviser'], sites: [2, 6], languages: ['en', 'pt'] },
  { name: 'Ruth Penhale', roles: ['adviser'], sites: [2], languages: ['en'] },
  { name: 'Tesfay Rowe', roles: ['adviser'], sites: [7, 8], languages: ['en', 'ti'] },
  { name: 'Helen Quarry', roles: ['manager'], sites: [1, 5, 7], languages: ['en'] },
  { name: 'Yasmin Thorpe', roles: ['manager', 'adviser'], sites: [2, 6, 8], languages: ['en', 'fa'] },
]

/** Adds the colleagues; gives them, and the sign-ins to print. Runs as `waypost_job`; passwords are set at the door. */
export async function fillStaff(
  db: Db,
  networkId: NetworkId,
  now: Date,
): Promise<{ staff: DemoColleague[]; signIns: (DemoSignIn & { id: StaffId; hash: string })[] }> {
  const byName = new Map((await sitesOf(db)).map((site) => [site.name, site.id]))
  const siteIds = demoSites.map((site) => byName.get(site.name)!)
  const staff: DemoColleague[] = []
  const signIns: (DemoSignIn & { id: StaffId; hash: string })[] = []
  for (const colleague of colleagues) {
    const { name, roles, languages, signsInAs } = colleague
    const places = colleague.sites.map((index) => siteIds[index]!)
    const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@demo.example.org`
    const managedSiteIds = roles.includes('manager') ? places : []
    const id = await insertStaff(
      db,
      networkId,
      { name, email, roles, languages, locale: 'en', siteIds: places, managedSiteIds },
      now,
    )
    const siteName = demoSites[colleague.sites[0] ?? 0]?.name ?? ''
    staff.push({ id, name, email, roles, siteName, siteIds: places, languages })
    if (signsInAs) {
      const password = newPassword()
      signIns.push({ role: signsInAs, email, password, id, hash: await hashPassword(password) })
    }
  }
  return { staff, signIns }
}

const syllables = [
  'ba',
  'da',
  'fe',
  'go',
  'hi',
  'ju',
  'ka',
  'lo',
  'mi',
  'nu',
  'pe',
  'ra',
  'so',
  'ti',
  'vu',
  'we',
  'xo',
  'ya',
  'ze',
  'qui',
]

/** Easy to type from a terminal, 20^8 possibilities. */
export function newPassword(): string {
  const word = () => Array.from({ length: 2 }, () => syllables[randomInt(syllables.length)]).join('')
  return Array.from({ length: 4 }, word).join('-')
}
