// Fills the demonstration network in one transaction: a start that was killed on the way begins again with nothing half-made.

import { installNetwork } from '#app.ts'
import { learn, type Engine } from '#evidence/index.ts'
import { countServiceWaits } from '#matching/index.ts'
import { insertNetwork, insertSite, listNetworks } from '#networks/index.ts'
import { makeRandom } from '#numerics/index.ts'
import { setPassword } from '#platform/accounts/index.ts'
import { partnerAccounts } from '#partners/index.ts'
import { dayFrom, type CalendarDay } from '#platform/dates.ts'
import { changeScope, inScope, type OpenDatabase } from '#platform/db/index.ts'
import type { Network, Work } from '#platform/http/index.ts'
import { workIn } from '#platform/http/work.ts'
import type { Keys } from '#platform/secrets.ts'
import { countReferralFigures } from '#referrals/index.ts'
import { listStaff, staffAccounts } from '#staff/index.ts'
import { fillChoices } from './choices.ts'
import { fillClients } from './clients.ts'
import { fillDirectory } from './directory.ts'
import { fillOutcomes } from './outcomes.ts'
import { fillPartners } from './partners.ts'
import { fillPast } from './past.ts'
import { fillPlans } from './plans.ts'
import { fillInformal } from './informal.ts'
import { fillModel } from './model.ts'
import { fillReferrals } from './referrals.ts'
import { areaOf, demoSites } from './region.ts'
import { fillSkills } from './skills.ts'
import { fillStaff, type DemoSignIn } from './staff.ts'
import { fillTogether } from './together.ts'

export const demoSlug = 'riverside'

export interface DemoOrder {
  readonly seed: number
  readonly now: Date
  readonly keys: Keys
  /** 300 and 6,000 unless a test wants fewer. */
  readonly clients?: number
  readonly episodes?: number
  readonly onStep?: (words: string) => void
  readonly beforeCommit?: (signIns: readonly DemoSignIn[]) => void
  /** What learns a model to show; null: the classic estimator alone. */
  readonly engine?: Engine | null
}

/** Makes the network with everything in it. The same seed gives the same people, services and past; only passwords and ids
 *  differ. `beforeCommit` is given the sign-ins while nothing is final yet: whoever keeps them never loses them. */
export async function fillDemo(database: OpenDatabase, order: DemoOrder): Promise<DemoSignIn[]> {
  const {
    seed,
    now,
    keys,
    clients = 300,
    episodes = 6000,
    onStep = () => undefined,
    beforeCommit,
    engine = null,
  } = order
  const network = await makeNetwork(database, now)
  const job = { role: 'job', networkId: network.id } as const
  return inScope(database.kysely, job, async (db) => {
    const work = workIn(db, network, () => ({ kind: 'job', id: null }), {
      queue: noQueue,
      now: () => now,
      sendsMail: false,
    })
    onStep('staff and places')
    const { staff, signIns } = await fillPlaces(work)
    await changeScope(db, { role: 'door', networkId: network.id })
    for (const { id, hash } of signIns)
      await setPassword(db, staffAccounts, { networkId: network.id, accountId: id, hash, now })
    await changeScope(db, job)
    onStep('forty partners, a hundred services')
    const serviceIds = await fillDirectory(work, makeRandom(seed, 1))
    onStep(`${episodes} past episodes`)
    await fillPast(work, { seed, count: episodes })
    onStep(`${clients} clients`)
    const people = await fillClients(work, makeRandom(seed, 3), { staff, count: clients })
    await fillSkills(work, makeRandom(seed, 8), people)
    onStep('their referrals')
    await fillReferrals(work, makeRandom(seed, 4), { clients: people, serviceIds, keys })
    await fillInformal(work, makeRandom(seed, 7), { clients: people, serviceIds })
    const partner = await fillPartners(work, seed)
    await changeScope(db, { role: 'door', networkId: network.id })
    await setPassword(db, partnerAccounts, { networkId: network.id, accountId: partner.id, hash: partner.hash, now })
    await changeScope(db, job)
    onStep('what became of them')
    await fillOutcomes(work, makeRandom(seed, 5), people)
    onStep('what the past teaches')
    await learn(db, { networkId: network.id, now, seed })
    onStep('what was chosen of what was recommended')
    await fillChoices(work, makeRandom(seed, 9), { clients: people, keys })
    await fillPlans(work, people)
    await fillTogether(work, { clients: people, keys })
    await countReferralFigures(work)
    await countServiceWaits(work)
    if (engine) await fillModel(work, { engine, staff, seed })
    const shown = [...signIns, partner].map(({ role, email, password }) => ({ role, email, password }))
    beforeCommit?.(shown)
    return shown
  })
}

/** Whether a start was killed between making the network and filling it. */
export async function isDemoEmpty(database: OpenDatabase, network: Network): Promise<boolean> {
  return inScope(
    database.kysely,
    { role: 'job', networkId: network.id },
    async (db) => (await listStaff(db)).length === 0,
  )
}

async function fillPlaces(work: Work): ReturnType<typeof fillStaff> {
  const { db, network, now } = work
  await installNetwork(db, network.id, now)
  for (const { area, ...site } of demoSites) {
    const { latitude, longitude } = areaOf(area)
    await insertSite(db, network.id, { ...site, position: { latitude, longitude }, timeZone: null, isActive: true })
  }
  return fillStaff(db, network.id, now)
}

/** What happened in the past asks for no work now. */
export const noQueue = { send: async () => undefined }

async function makeNetwork(database: OpenDatabase, now: Date): Promise<Network> {
  const begun = (await listNetworks(database.kysely)).find((each) => each.slug === demoSlug && each.isDemo)
  if (begun) return begun
  const networkId = await insertNetwork(
    database.ownerConnection,
    {
      slug: demoSlug,
      name: 'Riverside Employment Network',
      timeZone: 'Europe/London',
      locale: 'en',
      holidays: holidaysAround(now),
      isDemo: true,
    },
    now,
  )
  const network = (await listNetworks(database.kysely)).find((each) => each.id === networkId)
  if (!network) throw new Error('The demonstration network could not be read back.')
  return network
}

/** New Year, Christmas and Boxing Day of last year, this one and the next. */
function holidaysAround(now: Date): CalendarDay[] {
  const year = now.getUTCFullYear()
  return [year - 1, year, year + 1].flatMap((each) => [
    dayFrom(each, 1, 1)!,
    dayFrom(each, 12, 25)!,
    dayFrom(each, 12, 26)!,
  ])
}
