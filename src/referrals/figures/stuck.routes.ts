// Stuck referrals, for the managers of the sites: by partner and step, each group opening its list with what to do next.

import { z } from 'zod'
import { findClients, fullName, mustGiveReason } from '#clients/index.ts'
import { findService } from '#directory/index.ts'
import { page, redirect, textOf, textsOf, type Answer, type Routes, type Scene } from '#platform/http/index.ts'
import { parseId, type ReferralId } from '#platform/ids.ts'
import { listStaff, type StaffMember } from '#staff/index.ts'
import { reassign } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { groupStuck, stuckListPage, stuckPage } from './pages/stuck.page.ts'
import { steps } from './loop.ts'
import { stuckAt } from './stuck.store.ts'

const roles = ['manager'] as const
const inGroup = z.object({ partner: z.string().catch(''), step: z.enum(steps).nullable().catch(null) })
/** So many of a group are shown at once, the longest stuck first. */
const shownOfGroup = 50

export function stuckRoutes(routes: Routes): void {
  routes.staff('GET', '/referrals/stuck', { roles, query: inGroup }, (scene, { query }) => show(scene, query))

  routes.staff('POST', '/referrals/stuck/give', { roles }, async (scene, { body }) => {
    const group = inGroup.parse({ partner: textOf(body, 'partner'), step: textOf(body, 'step') })
    const to = (await advisersOf(scene)).find(({ id }) => id === textOf(body, 'to'))
    const chosen = textsOf(body, 'referral').flatMap((text) => parseId<'referral'>(text) ?? [])
    if (!to) return show(scene, group, { key: 'referrals.figures.stuck.to_missing', chosen })
    if (chosen.length === 0)
      return show(scene, group, { key: 'referrals.figures.stuck.none_chosen', chosen, to: to.id })
    const given = await give(scene, chosen, to)
    return redirect(addressOf(group), scene.t('referrals.figures.stuck.given', { given, left: chosen.length - given }))
  })
}

/** What could not be given, with what was ticked and chosen, so that it is asked again without loss. */
interface Refused {
  readonly key: string
  readonly chosen: readonly ReferralId[]
  readonly to?: string
}

async function show(scene: Scene, group: z.infer<typeof inGroup>, refused?: Refused): Promise<Answer> {
  const stuck = await stuckAt(scene.db, scene.actor.managedSiteIds, scene.now)
  const advisers = await advisersOf(scene)
  const here = stuck.filter((one) => one.organizationId === group.partner && one.step === group.step)
  if (here.length === 0 || group.step === null) {
    const model = stuckPage(scene, {
      groups: groupStuck(stuck),
      managesAny: scene.actor.managedSiteIds.length > 0,
      advisers,
    })
    return page('referrals/figures/pages/stuck.njk', model)
  }
  const rows = []
  for (const { id, since } of here.slice(0, shownOfGroup)) {
    const kept = await findReferral(scene.db, id)
    if (kept) rows.push({ kept, since })
  }
  const model = stuckListPage(scene, {
    step: group.step,
    rows,
    total: here.length,
    people: await peopleOf(
      scene,
      rows.map(({ kept }) => kept),
    ),
    phones: await phonesOf(
      scene,
      rows.map(({ kept }) => kept),
    ),
    advisers,
    staff: await listStaff(scene.db),
    chosen: refused?.chosen ?? [],
    to: refused?.to ?? '',
    problems: refused ? [{ field: refused.to === undefined ? 'to' : 'referral', key: refused.key }] : [],
  })
  return page('referrals/figures/pages/stuck-list.njk', model, { status: refused ? 400 : 200 })
}

/** Gives those of the managed sites that the adviser may see; says how many. */
async function give(scene: Scene, ids: readonly ReferralId[], to: StaffMember): Promise<number> {
  const actor = { kind: 'adviser', id: scene.actor.id, name: scene.actor.name } as const
  let given = 0
  for (const id of ids) {
    const kept = await findReferral(scene.db, id)
    const isManaged = kept && scene.actor.managedSiteIds.includes(kept.file.siteId)
    // Whoever is not named on a restricted file could not open what they were given.
    const isOpenToThem = kept && (kept.file.restrictedTo === null || kept.file.restrictedTo.includes(to.id))
    if (!isManaged || !isOpenToThem || kept.file.adviserId === to.id) continue
    const done = await reassign(scene, { id, to: { id: to.id, name: to.name }, actor })
    if (done.ok) given++
  }
  return given
}

/** Advisers who work at a managed site. */
async function advisersOf(scene: Scene): Promise<readonly StaffMember[]> {
  const { managedSiteIds } = scene.actor
  return (await listStaff(scene.db)).filter(
    ({ state, roles: theirs, siteIds }) =>
      state === 'active' && theirs.includes('adviser') && siteIds.some((id) => managedSiteIds.includes(id)),
  )
}

/** Names of those whose files are open to this person. */
async function peopleOf(scene: Scene, all: readonly KeptReferral[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const [id, client] of await findClients(
    scene.db,
    all.map(({ file }) => file.clientId),
  ))
    if (!(await mustGiveReason(scene, client))) names.set(id, fullName(client))
  return names
}

async function phonesOf(scene: Scene, all: readonly KeptReferral[]): Promise<ReadonlyMap<string, string>> {
  const phones = new Map<string, string>()
  for (const id of new Set(all.map(({ file }) => file.serviceId))) {
    const phone = (await findService(scene.db, id))?.phone
    if (phone) phones.set(id, phone)
  }
  return phones
}

function addressOf({ partner, step }: z.infer<typeof inGroup>): string {
  return step === null ? '/referrals/stuck' : `/referrals/stuck?${new URLSearchParams({ partner, step }).toString()}`
}
