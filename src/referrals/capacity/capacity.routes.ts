// Staff ask whether a service has places, from its page, the ranking or the sending page, and record what was said by phone.

import { z } from 'zod'
import { findService, type Service } from '#directory/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId, type ServiceId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { answerQuestion, askForPlaces, newQuestionId } from './capacity.acts.ts'
import { dismiss, findQuestion, questionsAbout } from './capacity.store.ts'
import { isOpen, type CapacityQuestion, type QuestionId } from './question.ts'
import { readAnswer, readWanted } from './question.form.ts'
import { answerPage } from './pages/answer-places.page.ts'
import { askPage } from './pages/ask-places.page.ts'

const roles = ['adviser', 'manager'] as const
const ofService = { roles, params: z.object({ id: idOf<'service'>() }) } as const
const asked = z.object({ client: z.string().catch('') })
const ofQuestion = { roles, params: z.object({ id: idOf<'capacity_question'>() }) } as const

export function capacityRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  routes.staff('GET', '/services/:id/ask-places', { ...ofService, query: asked }, async (scene, { params, query }) => {
    const service = await serviceOf(scene, params.id)
    return showForm(scene, service, { body: { client: query.client, places: '1' }, problems: [] })
  })

  routes.staff('POST', '/services/:id/ask-places', ofService, async (scene, { params, body }) => {
    const service = await serviceOf(scene, params.id)
    const wanted = readWanted(body, scene.today)
    if (!wanted.ok) return showForm(scene, service, { body, problems: wanted.problem })
    const id = parseId<'capacity_question'>(textOf(body, 'question')) ?? newQuestionId(scene.now)
    const asker = { id: scene.actor.id, name: scene.actor.name }
    const done = await askForPlaces(scene, keys, { id, service, wanted: wanted.value, asker })
    const notice = done.isJoined ? 'joined' : service.email === null ? 'ring' : 'asked'
    return redirect(backOf(service.id, body), scene.t(`referrals.capacity.notice.${notice}`))
  })

  routes.staff('GET', '/capacity-questions/:id/answer', ofQuestion, async (scene, { params }) => {
    const question = (await findQuestion(scene.db, params.id)) ?? notFound()
    if (!isOpen(question, scene.now)) return redirect(`/services/${question.serviceId}`)
    return showAnswer(scene, question, { body: {}, problems: [] })
  })

  routes.staff('POST', '/capacity-questions/:id/answer', ofQuestion, async (scene, { params, body }) => {
    const question = (await findQuestion(scene.db, params.id)) ?? notFound()
    const said = readAnswer(body, scene.today)
    if (!said.ok) return showAnswer(scene, question, { body, problems: said.problem })
    const isKept = await answerQuestion(scene, params.id, {
      ...said.value,
      by: 'staff',
      name: scene.actor.name,
      told: scene.actor.id,
    })
    const notice = isKept ? 'referrals.capacity.notice.recorded' : 'referrals.capacity.notice.quicker'
    return redirect(`/services/${question.serviceId}`, scene.t(notice))
  })

  routes.staff('POST', '/capacity-questions/:id/dismiss', ofQuestion, async (scene, { params }) => {
    await dismiss(scene.db, params.id, scene.actor.id, scene.now)
    return redirect('/today')
  })
}
// messages: referrals.capacity.notice.*

interface Filled {
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

async function showForm(scene: Scene, service: Service, { body, problems }: Filled): Promise<Answer> {
  const open = (await questionsAbout(scene.db, service.id)).find((question) => isOpen(question, scene.now)) ?? null
  const question: QuestionId = parseId<'capacity_question'>(textOf(body, 'question')) ?? newQuestionId(scene.now)
  const model = askPage(scene, { service, open, question, back: backOf(service.id, body), body, problems })
  return page('referrals/capacity/pages/ask-places.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

function showAnswer(scene: Scene, question: CapacityQuestion, { body, problems }: Filled): Answer {
  const model = answerPage(scene, { question, side: 'staff', back: `/services/${question.serviceId}`, body, problems })
  return page('referrals/capacity/pages/answer-places.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

async function serviceOf(scene: Scene, id: ServiceId): Promise<Service> {
  return (await findService(scene.db, id)) ?? notFound()
}

/** Whoever came from sending a referral goes back to it; the question itself never learns for whom it was asked. */
function backOf(serviceId: ServiceId, body: FormBody): string {
  const client = parseId<'client'>(textOf(body, 'client'))
  return client === null ? `/services/${serviceId}` : `/clients/${client}/referrals/new?service=${serviceId}`
}
