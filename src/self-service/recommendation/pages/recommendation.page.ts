// A client's own pages of a recommendation, in short sentences and in their language.

import { forClient } from '#matching/index.ts'
import {
  noProblems,
  textOf,
  type FieldProblem,
  type FormBody,
  type PageModel,
  type Scene,
} from '#platform/http/index.ts'

type Speech = forClient.ClientSpeech
type View = forClient.OpenView['view']

// messages: self-service.recommendation.*

const key = (name: string) => `self-service.recommendation.${name}`

export function doorPage({ t }: Speech, { network }: Pick<Scene, 'network'>): PageModel {
  return { title: t(key('door_title')), door: t(key('door_text'), { network: network.name }) }
}

export function deadPage({ t }: Pick<Scene, 't'>, kind: 'unknown' | 'over'): PageModel {
  return { title: t(key(`${kind}_title`)), says: t(key(`${kind}_text`)) }
}

export function whyPage(
  speech: Speech,
  { view, questions, base, timeZone }: forClient.OpenView & { readonly base: string; readonly timeZone: string },
): PageModel {
  const letter = forClient.explanationOf(speech, { view, timeZone, address: null })
  return {
    title: letter.title,
    letter,
    questions: questions.map((question) => ({
      asked: speech.t(key(`asked_${question.kind}`), { when: speech.moment(question.askedAt) }),
      fact: question.fact === null ? null : forClient.factName(speech, question.fact),
      words: question.words,
      end: speech.t(key(question.answer ? `end_${question.answer.code}` : 'end_open'), { name: view.adviserName }),
      answer: question.answer?.words ?? null,
    })),
    wrongHref: `${base}/wrong`,
    againHref: `${base}/again`,
    problems: noProblems,
  }
}

interface Asking {
  readonly view: View
  readonly base: string
  /** Drawn with the form: sent twice it is one. */
  readonly question: string
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function wrongPage(speech: Speech, at: Asking): PageModel {
  const chosen = textOf(at.body, 'fact')
  return {
    ...askPage(speech, at),
    title: speech.t(key('wrong_title')),
    facts: [
      ...forClient.factRows(speech, at.view),
      { code: 'other', name: speech.t(key('wrong_other')), value: null },
    ].map((fact, index) => ({ ...fact, at: index === 0 ? '' : `-${index + 1}`, isChosen: fact.code === chosen })),
  }
}

export function askPage(speech: Speech, { view, base, question, body, problems }: Asking): PageModel {
  return {
    title: speech.t(key('again_title')),
    adviserName: view.adviserName,
    back: `${base}/why`,
    question,
    words: textOf(body, 'words'),
    problems: speech.problems(problems),
  }
}
