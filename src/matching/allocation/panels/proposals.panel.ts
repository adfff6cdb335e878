// Proposals on Today: those that give a place to clients of this adviser to whom nothing has happened since.

import { addWorkingDays, dayIn, momentIn } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import type { Scene } from '#platform/http/index.ts'
import { openOnProposals } from '../suitors.store.ts'

/** So long a proposal waits for its advisers: two weeks. */
const workingDays = 10
/** After so long it is no news any more. */
const daysShown = 42

export async function proposalItems(scene: Scene): Promise<readonly DueItem[]> {
  const { db, now, network, actor } = scene
  const since = new Date(now.getTime() - daysShown * 86_400_000)
  return (await openOnProposals(db, actor.id, since)).map(({ id, name, madeAt, count }) => ({
    due: momentIn(
      network.timeZone,
      addWorkingDays(dayIn(network.timeZone, madeAt), workingDays, network.holidays),
      '17:00',
    ),
    href: `/insights/allocation/proposals/${id}`,
    title: name,
    about: null,
    wanted: scene.t('matching.allocation.item_wanted', { count }),
    tag: null,
    waitsFor: 'me' as const,
  }))
}
