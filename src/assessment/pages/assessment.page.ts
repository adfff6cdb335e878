// One assessment: the list of its groups while it is open, the check before it is completed, its answers afterwards.

import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import { currentAnswers, currentMargins, progressOf, stateOf, type Assessment } from '../assessment.ts'
import { changedQuestions } from '../answers.ts'
import { deskStanding } from '../desk.ts'
import { fieldName } from '../field-name.ts'
import { everyItem, isQuestion, languagesOf, questionsOf } from '../instrument.ts'
import { changedNotes, noMargins } from '../margin.ts'
import type { QuestionProblem } from '../items/every-type.item.ts'
import { languageName, problemInWords, sayIn, type Seen } from './say.page.ts'
import { shownScores, summarySections } from './summary.page.ts'

// messages: assessment.manner.*
// messages: assessment.state.*

export function tasksPage(
  scene: Scene,
  assessment: Assessment,
  { clientName, pagesSeen }: Seen & { pagesSeen: ReadonlySet<string> },
) {
  const { instrument, language } = assessment
  const say = sayIn(scene, instrument, language)
  const answers = currentAnswers(assessment)
  const progress = progressOf(instrument, answers)
  const { told } = currentMargins(assessment)
  const desk = deskStanding(assessment)
  const tasks = progress.map(({ page, asked, answered, missing }) => {
    const atDesk = questionsOf(page.items).filter(({ linkId }) => told.get(linkId)?.way === 'at_desk')
    // What the desk has asked of a part is not yet the part.
    const isSeen = pagesSeen.has(page.linkId) || answered > atDesk.filter(({ linkId }) => answers.has(linkId)).length
    return {
      heading: say.content(page.words),
      href: `/assessments/${assessment.id}/groups/${encodeURIComponent(page.linkId)}`,
      state: !isSeen ? 'not_started' : missing > 0 ? 'missing' : answered === 0 && asked > 0 ? 'left_blank' : 'seen',
      answered,
      asked,
      missing,
    }
  })
  const next = tasks.find((task) => task.state === 'not_started') ?? tasks.find((task) => task.state === 'missing')
  return {
    title: scene.t('assessment.tasks.title'),
    ...headOf(scene, assessment, clientName),
    tasks: tasks.map((task) => ({
      ...task,
      stateText:
        task.state === 'not_started' && task.answered > 0
          ? scene.t('assessment.task.begun', { answered: task.answered, asked: task.asked })
          : scene.t(`assessment.task.${task.state}`, { missing: task.missing }),
    })),
    desk: desk
      ? scene.t('assessment.tasks.at_desk', { answered: desk.answered, asked: desk.asked, day: scene.day(desk.on) })
      : null,
    nextHref: next?.href ?? null,
    isUntouched: tasks.every((task) => task.state === 'not_started'),
    languages: languageChoices(assessment),
    paperHref: paperHref(assessment),
    isPaper: assessment.manner === 'paper',
    answeredOn: assessment.answeredOn ? scene.day(assessment.answeredOn) : null,
  }
}
// messages: assessment.task.*

export function checkPage(
  scene: Scene,
  assessment: Assessment,
  seen: Seen & { problems?: readonly (QuestionProblem | 'nothing')[] },
) {
  const answers = currentAnswers(assessment)
  const listed = problemsOf(scene, assessment, seen.problems ?? [])
  const shown = listed.length > 0 ? scene.problems(listed.map(({ problem }) => problem)) : noProblems
  const { staffName } = seen
  const before = assessment.margins ?? noMargins
  const margins = currentMargins(assessment)
  const changed = new Set(
    assessment.answers ? [...changedQuestions(assessment.answers, answers), ...changedNotes(before, margins)] : [],
  )
  const sections = summarySections(scene, assessment, { answers, margins, staffName, changed, isChangeable: true })
  return {
    title: scene.t('assessment.check.title'),
    ...headOf(scene, assessment, seen.clientName),
    // The fields stand on other pages: each line of the summary leads to its own.
    problems: {
      ...shown,
      summary: shown.summary.map((line, index) => ({ ...line, href: listed[index]?.href ?? line.href })),
    },
    sections,
    blank: sections.reduce((sum, { asked, answered }) => sum + asked - answered, 0),
    scores: shownScores(scene, assessment, answers),
    isChange: stateOf(assessment) === 'changing',
    changes: changed.size,
  }
}

export function answersPage(scene: Scene, assessment: Assessment, { clientName, staffName }: Seen) {
  const answers = assessment.answers ?? new Map()
  return {
    title: scene.t('assessment.answers.title'),
    ...headOf(scene, assessment, clientName),
    sections: summarySections(scene, assessment, {
      ...{ answers, margins: assessment.margins ?? noMargins, staffName },
      isChangeable: true,
    }),
    scores: shownScores(scene, assessment, answers),
    manner: scene.t(`assessment.manner.${assessment.manner}`),
    answeredOn: assessment.answeredOn ? scene.day(assessment.answeredOn) : '',
    completedAt: assessment.completedAt ? scene.moment(assessment.completedAt) : '',
    completedBy: staffName(assessment.completedBy),
    version: assessment.version,
    isChanging: stateOf(assessment) === 'changing',
    languages: languageChoices(assessment),
  }
}

function headOf(scene: Scene, assessment: Assessment, clientName: string) {
  const say = sayIn(scene, assessment.instrument, assessment.language)
  return {
    id: assessment.id,
    clientName,
    clientHref: `/clients/${assessment.clientId}/assessments`,
    instrumentTitle: say.content(assessment.instrument.title),
    description: assessment.instrument.description ? say.content(assessment.instrument.description) : null,
    reference: assessment.reference,
  }
}

function languageChoices({ instrument, language }: Assessment) {
  const tags = languagesOf(instrument)
  return tags.length < 2 ? [] : tags.map((tag) => ({ value: tag, text: languageName(tag), selected: tag === language }))
}

function paperHref(assessment: Assessment): string {
  return `/instruments/${assessment.instrumentId}/paper?assessment=${assessment.id}`
}

function problemsOf(scene: Scene, assessment: Assessment, problems: readonly (QuestionProblem | 'nothing')[]) {
  const say = sayIn(scene, assessment.instrument, assessment.language)
  const questions = new Map([...everyItem(assessment.instrument.items)].map(({ item }) => [item.linkId, item]))
  const pages = progressOf(assessment.instrument, currentAnswers(assessment)).map(({ page }) => page)
  return problems.flatMap((one): { problem: FieldProblem; href: string }[] => {
    if (one === 'nothing') {
      const first = pages[0]?.linkId ?? ''
      const href = `/assessments/${assessment.id}/groups/${encodeURIComponent(first)}`
      return [{ problem: { field: 'answers', key: 'assessment.check.nothing' }, href }]
    }
    const question = questions.get(one.linkId)
    const page = pages.find(({ items }) => [...everyItem(items)].some(({ item }) => item.linkId === one.linkId))
    if (!question || !isQuestion(question) || !page) return []
    const values = { question: say.content(question.words).text, problem: problemInWords(scene, one) }
    const href = `/assessments/${assessment.id}/groups/${encodeURIComponent(page.linkId)}?back=check#${fieldName(one.linkId)}-item`
    return [{ problem: { field: fieldName(one.linkId), key: 'assessment.answer.about', values }, href }]
  })
}
