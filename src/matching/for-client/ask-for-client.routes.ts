// Across the desk: the client says that a fact is not right, or wants somebody to look again, and their adviser keeps it for them.

import { z } from 'zod'
import { inFile, type Client } from '#clients/index.ts'
import {
  idOf,
  oneOf,
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
import type { Catalogues } from '#platform/i18n/index.ts'
import { newId, parseId } from '#platform/ids.ts'
import type { KeptRecommendation } from '../recommendations.store.ts'
import { speechOfReader } from '../together/clients-language.scene.ts'
import { marksOf, recommendationOfFile } from '../together/kept-recommendation.scene.ts'
import { insertQuestion } from './for-client.store.ts'
import { makeView } from './make-view.scene.ts'
import { askForPage } from './pages/ask-for.page.ts'
import { questionKinds } from './question.ts'
import type { ClientView } from './view.ts'

interface Drawn {
  readonly client: Client
  readonly recommendation: KeptRecommendation
  readonly view: ClientView
}

const one = {
  roles: ['adviser', 'manager'],
  params: z.object({ id: idOf<'client'>(), recommendation: idOf<'recommendation'>() }),
} as const
const saidForm = z.object({
  kind: oneOf(questionKinds, 'matching.for-client.ask.kind_missing'),
  fact: z.string().catch(''),
  words: optionalText(1000),
})

export function askForClientRoutes(routes: Routes, { catalogues }: { readonly catalogues: Catalogues }): void {
  const at = '/clients/:id/recommendations/:recommendation/ask'

  routes.staff('GET', at, one, (scene, { params }) =>
    within(scene, params, async (drawn) => asking(scene, catalogues, { ...drawn, body: {}, problems: [] })),
  )

  routes.staff('POST', at, one, (scene, { params, body }) =>
    within(scene, params, async (drawn) => {
      const form = readForm(saidForm, body)
      if (!form.ok) return asking(scene, catalogues, { ...drawn, body, problems: form.problem })
      const { kind, fact, words } = form.value
      const isCorrection = kind === 'correction'
      const problems = isCorrection ? problemsOf(drawn.view, fact, words) : []
      if (problems.length > 0) return asking(scene, catalogues, { ...drawn, body, problems })
      const { client, recommendation } = drawn
      const id = parseId<'client_question'>(textOf(body, 'question')) ?? newId<'client_question'>(scene.now.getTime())
      const asked = { kind, fact: isCorrection && fact !== 'other' ? fact : null }
      // Under the id that the ranking was made for, as those that come through its link.
      const file = { ...marksOf(scene, client), clientId: recommendation.clientId }
      const isNew = await insertQuestion(scene.db, file, {
        ...{ ...asked, id, words: words ?? '', linkId: null },
        ...{ recommendationId: recommendation.id, askedAt: scene.now },
      })
      if (isNew)
        await scene.record('matching.client_asked', {
          clientId: client.id,
          subjectId: id,
          facts: { ...asked, by: 'desk' },
        })
      return redirect(`/clients/${client.id}/questions/${id}`, scene.t('matching.for-client.ask.kept'))
    }),
  )
}
// messages: matching.for-client.ask.*

function within(
  scene: Scene,
  { id, recommendation }: { readonly id: Client['id']; readonly recommendation: KeptRecommendation['id'] },
  work: (drawn: Drawn) => Promise<Answer>,
): Promise<Answer> {
  return inFile(scene, id, async (client) => {
    const kept = await recommendationOfFile(scene, client, recommendation)
    return work({ client, recommendation: kept, view: await makeView(scene, client, kept) })
  })
}

function problemsOf({ facts }: ClientView, fact: string, words: string | null): readonly FieldProblem[] {
  const isKnown = fact === 'other' || facts.some(({ code }) => code === fact)
  return [
    ...(isKnown ? [] : [{ field: 'fact', key: 'matching.for-client.ask.fact_missing' }]),
    ...(words === null ? [{ field: 'words', key: 'matching.for-client.ask.words_missing' }] : []),
  ]
}

function asking(
  scene: Scene,
  catalogues: Catalogues,
  drawn: Drawn & { readonly body: FormBody; readonly problems: readonly FieldProblem[] },
): Answer {
  const question = newId<'client_question'>(scene.now.getTime())
  const model = askForPage(scene, speechOfReader(scene, catalogues), { ...drawn, question })
  return page('matching/for-client/pages/ask-for.njk', model, { status: drawn.problems.length > 0 ? 400 : 200 })
}
