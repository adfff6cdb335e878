// A client's recommendations: made on request, kept as shown, chosen from.

import { z } from 'zod'
import { idsOfFile, inFile, type Client } from '#clients/index.ts'
import { findModelVersion, rankedByNow } from '#evidence/index.ts'
import {
  idOf,
  noProblems,
  notFound,
  optionalText,
  page,
  readForm,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId, type RecommendationId } from '#platform/ids.ts'
import { findStaff } from '#staff/index.ts'
import { choose } from './choice.ts'
import { personOf, recommendForClient } from './recommend-client.run.ts'
import { standings, type Standing } from './recommend.ts'
import {
  choicesOf,
  findRecommendation,
  insertChoice,
  insertRecommendation,
  latestRecommendation,
  otherRecommendations,
  type FileMarks,
  type KeptRecommendation,
} from './recommendations.store.ts'
import { changesPanel } from './changes/panels/changes.panel.ts'
import { prospectsPanel } from './prospects/panels/prospects.panel.ts'
import { sequencePanel } from './plan/panels/plan.panel.ts'
import { orderFor } from './settings/lottery.store.ts'
import { togetherPanel } from './together/panels/together.panel.ts'
import { asRanked, shownByShape, type ShownBy } from './shown-by.ts'
import { emptyPage, recommendationPage, type Shown } from './pages/recommendations.page.ts'

const advisers = { roles: ['adviser', 'manager'] } as const
const ofClient = z.object({ id: idOf<'client'>() })
const ofRecommendation = z.object({ id: idOf<'client'>(), recommendation: idOf<'recommendation'>() })
const taken = z.object({
  follows: z
    .string()
    .catch('')
    .transform((text) => parseId<'referral'>(text)),
})
const shownList = taken.extend({
  ...shownByShape.shape,
  list: z.enum(standings).nullable().catch(null).default(null),
  why: z.string().max(200).catch('').default(''),
  from: z.coerce.number().int().min(0).max(1e6).catch(0).default(0),
})
const choiceForm = z.object({ words: optionalText(500) })

export function matchingRoutes(routes: Routes): void {
  routes.staff(
    'GET',
    '/clients/:id/recommendations',
    { ...advisers, params: ofClient, query: taken },
    (scene, { params, query }) =>
      inFile(scene, params.id, async (client) => {
        const latest = await latestRecommendation(scene.db, await idsOfFile(scene.db, client.id))
        return latest
          ? shownPage(scene, { client, recommendation: latest, follows: query.follows })
          : page(template, emptyPage(scene, client, query.follows))
      }),
  )

  routes.staff(
    'POST',
    '/clients/:id/recommendations',
    { ...advisers, params: ofClient, query: taken },
    (scene, { params, query }) =>
      inFile(scene, params.id, async (client) => {
        const clientIds = await idsOfFile(scene.db, client.id)
        const order = await orderFor(scene.db, { networkId: scene.network.id, clientId: client.id, clientIds })
        const made = await recommendForClient(scene.db, client, scene, order)
        const by = { madeBy: scene.actor.id, madeAt: scene.now }
        const id = await insertRecommendation(scene.db, marksOf(scene, client), { ...made, ...by })
        await scene.record('matching.recommended', {
          clientId: client.id,
          subjectId: id,
          facts: {
            ...{ model: made.modelId, rankedBy: made.rankedBy, orderedBy: order.by },
            ...{ services: made.services.length, estimates: made.estimates.length },
          },
        })
        const follows = query.follows === null ? '' : `?follows=${query.follows}`
        return redirect(`/clients/${client.id}/recommendations/${id}${follows}`)
      }),
  )

  routes.staff(
    'GET',
    '/clients/:id/recommendations/:recommendation',
    { ...advisers, params: ofRecommendation, query: shownList },
    (scene, { params, query }) =>
      inFile(scene, params.id, async (client) => {
        const recommendation = await recommendationOf(scene, client, params.recommendation)
        const list = query.list ? { standing: query.list, from: query.from } : null
        const { only, sort, why } = query
        return shownPage(scene, { client, recommendation, list, follows: query.follows, shownBy: { only, sort }, why })
      }),
  )

  routes.staff(
    'POST',
    '/clients/:id/recommendations/:recommendation/choices',
    { ...advisers, params: ofRecommendation, query: shownList },
    (scene, { params, query, body }) =>
      inFile(scene, params.id, async (client) => {
        const recommendation = await recommendationOf(scene, client, params.recommendation)
        const { only, sort, follows } = query
        return chooseFrom(scene, { client, recommendation, body, follows, shownBy: { only, sort } })
      }),
  )
}

const template = 'matching/pages/recommendations.njk'

async function chooseFrom(
  scene: Scene,
  {
    client,
    recommendation,
    body,
    follows,
    shownBy,
  }: Required<Pick<Drawing, 'client' | 'recommendation' | 'body' | 'follows' | 'shownBy'>>,
): Promise<Answer> {
  const serviceId = textOf(body, 'service')
  const form = readForm(choiceForm, body)
  const words = form.ok ? form.value.words : null
  const choice = choose(recommendation, { serviceId, reason: textOf(body, 'reason'), words })
  if (!choice.ok && choice.problem === 'not_in_ranking') notFound()
  if (!choice.ok || !form.ok) {
    const problems: FieldProblem[] = [
      ...(choice.ok ? [] : [{ field: `reason-${serviceId}`, key: 'matching.choice.reason_missing' }]),
      ...(form.ok ? [] : form.problem.map((problem) => ({ ...problem, field: `words-${serviceId}` }))),
    ]
    const standing = recommendation.services.find(({ id }) => id === serviceId)?.standing ?? 'eligible'
    return shownPage(scene, {
      client,
      recommendation,
      body,
      problems,
      list: listWith(recommendation, serviceId, standing),
      follows,
      shownBy,
    })
  }
  const { service, reason } = choice.value
  const isNew = await insertChoice(scene.db, marksOf(scene, client), {
    ...choice.value,
    recommendationId: recommendation.id,
    chosenBy: scene.actor.id,
    chosenAt: scene.now,
    shownBy,
  })
  const facts = { service: service.id, rank: service.rank, reason }
  if (isNew) await scene.record('matching.chosen', { clientId: client.id, subjectId: recommendation.id, facts })
  const query = new URLSearchParams({
    service: service.id,
    recommendation: recommendation.id,
    ...(reason ? { reason } : {}),
    ...(follows === null ? {} : { follows }),
  })
  return redirect(`/clients/${client.id}/referrals/new?${query.toString()}`)
}

/** The part of the list in which the service stands, so that its form comes back on the page. */
function listWith({ services }: KeptRecommendation, serviceId: string, standing: Standing): Shown['list'] {
  const place = services.filter((service) => service.standing === standing).findIndex(({ id }) => id === serviceId)
  return { standing, from: Math.max(0, place) }
}

interface Drawing {
  readonly client: Client
  readonly recommendation: KeptRecommendation
  readonly list?: Shown['list']
  readonly follows?: Shown['follows']
  readonly shownBy?: ShownBy
  /** The service that is looked for: why is it not here? */
  readonly why?: string
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

async function shownPage(scene: Scene, drawing: Drawing): Promise<Answer> {
  const { client, recommendation, list = null, follows = null, body = {}, problems = [] } = drawing
  const { shownBy = asRanked, why = '' } = drawing
  const maker = await findStaff(scene.db, recommendation.madeBy)
  const model = recommendation.modelId ? await findModelVersion(scene.db, recommendation.modelId) : null
  const now = await personOf(scene.db, client, scene)
  const shown: Shown = {
    client,
    recommendation,
    choices: await choicesOf(scene.db, recommendation.id),
    madeBy: maker?.name ?? '',
    earlier: await otherRecommendations(scene.db, await idsOfFile(scene.db, client.id), recommendation.id),
    evidence: model,
    isModelOff: recommendation.estimates.length > 0 && (await rankedByNow(scene.db)) !== 'model',
    isOutdated: JSON.stringify(sorted(now)) !== JSON.stringify(sorted(recommendation.person)),
    list,
    follows,
    together: await togetherPanel(scene, { client, recommendation }, follows),
    above: list === null ? [await prospectsPanel(scene, recommendation)] : [],
    below:
      list === null
        ? [
            changesPanel(scene, { ...recommendation, clientId: client.id }),
            await sequencePanel(scene, client, recommendation),
          ]
        : [],
    shownBy,
    why,
    body,
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
  }
  return page(template, recommendationPage(scene, shown), { status: problems.length > 0 ? 400 : 200 })
}

/** The database gives the keys of a JSON object in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

async function recommendationOf(scene: Scene, client: Client, id: RecommendationId): Promise<KeptRecommendation> {
  const recommendation = (await findRecommendation(scene.db, id)) ?? notFound()
  const own = await idsOfFile(scene.db, client.id)
  return own.includes(recommendation.clientId) ? recommendation : notFound()
}

function marksOf(scene: Scene, client: Client): FileMarks {
  const { id: clientId, siteId, restrictedTo } = client
  return { networkId: scene.network.id, clientId, siteId, restrictedTo }
}
