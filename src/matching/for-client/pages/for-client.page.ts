// The adviser's side of a client's view: the letter and the link, and a question of the client's with its answer.

import { fullName, type Client } from '#clients/index.ts'
import {
  noProblems,
  textOf,
  type FieldProblem,
  type FormBody,
  type PageModel,
  type Scene,
} from '#platform/http/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import type { KeptRecommendation } from '../../recommendations.store.ts'
import type { ClientSpeech } from '../../together/clients-language.scene.ts'
import type { ViewLink } from '../for-client.store.ts'
import type { NoMail } from '../links.acts.ts'
import { answerDue, answersOf, type ClientQuestion } from '../question.ts'
import { factName, type Explanation } from './explanation.page.ts'

// messages: matching.for-client.page.*
// messages: matching.for-client.question.*

export function letterHref(client: Pick<Client, 'id'>, { id }: Pick<KeptRecommendation, 'id'>): string {
  return `/clients/${client.id}/recommendations/${id}/letter`
}

export function letterPage(
  scene: Scene,
  at: {
    readonly client: Client
    readonly recommendation: KeptRecommendation
    readonly letter: Explanation
    /** The client's language, where the letter cannot speak it. */
    readonly missing: string | null
    readonly link: ViewLink | null
    readonly address: string | null
    readonly noMail: NoMail | null
  },
): PageModel {
  const { client, recommendation, link } = at
  const said = (key: string, values?: Record<string, string>) => scene.t(`matching.for-client.page.${key}`, values)
  return {
    title: said('title'),
    clientName: fullName(client),
    back: `/clients/${client.id}/recommendations/${recommendation.id}`,
    note: at.missing && said('no_catalogue', { language: nameOfLanguage(at.missing, scene.locale) }),
    letter: at.letter,
    address: at.address,
    until: link && said('link_until', { when: scene.moment(link.expiresAt) }),
    opened: link?.openedAt ? said('link_opened', { when: scene.moment(link.openedAt) }) : null,
    make: said(link ? 'link_renew' : 'link_make'),
    mail: at.noMail === null ? said(link ? 'link_renew_mail' : 'link_mail') : null,
    noMail: at.noMail && said(at.noMail),
    action: letterHref(client, recommendation),
    revokeAction: `${letterHref(client, recommendation)}/revoke`,
    problems: noProblems,
  }
}

export function questionPage(
  scene: Scene,
  speech: ClientSpeech,
  at: {
    readonly client: Client
    readonly question: ClientQuestion
    /** What the ranking took the fact to be; null where it is none of those that are shown. */
    readonly used: string | null
    readonly body: FormBody
    readonly problems: readonly FieldProblem[]
  },
): PageModel {
  const { client, question, body } = at
  const said = (key: string, values?: Record<string, string>) => scene.t(`matching.for-client.question.${key}`, values)
  const { answer } = question
  return {
    title: said(`title_${question.kind}`),
    clientName: fullName(client),
    back: `/clients/${client.id}`,
    asked: said('asked', { moment: scene.moment(question.askedAt) }),
    due: answer ? null : said('due', { day: scene.moment(answerDue(question, scene.network)) }),
    isCorrection: question.kind === 'correction',
    fact: question.fact === null ? said('no_fact') : factName(speech, question.fact),
    used: at.used,
    words: question.words,
    rankingHref: `/clients/${client.id}/recommendations/${question.recommendationId}`,
    answersHref: `/clients/${client.id}/assessments`,
    how: said(`how_${question.kind}`),
    answered: answer && {
      when: said('answered', { moment: scene.moment(answer.at) }),
      end: said(`end_${answer.code}`),
      words: answer.words,
    },
    ends: answersOf[question.kind].map((value) => ({
      value,
      text: said(`end_${value}`),
      checked: textOf(body, 'end') === value || answersOf[question.kind].length === 1,
    })),
    answer: textOf(body, 'answer'),
    problems: scene.problems(at.problems),
  }
}
