// A client's assessments: what is done, what is open, and what could be started.

import { noProblems, type FieldProblem, type FormBody, type Scene, textOf } from '#platform/http/index.ts'
import { currentAnswers, progressOf, stateOf, type Assessment } from '../assessment.ts'
import { deskParts, deskStanding } from '../desk.ts'
import { manners } from '../margin.ts'
import type { StoredInstrument } from '../instruments.store.ts'
import { languagesOf, pagesOf } from '../instrument.ts'
import { languageName, sayIn } from './say.page.ts'
import { conditionsScript } from './script.page.ts'

interface Client {
  readonly id: string
  readonly name: string
  readonly language: string | null
}

/** One line of the list, also of the panel on the client's page. */
export function assessmentLine(scene: Scene, assessment: Assessment) {
  const { instrument, language, answeredOn, manner } = assessment
  const state = stateOf(assessment)
  const pages = progressOf(instrument, currentAnswers(assessment))
  const desk = deskStanding(assessment)
  return {
    id: assessment.id,
    href: `/assessments/${assessment.id}`,
    title: sayIn(scene, instrument, language).content(instrument.title),
    reference: assessment.reference,
    state,
    stateText: scene.t(`assessment.state.${state}`),
    detail:
      state === 'open' && desk
        ? scene.t('assessment.list.at_desk', { answered: desk.answered, asked: desk.asked, day: scene.day(desk.on) })
        : state === 'open'
          ? scene.t('assessment.list.answered', {
              answered: pages.reduce((sum, page) => sum + page.answered, 0),
              asked: pages.reduce((sum, page) => sum + page.asked, 0),
            })
          : scene.t('assessment.list.told', {
              day: answeredOn ? scene.day(answeredOn) : '',
              manner: scene.t(`assessment.manner.${manner}`),
            }),
    savedAt: scene.moment(assessment.savedAt),
  }
}

/** What comes next: an open assessment first (of several, in the order of the sets), then the first set never completed. */
export function nextOf(assessments: readonly Assessment[], offered: readonly StoredInstrument[]) {
  const place = ({ instrument }: Assessment) => {
    const index = offered.findIndex((one) => one.instrument.url === instrument.url)
    return index < 0 ? offered.length : index
  }
  const [open] = assessments.filter((one) => stateOf(one) === 'open').toSorted((a, b) => place(a) - place(b))
  const done = new Set(assessments.filter(({ completedAt }) => completedAt).map(({ instrument }) => instrument.url))
  const never = offered.find(({ instrument }) => !done.has(instrument.url))
  return { open: open ?? null, start: open ? null : (never ?? null) }
}

export function clientAssessmentsPage(
  scene: Scene,
  client: Client,
  { assessments, offered }: { assessments: readonly Assessment[]; offered: readonly StoredInstrument[] },
) {
  return {
    title: scene.t('assessment.list.title'),
    clientName: client.name,
    clientHref: `/clients/${client.id}`,
    newHref: `/clients/${client.id}/assessments/new`,
    shortHref: shortHrefOf(client, offered),
    assessments: assessments.map((one) => assessmentLine(scene, one)),
    canStart: offered.length > 0,
  }
}

interface Starting {
  readonly offered: readonly StoredInstrument[]
  readonly assessments: readonly Assessment[]
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function newAssessmentPage(
  scene: Scene,
  client: Client,
  { offered, assessments, body = {}, problems = [] }: Starting,
) {
  const suggested = nextOf(assessments, offered).start?.id
  const chosen = textOf(body, 'instrument') || suggested
  const languages = new Set(offered.flatMap(({ instrument }) => languagesOf(instrument)))
  const wanted = textOf(body, 'language') || preferredLanguage([...languages], client.language, scene.locale)
  return {
    title: scene.t('assessment.new.title'),
    clientName: client.name,
    backHref: `/clients/${client.id}/assessments`,
    action: `/clients/${client.id}/assessments`,
    script: conditionsScript,
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    instruments: offered.map((stored) => {
      const say = sayIn(scene, stored.instrument, scene.locale)
      const done = assessments.find((one) => one.instrument.url === stored.instrument.url && one.completedAt)
      const open = assessments.find((one) => one.instrument.url === stored.instrument.url && stateOf(one) === 'open')
      return {
        value: stored.id,
        title: say.content(stored.instrument.title),
        description: stored.instrument.description ? say.content(stored.instrument.description) : null,
        pages: pagesOf(stored.instrument).length,
        isChosen: stored.id === chosen,
        done: done?.answeredOn ? scene.t('assessment.new.done', { day: scene.day(done.answeredOn) }) : null,
        isOpen: open !== undefined,
      }
    }),
    carry: carryChoice(scene, { offered, assessments, body }),
    shortHref: shortHrefOf(client, offered),
    manners: manners
      .filter((manner) => manner !== 'by_client')
      .map((manner) => ({
        value: manner,
        text: scene.t(`assessment.manner.${manner}`),
        isChosen: (textOf(body, 'manner') || 'in_person') === manner,
      })),
    day: { day: textOf(body, 'day-day'), month: textOf(body, 'day-month'), year: textOf(body, 'day-year') },
    languages:
      languages.size < 2
        ? []
        : [...languages].map((tag) => ({ value: tag, text: languageName(tag), isChosen: tag === wanted })),
  }
}

/** The page of the short first conversation, where some set marks questions for it. */
export function shortHrefOf(client: Pick<Client, 'id'>, offered: readonly StoredInstrument[]): string | null {
  return deskParts(offered, []).length > 0 ? `/clients/${client.id}/assessments/short` : null
}

/** Whether to begin with earlier answers: offered where there are some, and suggested where a set has a new version. */
function carryChoice(scene: Scene, { offered, assessments, body = {} }: Starting) {
  const earlier = offered.flatMap(({ instrument }) => {
    const done = assessments.find((one) => one.instrument.url === instrument.url && one.completedAt !== null)
    return done ? [{ done, isOtherVersion: done.instrument.version !== instrument.version }] : []
  })
  if (earlier.length === 0) return null
  const isTyped = Object.keys(body).length > 0
  return {
    text: scene.t('assessment.new.carry'),
    isChosen: isTyped ? textOf(body, 'carry') === 'yes' : earlier.some(({ isOtherVersion }) => isOtherVersion),
  }
}

/** The client's language where the questions can be read in it, else the reader's, else the first. */
export function preferredLanguage(languages: readonly string[], client: string | null, reader: string): string {
  const speaks = (tag: string | null) => languages.find((one) => one === tag || one === tag?.split('-')[0])
  return speaks(client) ?? speaks(reader) ?? languages[0] ?? 'en'
}
