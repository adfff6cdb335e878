// What happened to a client's assessments, told in one line each for the timeline of the client's page.

import type { TimelineItem } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { milestonesOf, type Milestone } from '../assessment-events.store.ts'
import { wordsIn } from '../instrument.ts'

// messages: assessment.timeline.*

/** Started, completed, changed and put away; the many saves in between are in each assessment's own history. */
export async function assessmentTimeline(
  scene: Scene,
  ids: readonly ClientId[],
  staffNames: ReadonlyMap<string, string>,
): Promise<readonly TimelineItem[]> {
  const milestones = oneLineEach(await milestonesOf(scene.db, ids))
  return milestones.map(({ assessmentId, instrument, kind, actorId, happenedAt, isOpenable }) => ({
    at: happenedAt,
    text: scene.t(`assessment.timeline.${kind}`, {
      title: wordsIn(instrument.title, scene.locale, instrument.language).text,
    }),
    by: actorId === null ? scene.t('assessment.history.client') : (staffNames.get(actorId) ?? null),
    href: isOpenable ? `/assessments/${assessmentId}` : null,
  }))
}

/** A conversation at the desk begins several assessments in one moment, and is told once. */
function oneLineEach(milestones: readonly Milestone[]): readonly Milestone[] {
  const atDesk = milestones.filter(({ kind }) => kind === 'at_desk')
  return milestones.filter((one) => {
    const sameMoment = atDesk.filter(({ happenedAt }) => happenedAt.getTime() === one.happenedAt.getTime())
    if (one.kind === 'at_desk') return one === sameMoment[0]
    return one.kind !== 'started' || sameMoment.every(({ assessmentId }) => assessmentId !== one.assessmentId)
  })
}
