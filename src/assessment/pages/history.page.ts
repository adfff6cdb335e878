// What happened to an assessment: who saved what and when, and how each version differs from the one before.

import type { Scene } from '#platform/http/index.ts'
import type { Answers } from '../answers.ts'
import { changedQuestions, type Assessment } from '../assessment.ts'
import type { AssessmentEvent } from '../assessment-events.store.ts'
import { everyItem, questionsOf } from '../instrument.ts'
import { ask } from '../items/every-type.item.ts'
import type { Seen } from './assessment.page.ts'
import { sayIn } from './say.page.ts'

// messages: assessment.event.*

export function historyPage(
  scene: Scene,
  assessment: Assessment,
  events: readonly AssessmentEvent[],
  { clientName, staffName }: Seen,
) {
  const { instrument, language, id } = assessment
  const say = sayIn(scene, instrument, language)
  const headings = new Map([...everyItem(instrument.items)].map(({ item }) => [item.linkId, say.content(item.words)]))
  let before: Answers | null = null
  const lines = events.map((event) => {
    const isVersion = event.version !== null
    const differences =
      isVersion && before && event.answers ? differencesBetween(assessment, before, event.answers, say) : []
    if (isVersion) before = event.answers
    return {
      text: scene.t(`assessment.event.${event.kind}`, { version: event.version ?? 0 }),
      page: event.page === null ? null : (headings.get(event.page) ?? null),
      at: scene.moment(event.happenedAt),
      by: event.actorId === null ? scene.t('assessment.history.client') : staffName(event.actorId),
      differences,
    }
  })
  return {
    title: scene.t('assessment.history.title'),
    id,
    clientName,
    instrumentTitle: say.content(instrument.title),
    manner: scene.t(`assessment.manner.${assessment.manner}`),
    reference: assessment.reference,
    // The latest first: that is what one comes to look at.
    lines: lines.toReversed(),
  }
}

function differencesBetween(
  { instrument }: Assessment,
  before: Answers,
  after: Answers,
  say: ReturnType<typeof sayIn>,
) {
  const changed = new Set(changedQuestions(before, after))
  return questionsOf(instrument.items)
    .filter(({ linkId }) => changed.has(linkId))
    .map((question) => ({
      words: say.content(question.words),
      before: ask(question).summary(before.get(question.linkId) ?? [], say),
      after: ask(question).summary(after.get(question.linkId) ?? [], say),
    }))
}
