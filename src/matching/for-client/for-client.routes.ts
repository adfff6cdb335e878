// The adviser gives a client their own view of a recommendation, on paper or by a link, and answers what they ask of it.

import { z } from 'zod'
import { idsOfFile, inFile, type Client } from '#clients/index.ts'
import {
  idOf,
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
import type { Catalogues } from '#platform/i18n/index.ts'
import type { Keys } from '#platform/secrets.ts'
import type { KeptRecommendation } from '../recommendations.store.ts'
import { clientsLanguage, speechOfReader } from '../together/clients-language.scene.ts'
import { marksOf, recommendationOfFile } from '../together/kept-recommendation.scene.ts'
import { askForClientRoutes } from './ask-for-client.routes.ts'
import { findQuestion, insertAnswer, liveViewLink, revokeViewLinks } from './for-client.store.ts'
import { answerMail, mailLink, renewViewLink, viewAddress, viewMail, whyNoMail } from './links.acts.ts'
import { makeView } from './make-view.scene.ts'
import { explanationOf, factRows } from './pages/explanation.page.ts'
import { letterHref, letterPage, questionPage } from './pages/for-client.page.ts'
import { answersOf, type AnswerCode, type ClientQuestion, type QuestionKind } from './question.ts'

export interface ForClientTools {
  readonly keys: Keys
  readonly catalogues: Catalogues
  readonly publicUrl: string
}

const roles = ['adviser', 'manager'] as const
const one = { roles, params: z.object({ id: idOf<'client'>(), recommendation: idOf<'recommendation'>() }) }
const asked = { roles, params: z.object({ id: idOf<'client'>(), question: idOf<'client_question'>() }) }

const endMissing = 'matching.for-client.question.end_missing'
const answerForms: Readonly<Record<QuestionKind, z.ZodType<{ end: AnswerCode; answer: string }>>> = {
  correction: answerForm(answersOf.correction),
  look_again: answerForm(answersOf.look_again),
}

export function forClientRoutes(routes: Routes, tools: ForClientTools): void {
  const at = '/clients/:id/recommendations/:recommendation/letter'
  askForClientRoutes(routes, tools)

  routes.staff('GET', at, one, (scene, { params }) =>
    inFile(scene, params.id, async (client) =>
      letterAnswer(scene, tools, {
        client,
        recommendation: await recommendationOfFile(scene, client, params.recommendation),
      }),
    ),
  )

  routes.staff('POST', at, one, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const recommendation = await recommendationOfFile(scene, client, params.recommendation)
      const { speech } = languageFor(scene, tools, client)
      const link = await renewViewLink(scene, tools.keys, {
        ...{ recommendationId: recommendation.id, locale: speech.locale, madeBy: scene.actor.id },
        // Under the id that it was made for, so that its link goes on after two files became one.
        file: { ...marksOf(scene, client), clientId: recommendation.clientId },
        view: await makeView(scene, client, recommendation),
      })
      const isMailed = textOf(body, 'by') === 'mail' && (await mailLink(scene, viewMail, link)) === null
      await scene.record('matching.client_view_given', {
        ...{ clientId: client.id, subjectId: recommendation.id },
        facts: { mailed: isMailed, locale: link.locale },
      })
      const done = scene.t(isMailed ? 'matching.for-client.page.mailed' : 'matching.for-client.page.made')
      return redirect(letterHref(client, recommendation), done)
    }),
  )

  routes.staff('POST', `${at}/revoke`, one, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const recommendation = await recommendationOfFile(scene, client, params.recommendation)
      await revokeViewLinks(scene.db, recommendation.id, scene.now)
      await scene.record('matching.client_view_revoked', { clientId: client.id, subjectId: recommendation.id })
      return redirect(letterHref(client, recommendation), scene.t('matching.for-client.page.revoked'))
    }),
  )

  routes.staff('GET', '/clients/:id/questions/:question', asked, (scene, { params }) =>
    inQuestion(scene, params, (subject) => questionAnswer(scene, tools, { ...subject, body: {}, problems: [] })),
  )

  routes.staff('POST', '/clients/:id/questions/:question', asked, (scene, { params, body }) =>
    inQuestion(scene, params, (subject) => answerQuestion(scene, tools, { ...subject, body })),
  )
}

interface Asked {
  readonly client: Client
  readonly question: ClientQuestion
}

function inQuestion(
  scene: Scene,
  params: { readonly id: Client['id']; readonly question: ClientQuestion['id'] },
  work: (subject: Asked) => Promise<Answer>,
): Promise<Answer> {
  return inFile(scene, params.id, async (client) => {
    const question = (await findQuestion(scene.db, params.question)) ?? notFound()
    const own = await idsOfFile(scene.db, client.id)
    return own.includes(question.clientId) ? work({ client, question }) : notFound()
  })
}

async function answerQuestion(
  scene: Scene,
  tools: ForClientTools,
  { client, question, body }: Asked & { readonly body: FormBody },
): Promise<Answer> {
  const form = readForm(answerForms[question.kind], body)
  if (!form.ok) return questionAnswer(scene, tools, { client, question, body, problems: form.problem })
  const { end, answer } = form.value
  const back = `/clients/${client.id}/questions/${question.id}`
  const said = { code: end, words: answer, by: scene.actor.id, at: scene.now }
  const isFirst = await insertAnswer(scene.db, question.id, said)
  if (!isFirst) return redirect(back, scene.t('matching.for-client.question.twice'))
  await scene.record('matching.client_answered', {
    ...{ clientId: client.id, subjectId: question.id },
    facts: { kind: question.kind, end },
  })
  const link = await liveViewLink(scene.db, question.recommendationId, scene.now)
  if (!link) return redirect(back, scene.t('matching.for-client.question.done_no_page'))
  const isMailed = (await mailLink(scene, answerMail, link)) === null
  return redirect(
    back,
    scene.t(isMailed ? 'matching.for-client.question.done_mailed' : 'matching.for-client.question.done'),
  )
}

async function questionAnswer(
  scene: Scene,
  tools: ForClientTools,
  drawn: Asked & { readonly body: FormBody; readonly problems: readonly FieldProblem[] },
): Promise<Answer> {
  // The adviser reads what the fact is called on the client's page, in the adviser's own language.
  const speech = speechOfReader(scene, tools.catalogues)
  const { client, question } = drawn
  const recommendation = await recommendationOfFile(scene, client, question.recommendationId)
  const rows = factRows(speech, await makeView(scene, client, recommendation))
  const used = rows.find(({ code }) => code === question.fact)?.value ?? null
  const status = drawn.problems.length > 0 ? 400 : 200
  return page('matching/for-client/pages/question.njk', questionPage(scene, speech, { ...drawn, used }), { status })
}

async function letterAnswer(
  scene: Scene,
  tools: ForClientTools,
  { client, recommendation }: { readonly client: Client; readonly recommendation: KeptRecommendation },
): Promise<Answer> {
  const { speech, missing } = languageFor(scene, tools, client)
  const link = await liveViewLink(scene.db, recommendation.id, scene.now)
  const address = link && viewAddress(tools.keys, link, tools.publicUrl)
  const view = await makeView(scene, client, recommendation)
  const letter = explanationOf(speech, { view, timeZone: scene.network.timeZone, address })
  const noMail = await whyNoMail(scene, client)
  return page(
    'matching/for-client/pages/letter.njk',
    letterPage(scene, { client, recommendation, letter, missing, link, address, noMail }),
  )
}

const titleKey = 'matching.for-client.letter.title'

function languageFor(scene: Scene, { catalogues }: ForClientTools, { language }: Client) {
  return clientsLanguage(scene, catalogues, { language, key: titleKey })
}

function answerForm<const Ends extends readonly [string, ...string[]]>(ends: Ends) {
  return z.object({
    end: oneOf(ends, endMissing),
    answer: requiredText('matching.for-client.question.answer_missing', 1000),
  })
}
