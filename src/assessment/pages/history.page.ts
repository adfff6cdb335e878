// What happened to an assessment: who saved what and when, and how each version differs from the one before.

import type { Scene } from '#platform/http/index.ts'
import { changedQuestions, type Answers } from '../answers.ts'
import type { Assessment } from '../assessment.ts'
import type { AssessmentEvent } from '../assessment-events.store.ts'
import { everyItem, questionsOf } from '../instrument.ts'
import { ask } from '../items/every-type.item.ts'
import { changedNotes, type Margins } from '../margin.ts'
import { marginsIn } from './margin.page.ts'
import { sayIn, type Seen } from './say.page.ts'

// messages: assessment.event.*

interface Speaking {
  readonly scene: Scene
  readonly assessment: Assessment
  readonly say: ReturnType<typeof sayIn>
  readonly staffName: Seen['staffName']
}

interface Kept {
  readonly answers: Answers
  readonly margins: Margins
}

export function historyPage(
  scene: Scene,
  assessment: Assessment,
  events: readonly AssessmentEvent[],
  { clientName, staffName }: Seen,
) {
  const { instrument, language, id } = assessment
  const say = sayIn(scene, instrument, language)
  const headings = new Map([...everyItem(instrument.items)].map(({ item }) => [item.linkId, say.content(item.words)]))
  let before: Kept | null = null
  const lines = events.map((event) => {
    const isVersion = event.version !== null
    const kept = { answers: event.answers ?? new Map(), margins: event.margins }
    const differences =
      isVersion && before && event.answers
        ? differencesBetween({ scene, assessment, say, staffName }, before, kept)
        : []
    if (isVersion) before = kept
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

/** What one version differs in from the one before: answers, and notes beside them. */
function differencesBetween({ scene, assessment, say, staffName }: Speaking, before: Kept, after: Kept) {
  const changed = new Set([
    ...changedQuestions(before.answers, after.answers),
    ...changedNotes(before.margins, after.margins),
  ])
  const marginBefore = marginsIn(scene, assessment, { margins: before.margins, staffName })
  const marginAfter = marginsIn(scene, assessment, { margins: after.margins, staffName })
  return questionsOf(assessment.instrument.items)
    .filter(({ linkId }) => changed.has(linkId))
    .map((question) => ({
      words: say.content(question.words),
      before: ask(question).summary(before.answers.get(question.linkId) ?? [], say),
      after: ask(question).summary(after.answers.get(question.linkId) ?? [], say),
      marginBefore: marginBefore(question.linkId),
      marginAfter: marginAfter(question.linkId),
    }))
}
