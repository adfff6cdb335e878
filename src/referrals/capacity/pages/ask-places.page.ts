// Asking for places: fixed choices, and a note that must be about nobody.

import { commonLanguages, type Service } from '#directory/index.ts'
import { textOf, textsOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { dayIn } from '#platform/dates.ts'
import { namedLanguage } from '#platform/languages.ts'
import { dayParts } from '../../pages/act.page.ts'
import { partsOfWeek, placeNeeds, type CapacityQuestion, type QuestionId } from '../question.ts'
import { wantedInWords } from './words.page.ts'

export interface AskPageOptions {
  readonly service: Service
  /** The question that is open already and will be joined. */
  readonly open: CapacityQuestion | null
  readonly question: QuestionId
  readonly back: string
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function askPage(scene: Scene, { service, open, question, back, body, problems }: AskPageOptions): PageModel {
  const ticked = (name: string, value: string) => textsOf(body, name).includes(value)
  const languages = commonLanguages
    .map((tag) => ({ value: tag, text: namedLanguage(scene, tag), selected: textOf(body, 'language') === tag }))
    .sort((a, b) => a.text.localeCompare(b.text, scene.locale.replace(/-X[AB]$/, '')))
  return {
    title: scene.t('referrals.capacity.ask_title'),
    serviceName: service.name,
    partnerName: service.organizationName,
    back,
    action: `/services/${service.id}/ask-places`,
    hidden: { question, client: textOf(body, 'client') },
    phone: service.email === null ? service.phone : null,
    hasAddress: service.email !== null,
    open: open && {
      lines: wantedInWords(scene, open.wanted),
      by: { name: open.askerName, day: scene.day(dayIn(scene.network.timeZone, open.askedAt)) },
    },
    places: textOf(body, 'places'),
    fromParts: dayParts(scene, body, 'from'),
    hours: partsOfWeek.map((part) => ({
      value: part,
      text: scene.t(`referrals.capacity.box.${part}`),
      checked: ticked('hours', part),
    })),
    needs: placeNeeds.map((need) => ({
      value: need,
      text: scene.t(`referrals.capacity.box.${need}`),
      checked: ticked('needs', need),
    })),
    languages: [{ value: '', text: scene.t('referrals.capacity.no_language'), selected: false }, ...languages],
    note: textOf(body, 'note'),
    problems: scene.problems(problems),
  }
}
// messages: referrals.capacity.box.*
