// The partner's answer: one link that opens one question and nothing else. A GET changes nothing, and what it shows is about
// nobody, so the question stands there at once: choose, send.

import { z } from 'zod'
import {
  notFound,
  page,
  redirect,
  type Answer,
  type OtherActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { answerQuestion } from './capacity.acts.ts'
import { findQuestion, questionOfSecret, type QuestionBearer } from './capacity.store.ts'
import { isOpen, type CapacityQuestion } from './question.ts'
import { readAnswer } from './question.form.ts'
import { answeredPage, answerPage, deadQuestionPage } from './pages/answer-places.page.ts'

type LinkScene = Scene<OtherActor>

const template = 'referrals/capacity/pages/answer-places.njk'
const doneTemplate = 'referrals/capacity/pages/answered-places.njk'

const bearer = {
  params: z.object({ token: z.string() }),
  find: questionOfSecret,
  become: ({ networkId, organizationId, id }: QuestionBearer) =>
    ({ role: 'link', networkId, organizationId, questionId: id }) as const,
  missing: (scene: LinkScene) => page(doneTemplate, deadQuestionPage(scene), { status: 404 }),
}

export function capacityLinkRoutes(routes: Routes): void {
  routes.link('GET', '/q/:token', bearer, async (scene, { bearer: { id } }) => {
    const question = (await findQuestion(scene.db, id)) ?? notFound()
    return isOpen(question, scene.now)
      ? page(template, answerPage(scene, { question, side: 'partner', back: null, body: {}, problems: [] }))
      : overAnswer(scene, question)
  })

  routes.link('POST', '/q/:token', bearer, async (scene, { bearer: { id }, params, body }) => {
    const question = (await findQuestion(scene.db, id)) ?? notFound()
    if (!isOpen(question, scene.now)) return overAnswer(scene, question)
    const said = readAnswer(body, scene.today)
    if (!said.ok) {
      const model = answerPage(scene, { question, side: 'partner', back: null, body, problems: said.problem })
      return page(template, model, { status: 400 })
    }
    const by = { by: 'partner', name: question.organizationName, told: null } as const
    await answerQuestion(scene, id, { ...said.value, ...by })
    return redirect(`/q/${params.token}`)
  })
}

/** Answered, by whoever was first: what was said. Past its time: that it is. */
function overAnswer(scene: LinkScene, question: CapacityQuestion): Answer {
  return question.answered === null
    ? page(doneTemplate, deadQuestionPage(scene), { status: 410 })
    : page(doneTemplate, answeredPage(scene, question, question.answered))
}
