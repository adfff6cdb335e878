// A manager's what-if for few places: ask, compare rules, propose one; and the proposal, from which advisers send by hand.

import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { findClients, fullName, mustGiveReason } from '#clients/index.ts'
import { findService, isServiceType, searchServices, type ServiceType } from '#directory/index.ts'
import { findModelVersion } from '#evidence/index.ts'
import {
  idOf,
  notAllowed,
  notFound,
  oneOf,
  page,
  readForm,
  redirect,
  requiredText,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { findStaff, listStaff } from '#staff/index.ts'
import { rules, type Question } from './allocation.ts'
import { allocateJob } from './allocation.jobs.ts'
import {
  clientsOfAllocation,
  findAllocation,
  findProposal,
  insertAllocation,
  insertProposal,
  latestAllocations,
  latestProposals,
  type Allocation,
  type AllocationId,
  type Proposal,
} from './allocations.store.ts'
import { allocationPage } from './pages/allocation.page.ts'
import { allocationsPage, askPage, aversions, type ServiceToAsk } from './pages/ask.page.ts'
import { proposalPage } from './pages/proposal.page.ts'
import { referredSince } from './suitors.store.ts'

const managers = { roles: ['manager'] } as const
const readers = { roles: ['adviser', 'manager'] } as const
const base = '/insights/allocation'
const ofAllocation = z.object({ id: idOf<'allocation'>() })
const ofProposal = z.object({ id: idOf<'proposal'>() })
const ofType = z.object({ type: z.string().catch('') })
/** So many services of a kind are offered at once; a solve of more would keep a manager waiting. */
const mostServices = 200
const mostPlaces = 999
/** Proposals of half a year are listed. */
const daysListed = 183

export function allocationRoutes(routes: Routes): void {
  askingRoutes(routes)
  comparingRoutes(routes)
  proposalRoutes(routes)
}

function askingRoutes(routes: Routes): void {
  routes.staff('GET', base, managers, async (scene) => {
    const since = new Date(scene.now.getTime() - daysListed * 86_400_000)
    const model = allocationsPage(scene, {
      allocations: await latestAllocations(scene.db),
      proposals: await latestProposals(scene.db, since),
      managesAny: scene.actor.managedSiteIds.length > 0,
    })
    return page('matching/allocation/pages/allocations.njk', model)
  })

  routes.staff('GET', `${base}/new`, { ...managers, query: ofType }, async (scene, { query }) =>
    isServiceType(query.type) ? asking(scene, query.type, {}, []) : redirect(base),
  )

  routes.staff('POST', base, managers, async (scene, { body }) => {
    const type = textOf(body, 'type')
    if (!isServiceType(type) || scene.actor.managedSiteIds.length === 0) notFound()
    const services = await servicesOf(scene, type)
    const read = readAsked(services, body)
    if (!read.ok) return asking(scene, type, body, read.problems)
    const question: Question = {
      ...read,
      serviceTypes: [type],
      onlyChosen: textOf(body, 'onlyChosen') !== '',
      seed: randomInt(1, 2 ** 31),
    }
    const asked = { madeBy: scene.actor.id, madeAt: scene.now, siteIds: scene.actor.managedSiteIds, question }
    const id = await insertAllocation(scene.db, scene.network.id, asked)
    await scene.enqueue(allocateJob, { allocationId: id }, { key: id })
    const facts = { services: question.services.length, seed: question.seed, aversion: question.aversion }
    await scene.record('matching.allocation_asked', { subjectId: id, facts })
    return redirect(`${base}/${id}`)
  })
}

async function asking(
  scene: Scene,
  type: ServiceType,
  body: FormBody,
  problems: readonly FieldProblem[],
): Promise<Answer> {
  const model = askPage(scene, { type, services: await servicesOf(scene, type), body, problems })
  return page('matching/allocation/pages/ask.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

async function servicesOf(scene: Scene, type: ServiceType): Promise<readonly ServiceToAsk[]> {
  const found = await searchServices(scene.db, { type }, { page: 1, size: mostServices, today: scene.today })
  // Those with places first: they are what is given out.
  return found.services.toSorted((a, b) => (b.placesFree ?? 0) - (a.placesFree ?? 0))
}

type Asked =
  | ({ readonly ok: true } & Pick<Question, 'services' | 'aversion'>)
  | { readonly ok: false; readonly problems: readonly FieldProblem[] }

/** Places as they were typed, by service. What is empty or 0 is not in question. */
function readAsked(services: readonly ServiceToAsk[], body: FormBody): Asked {
  const problems: FieldProblem[] = []
  const wanted: Question['services'][number][] = []
  for (const { id, name, organizationName } of services) {
    const typed = textOf(body, `places-${id}`).trim()
    const places = typed === '' ? 0 : Number(typed)
    if (!/^\d*$/.test(typed) || places > mostPlaces)
      problems.push({ field: `places-${id}`, key: 'matching.allocation.places_wrong', values: { most: mostPlaces } })
    else if (places > 0) wanted.push({ id, name, organization: organizationName, places })
  }
  const [first] = services
  if (wanted.length === 0 && problems.length === 0 && first)
    problems.push({ field: `places-${first.id}`, key: 'matching.allocation.places_missing' })
  const aversion = aversions.find((each) => String(each) === textOf(body, 'aversion')) ?? 1
  return problems.length > 0 || wanted.length === 0 ? { ok: false, problems } : { ok: true, services: wanted, aversion }
}

const proposing = z.object({
  name: requiredText('matching.allocation.name_missing', 100),
  rule: oneOf(rules, 'matching.allocation.rule_missing'),
})

function comparingRoutes(routes: Routes): void {
  routes.staff('GET', `${base}/:id`, { ...managers, params: ofAllocation }, async (scene, { params }) =>
    compared(scene, await allocationOf(scene, params.id)),
  )

  routes.staff(
    'POST',
    `${base}/:id/proposals`,
    { ...managers, params: ofAllocation },
    async (scene, { params, body }) => {
      const allocation = await allocationOf(scene, params.id)
      if (allocation.state !== 'done') notFound()
      const form = readForm(proposing, body)
      if (!form.ok) return compared(scene, allocation, { body, problems: form.problem })
      const { name, rule } = form.value
      const by = { madeBy: scene.actor.id, madeAt: scene.now, siteIds: allocation.siteIds }
      const id = await insertProposal(scene.db, scene.network.id, { allocationId: allocation.id, name, rule, ...by })
      await scene.record('matching.allocation_proposed', { subjectId: id, facts: { rule, allocation: allocation.id } })
      return redirect(`${base}/proposals/${id}`, scene.t('matching.allocation.proposed'))
    },
  )
}

/** One of the sites that this person manages, all of them: who manages another site sees nothing of it. */
async function allocationOf(scene: Scene, id: AllocationId): Promise<Allocation> {
  const allocation = (await findAllocation(scene.db, id)) ?? notFound()
  return allocation.siteIds.every((site) => scene.actor.managedSiteIds.includes(site)) ? allocation : notAllowed()
}

async function compared(
  scene: Scene,
  allocation: Allocation,
  typed: { readonly body: FormBody; readonly problems: readonly FieldProblem[] } = { body: {}, problems: [] },
): Promise<Answer> {
  const maker = await findStaff(scene.db, allocation.madeBy)
  const model = allocation.modelId && (await findModelVersion(scene.db, allocation.modelId))
  const shown = allocationPage(scene, {
    ...{ allocation, ...typed },
    madeBy: maker?.name ?? '',
    learnedAt: model ? model.learnedAt : null,
  })
  return page('matching/allocation/pages/allocation.njk', shown, { status: typed.problems.length > 0 ? 400 : 200 })
}

function proposalRoutes(routes: Routes): void {
  routes.staff('GET', `${base}/proposals/:id`, { ...readers, params: ofProposal }, async (scene, { params }) => {
    const proposal = (await findProposal(scene.db, params.id)) ?? notFound()
    return page('matching/allocation/pages/proposal.njk', await proposed(scene, proposal))
  })
}

/** A manager sees the clients of the managed sites; an adviser their own. */
async function proposed(scene: Scene, proposal: Proposal) {
  const all = await clientsOfAllocation(scene.db, proposal.allocationId)
  const placed = all.flatMap(({ clientId, recommendationId, waitingDays, got }) => {
    const given = got[proposal.rule]
    return given?.service ? [{ clientId, recommendationId, waitingDays, given, serviceId: given.service }] : []
  })
  const files = await findClients(
    scene.db,
    placed.map(({ clientId }) => clientId),
  )
  const shown = []
  for (const item of placed) {
    const client = files.get(item.clientId)
    const isOwn = client?.adviserId === scene.actor.id
    const isManaged = client !== undefined && scene.actor.managedSiteIds.includes(client.siteId)
    if (!client || !(isOwn || isManaged) || (await mustGiveReason(scene, client))) continue
    shown.push({ ...item, isOwn, client, name: fullName(client) })
  }
  const services = new Map<ServiceId, { readonly name: string; readonly organizationName: string }>()
  for (const id of new Set(shown.map(({ serviceId }) => serviceId))) {
    const service = await findService(scene.db, id)
    if (service) services.set(id, service)
  }
  const ids = shown.flatMap(({ clientId, client }) => [clientId, client.id])
  return proposalPage(scene, {
    ...{ proposal, services, items: shown, seesAll: scene.actor.managedSiteIds.length > 0 },
    madeBy: (await findStaff(scene.db, proposal.madeBy))?.name ?? '',
    staff: new Map((await listStaff(scene.db)).map(({ id, name }) => [id, name])),
    became: await referredSince(scene.db, [...new Set(ids)], proposal.madeAt),
  })
}
