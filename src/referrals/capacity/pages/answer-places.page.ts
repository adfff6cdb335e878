// Answering whether there are places: by the partner from the link, or by staff who were told on the phone.

import type { CalendarDay } from '#platform/dates.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel } from '#platform/http/index.ts'
import { dayParts } from '../../pages/act.page.ts'
import type { Answered, CapacityQuestion } from '../question.ts'
import { answerInWords, sourceInWords, wantedInWords, type AnyScene } from './words.page.ts'

export interface AnswerPageOptions {
  readonly question: CapacityQuestion
  readonly side: 'partner' | 'staff'
  readonly back: string | null
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function answerPage(scene: AnyScene, { question, side, back, body, problems }: AnswerPageOptions): PageModel {
  const said = textOf(body, 'answer')
  const { wanted } = question
  return {
    title: scene.t(`referrals.capacity.answer_title.${side}`),
    caption: question.serviceName,
    lead: scene.t(`referrals.capacity.answer_lead.${side}`, {
      asker: question.askerName,
      network: scene.network.name,
      partner: question.organizationName,
    }),
    lines: wantedInWords(scene, wanted),
    note: wanted.note,
    back,
    answers: ['places', 'ask_again', 'not_taking'].map((value) => ({
      value,
      text: scene.t(`referrals.capacity.choice.${value}`),
      checked: said === value,
    })),
    free: textOf(body, 'free') || (said === '' ? String(wanted.places) : ''),
    startsParts: dayParts(scene, said === '' ? typedDay('starts', wanted.from) : body, 'starts'),
    againParts: dayParts(scene, body, 'again'),
    words: textOf(body, 'words'),
    problems: scene.problems(problems),
  }
}
/** What was asked for stands there already: a yes is two taps. */
function typedDay(name: string, day: CalendarDay | null): FormBody {
  const [year = '', month = '', date = ''] = day?.split('-').map((part) => String(Number(part))) ?? []
  return { [`${name}-year`]: year, [`${name}-month`]: month, [`${name}-day`]: date }
}

// messages: referrals.capacity.answer_title.*
// messages: referrals.capacity.answer_lead.*
// messages: referrals.capacity.choice.*

export function answeredPage(scene: AnyScene, question: CapacityQuestion, answered: Answered): PageModel {
  return {
    title: scene.t('referrals.capacity.thanks'),
    caption: question.serviceName,
    says: answerInWords(scene, answered.answer),
    words: answered.words,
    source: sourceInWords(scene, answered),
  }
}

/** Nothing tells a wrong link from one whose question is over. */
export function deadQuestionPage(scene: AnyScene): PageModel {
  return {
    title: scene.t('referrals.capacity.over'),
    caption: null,
    says: scene.t('referrals.capacity.over_says'),
    words: null,
    source: null,
  }
}
