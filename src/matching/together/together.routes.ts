// Looking at a recommendation together: the adviser picks what stands side by side and turns the screen; what the client says is
// kept.

import { z } from 'zod'
import { inFile, type Client } from '#clients/index.ts'
import { findService, placesOfService, rulesOfService } from '#directory/index.ts'
import {
  idOf,
  optionalText,
  page,
  readForm,
  redirect,
  textOf,
  textsOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { Catalogues } from '#platform/i18n/index.ts'
import type { RecommendationId } from '#platform/ids.ts'
import { marksOf, recommendationOfFile } from './kept-recommendation.scene.ts'
import type { RankedService } from '../recommend.ts'
import type { KeptRecommendation } from '../recommendations.store.ts'
import { clientsLanguage, type ClientsLanguage } from './clients-language.scene.ts'
import { insertOrder } from './client-orders.store.ts'
import { pickPage, pickProblem, togetherHref } from './pages/pick.page.ts'
import type { ServiceNow } from './pages/option.page.ts'
import { screenPage } from './pages/screen.page.ts'
import { namedOption, offeredOptions, orderOf, pickOptions, usualOptions } from './together.ts'

export interface TogetherTools {
  readonly catalogues: Catalogues
}

const one = {
  roles: ['adviser', 'manager'],
  params: z.object({ id: idOf<'client'>(), recommendation: idOf<'recommendation'>() }),
} as const
const texts = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string()))
const picked = z.object({ service: texts.catch([]).default([]), other: z.string().catch('').default('') })
type Picked = z.infer<typeof picked>

const orderForm = z.object({ words: optionalText(1000) })

export function togetherRoutes(routes: Routes, tools: TogetherTools): void {
  const at = '/clients/:id/recommendations/:recommendation/together'

  routes.staff('GET', at, { ...one, query: picked }, (scene, { params, query }) =>
    within(scene, params, async (subject) => picking(scene, tools, { ...subject, picked: query, problems: [] })),
  )

  routes.staff('GET', `${at}/screen`, { ...one, query: picked }, (scene, { params, query }) =>
    within(scene, params, async (subject) => {
      const named = query.other.trim() === '' ? null : namedOption(subject.recommendation, query.other)
      if (named === undefined) return refusedPick(scene, tools, { ...subject, picked: query, isByName: true })
      const ids = [...query.service, ...(named ? [named.id] : [])]
      const options = pickOptions(subject.recommendation, ids)
      if (!options.ok) {
        const isByName = options.problem.kind === 'not_eligible' && options.problem.service.id === named?.id
        return refusedPick(scene, tools, { ...subject, picked: query, isByName, problem: options.problem })
      }
      const { speech } = languageFor(scene, tools, subject.client)
      await scene.record('matching.shown_together', {
        clientId: subject.client.id,
        subjectId: subject.recommendation.id,
        facts: { services: options.value.map(({ id }) => id), locale: speech.locale },
      })
      return turned(scene, tools, { ...subject, options: options.value, body: {}, problems: [] })
    }),
  )

  routes.staff('POST', at, one, (scene, { params, body }) =>
    within(scene, params, (subject) => keepOrder(scene, tools, { ...subject, body })),
  )
}

interface Subject {
  readonly client: Client
  readonly recommendation: KeptRecommendation
}

function within(
  scene: Scene,
  { id, recommendation }: { readonly id: Client['id']; readonly recommendation: RecommendationId },
  work: (subject: Subject) => Promise<Answer>,
): Promise<Answer> {
  return inFile(scene, id, async (client) =>
    work({ client, recommendation: await recommendationOfFile(scene, client, recommendation) }),
  )
}

async function keepOrder(
  scene: Scene,
  tools: TogetherTools,
  { client, recommendation, body }: Subject & { readonly body: FormBody },
): Promise<Answer> {
  const options = pickOptions(recommendation, textsOf(body, 'service'))
  const back = `/clients/${client.id}/recommendations/${recommendation.id}`
  if (!options.ok) return redirect(togetherHref(client, recommendation))
  const shown = options.value.map(({ id }) => id)
  const order = orderOf(shown, new Map(shown.map((id) => [id, textOf(body, `place-${id}`)])))
  const form = readForm(orderForm, body)
  const problems: FieldProblem[] = [
    ...(order.ok ? [] : [{ field: 'place-1-1', key: `matching.together.order.${order.problem}` }]),
    ...(form.ok ? [] : form.problem),
  ]
  if (!order.ok || !form.ok)
    return turned(scene, tools, { client, recommendation, options: options.value, body, problems })
  const isNew = await insertOrder(scene.db, marksOf(scene, client), {
    ...order.value,
    recommendationId: recommendation.id,
    locale: languageFor(scene, tools, client).speech.locale,
    words: form.value.words,
    recordedBy: scene.actor.id,
    recordedAt: scene.now,
  })
  const facts = { wanted: order.value.wanted, turnedDown: order.value.turnedDown }
  if (isNew) await scene.record('matching.client_ordered', { clientId: client.id, subjectId: recommendation.id, facts })
  return redirect(back, scene.t('matching.together.order.kept'))
}
// messages: matching.together.order.nothing_said, matching.together.order.same_place

async function turned(
  scene: Scene,
  tools: TogetherTools,
  {
    client,
    recommendation,
    options,
    body,
    problems,
  }: Subject & {
    readonly options: readonly RankedService[]
    readonly body: FormBody
    readonly problems: readonly FieldProblem[]
  },
): Promise<Answer> {
  const { speech } = languageFor(scene, tools, client)
  const action = togetherHref(client, recommendation)
  const query = options.map(({ id }) => `service=${id}`).join('&')
  const shown = []
  for (const ranked of options) shown.push({ ranked, now: await serviceNow(scene, ranked) })
  const model = screenPage(speech, {
    ...{ recommendation, options: shown, body, problems, action },
    back: `${action}?${query}`,
  })
  const status = problems.length > 0 ? 400 : 200
  return page('matching/together/pages/screen.njk', model, { status, words: speech.words })
}

/** What the directory says of it today; the order stays that of the recommendation. */
async function serviceNow({ db }: Scene, { id }: RankedService): Promise<ServiceNow> {
  return {
    service: await findService(db, id),
    places: await placesOfService(db, id),
    rules: (await rulesOfService(db, id)).map(({ rule }) => rule),
  }
}

interface Picking extends Subject {
  readonly picked: Picked
  readonly problems: readonly FieldProblem[]
}

function picking(scene: Scene, tools: TogetherTools, { client, recommendation, picked: asked, problems }: Picking) {
  const { speech, missing } = languageFor(scene, tools, client)
  const isNew = asked.service.length === 0 && problems.length === 0
  const usual = usualOptions(recommendation).map(({ id }) => id)
  const model = pickPage(scene, {
    ...{ client, recommendation, problems, missing },
    language: speech.locale,
    offered: offeredOptions(recommendation, asked.service).filter(({ standing }) => standing !== 'not_eligible'),
    ticked: isNew ? usual : asked.service,
    other: asked.other,
  })
  return page('matching/together/pages/pick.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

function refusedPick(
  scene: Scene,
  tools: TogetherTools,
  {
    problem = { kind: 'not_in_ranking' },
    isByName,
    ...at
  }: Subject & {
    readonly picked: Picked
    readonly isByName: boolean
    readonly problem?: Parameters<typeof pickProblem>[1]
  },
) {
  return picking(scene, tools, { ...at, problems: [pickProblem(scene, problem, isByName)] })
}

function languageFor(scene: Scene, { catalogues }: TogetherTools, { language }: Client): ClientsLanguage {
  return clientsLanguage(scene, catalogues, { language, key: 'matching.together.screen.title' })
}
