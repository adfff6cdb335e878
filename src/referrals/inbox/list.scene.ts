// The list of the inbox as a page: as it was asked for, or again when nothing was ticked in it.

import { page, type Answer, type FieldProblem } from '#platform/http/index.ts'
import { unseenMessages } from '../conversation/referral-messages.store.ts'
import type { InboxFilter } from './inbox-filter.ts'
import { inboxCounts, inboxRows, servicesReferredTo } from './inbox.store.ts'
import { inboxPage, type InboxScene } from './pages/inbox.page.ts'
import { teamOf } from './team.scene.ts'

/** The number of queries does not depend on the number of rows. */
export async function showInbox(
  scene: InboxScene,
  filter: InboxFilter,
  problems: readonly FieldProblem[] = [],
): Promise<Answer> {
  const asker = { contactId: scene.actor.id, today: scene.today }
  const { rows, hasMore } = await inboxRows(scene.db, filter, asker)
  // A list shows names and no more; one line of the trace holds whose.
  const referrals = rows.filter(({ sharedName }) => sharedName !== null).map(({ file }) => file.id)
  if (referrals.length > 0) await scene.record('referrals.names_shown_to_partner', { facts: { referrals } })
  const ids = rows.map(({ file }) => file.id)
  const unread = await unseenMessages(scene.db, ids, 'partner')
  const counts = await inboxCounts(scene.db, filter, asker)
  const [services, team] = [await servicesReferredTo(scene.db), await teamOf(scene)]
  const model = inboxPage(scene, { filter, rows, hasMore, unread, counts, services, team, problems })
  return page('referrals/inbox/pages/inbox.njk', model, { status: problems.length > 0 ? 400 : 200 })
}
