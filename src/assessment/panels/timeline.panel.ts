// What happened to a client's assessments, told in one line each for the timeline of the client's page.

import type { TimelineItem } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { milestonesOf } from '../assessment-events.store.ts'
import { wordsIn } from '../instrument.ts'

// messages: assessment.timeline.*

/** Started, completed, changed and put away; the many saves in between are in each assessment's own history. */
export async function assessmentTimeline(
  scene: Scene,
  ids: readonly ClientId[],
  staffNames: ReadonlyMap<string, string>,
): Promise<readonly TimelineItem[]> {
  const milestones = await milestonesOf(scene.db, ids)
  return milestones.map(({ assessmentId, instrument, kind, actorId, happenedAt, isOpenable }) => ({
    at: happenedAt,
    text: scene.t(`assessment.timeline.${kind}`, {
      title: wordsIn(instrument.title, scene.locale, instrument.language).text,
    }),
    by: actorId === null ? scene.t('assessment.history.client') : (staffNames.get(actorId) ?? null),
    href: isOpenable ? `/assessments/${assessmentId}` : null,
  }))
}
