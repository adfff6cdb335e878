// Several referrals at once: a page that says what would be done, and one transaction that does it and knows each result
// before anything is told. Either all of it is kept or none.

import { z } from 'zod'
import { page, redirect, textOf, textsOf, type FormBody, type Routes } from '#platform/http/index.ts'
import { parseId, type ReferralId } from '#platform/ids.ts'
import { eventId } from '../referrals.acts.ts'
import { acceptAll, giveAll } from './inbox.acts.ts'
import { queryOf, readInboxFilter } from './inbox-filter.ts'
import { chosenRows, rowsOnAPage } from './inbox.store.ts'
import { showInbox } from './list.scene.ts'
import { acceptPage, givePage, resultPage } from './pages/chosen.page.ts'
import type { InboxScene } from './pages/inbox.page.ts'
import { assignee, teamOf } from './team.scene.ts'

// The address of the list, with those that were ticked.
const chosenQuery = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

export function chosenRoutes(routes: Routes): void {
  routes.partner('GET', '/inbox/chosen', { query: chosenQuery }, async (scene, { query }) => {
    const filter = readInboxFilter(query)
    const rows = await chosenRows(scene.db, idsOf(query))
    if (rows.length === 0) return showInbox(scene, filter, [{ field: 'chosen', key: 'referrals.inbox.chosen.none' }])
    if (textOf(query, 'do') === 'accept')
      return page('referrals/inbox/pages/chosen.njk', acceptPage(scene, { filter, rows }))
    const model = givePage(scene, { filter, rows, team: await teamOf(scene), isMissing: false })
    return page('referrals/inbox/pages/chosen.njk', model)
  })

  routes.partner('POST', '/inbox/accept', {}, async (scene, { body }) => {
    const filter = readInboxFilter(body)
    const rows = await chosenRows(scene.db, idsOf(body))
    const done = await acceptAll(
      scene,
      rows.map(({ file }) => ({ id: file.id, event: eventOf(scene, body, file.id) })),
    )
    if (done.some(({ result }) => !result.ok))
      return page('referrals/inbox/pages/result.njk', resultPage(scene, { what: 'accept', done, rows, filter }))
    return redirect(`/inbox${queryOf(filter)}`, scene.t('referrals.inbox.accept.done', { count: done.length }))
  })

  routes.partner('POST', '/inbox/give', {}, async (scene, { body }) => {
    const filter = readInboxFilter(body)
    const rows = await chosenRows(scene.db, idsOf(body))
    const to = await assignee(scene, textOf(body, 'to'))
    if (to === undefined) {
      const model = givePage(scene, { filter, rows, team: await teamOf(scene), isMissing: true })
      return page('referrals/inbox/pages/chosen.njk', model, { status: 400 })
    }
    const givings = rows.map(({ file: { id } }) => ({
      id,
      event: eventOf(scene, body, id),
      seen: parseId(textOf(body, `seen-${id}`)),
    }))
    const done = await giveAll(scene, givings, to)
    if (done.some(({ result }) => !result.ok))
      return page('referrals/inbox/pages/result.njk', resultPage(scene, { what: 'give', done, rows, filter }))
    return redirect(`/inbox${queryOf(filter)}`, scene.t('referrals.inbox.give.done', { count: done.length }))
  })
}

/** Those that were ticked; more than a page holds cannot have been. */
function idsOf(body: FormBody): readonly ReferralId[] {
  const ids = textsOf(body, 'chosen').flatMap((text) => parseId<'referral'>(text) ?? [])
  return [...new Set(ids)].slice(0, rowsOnAPage)
}

function eventOf(scene: InboxScene, body: FormBody, id: ReferralId) {
  return parseId<'referral_event'>(textOf(body, `event-${id}`)) ?? eventId(scene.now)
}
