// What a client does with their own view of a recommendation: opens it, says what is not right, asks a person to look again. As
// `waypost_client`: what lies with their link, and nothing of the file.

import type { OtherActor, Scene } from '#platform/http/index.ts'
import type { ClientQuestion, QuestionId, QuestionKind } from './question.ts'
import {
  insertQuestion,
  markViewOpened,
  questionsOfRecommendation,
  viewOfLink,
  type ViewLink,
} from './for-client.store.ts'
import type { ClientView } from './view.ts'

export { viewLinkOfSecret } from './for-client.store.ts'
export { explanationOf, factName, factRows } from './pages/explanation.page.ts'
export { speechIn, type ClientSpeech } from '../together/clients-language.scene.ts'

type ClientScene = Scene<OtherActor>

export interface OpenView {
  readonly view: ClientView
  readonly questions: readonly ClientQuestion[]
}

/** They have pressed "Show": remembered once, and traced. */
export async function openAsClient(scene: ClientScene, link: ViewLink): Promise<void> {
  await markViewOpened(scene.db, link.id, scene.now)
  await scene.record('matching.client_opened', { clientId: link.clientId, subjectId: link.recommendationId })
}

/** What their pages show; null where there is nothing any more. */
export async function openView(scene: ClientScene, link: ViewLink): Promise<OpenView | null> {
  const view = await viewOfLink(scene.db, link.id)
  return view && { view, questions: await questionsOfRecommendation(scene.db, link.recommendationId) }
}

/** More open questions than one conversation holds: they are asked to talk instead. */
const mostQuestions = 20

export interface Asking {
  /** Drawn with the form: sent twice it is one. */
  readonly id: QuestionId
  readonly kind: QuestionKind
  readonly fact: string | null
  readonly words: string
}

/** Keeps the question for their adviser. `too_many`: it is not kept. `waiting`: somebody was asked to look again, and has not
 *  answered yet; asked once more it is still one. */
export async function askAsClient(
  scene: ClientScene,
  link: ViewLink,
  asking: Asking,
): Promise<'asked' | 'too_many' | 'waiting'> {
  const before = await questionsOfRecommendation(scene.db, link.recommendationId)
  const open = before.filter(({ answer }) => answer === null)
  if (open.length >= mostQuestions) return 'too_many'
  const isWaiting = open.some(({ id, kind }) => kind === 'look_again' && id !== asking.id)
  if (asking.kind === 'look_again' && isWaiting) return 'waiting'
  const isNew = await insertQuestion(scene.db, link, {
    ...asking,
    ...{ linkId: link.id, recommendationId: link.recommendationId, askedAt: scene.now },
  })
  const facts = { kind: asking.kind, fact: asking.fact }
  if (isNew) await scene.record('matching.client_asked', { clientId: link.clientId, subjectId: asking.id, facts })
  return 'asked'
}
