// What a client says across the desk of their ranking, as their adviser writes it down.

import { fullName, type Client } from '#clients/index.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import type { KeptRecommendation } from '../../recommendations.store.ts'
import type { ClientSpeech } from '../../together/clients-language.scene.ts'
import type { QuestionId } from '../question.ts'
import type { ClientView } from '../view.ts'
import { factRows } from './explanation.page.ts'

export function askForPage(
  scene: Scene,
  speech: ClientSpeech,
  at: {
    readonly client: Client
    readonly recommendation: KeptRecommendation
    readonly view: ClientView
    /** Drawn with the form: sent twice it is one. */
    readonly question: QuestionId
    readonly body: FormBody
    readonly problems: readonly FieldProblem[]
  },
): PageModel {
  const { client, recommendation, view, body } = at
  const said = (key: string) => scene.t(`matching.for-client.ask.${key}`)
  const [kind, fact] = [textOf(body, 'kind'), textOf(body, 'fact')]
  const facts = factRows(speech, view).map(({ code, name, value }) => ({
    code,
    text: scene.t('matching.for-client.ask.fact_is', { name, value }),
  }))
  return {
    title: said('title'),
    clientName: fullName(client),
    back: `/clients/${client.id}/recommendations/${recommendation.id}`,
    question: textOf(body, 'question') || at.question,
    isCorrection: kind === 'correction',
    isLookAgain: kind === 'look_again',
    facts: [
      { value: '', text: said('fact_pick'), selected: fact === '' },
      ...facts.map(({ code, text }) => ({ value: code, text, selected: fact === code })),
      { value: 'other', text: scene.t('matching.for-client.fact.other'), selected: fact === 'other' },
    ],
    words: textOf(body, 'words'),
    problems: scene.problems(at.problems),
  }
}
