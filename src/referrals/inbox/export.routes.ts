// The rows of the list as a file for a spreadsheet. Names only when asked for by a form, and then each client's file says so.

import { z } from 'zod'
import { dayIn } from '#platform/dates.ts'
import { csvTable } from '#platform/csv.ts'
import { file, textOf, type Answer, type Routes } from '#platform/http/index.ts'
import { readInboxFilter, type InboxFilter } from './inbox-filter.ts'
import { inboxRows, mostExported, type InboxRow } from './inbox.store.ts'
import { ownStateWord, type InboxScene } from './pages/inbox.page.ts'

const filtered = { query: z.record(z.string(), z.unknown()) }

// messages: referrals.inbox.export.*

export function exportRoutes(routes: Routes): void {
  routes.partner('GET', '/inbox/export.csv', filtered, async (scene, { query }) => {
    const rows = await rowsOf(scene, readInboxFilter(query))
    return fileOf(scene, rows, { withNames: false })
  })

  routes.partner('POST', '/inbox/export.csv', filtered, async (scene, { query, body }) => {
    const rows = await rowsOf(scene, readInboxFilter(query))
    const withNames = textOf(body, 'names') === 'yes'
    if (withNames)
      for (const { file: about } of rows.filter(({ sharedName }) => sharedName !== null))
        await scene.record('referrals.exported_to_partner', {
          clientId: about.clientId,
          subjectId: about.id,
          facts: { organizationId: about.organizationId },
        })
    return fileOf(scene, rows, { withNames })
  })
}

async function rowsOf(scene: InboxScene, filter: InboxFilter): Promise<readonly InboxRow[]> {
  const asker = { contactId: scene.actor.id, today: scene.today }
  return (await inboxRows(scene.db, { ...filter, page: 1 }, asker, { take: mostExported })).rows
}

function fileOf(scene: InboxScene, rows: readonly InboxRow[], { withNames }: { readonly withNames: boolean }): Answer {
  const columns = ['reference', 'service', 'state', 'received', 'due', 'first_attended', 'assigned'] as const
  const heads = [...columns, ...(withNames ? (['name'] as const) : [])]
  const table = csvTable(
    heads.map((column) => scene.t(`referrals.inbox.export.${column}`)),
    rows.map(({ file: about, referral, sentAt, dueOn, assignedTo, sharedName }) => [
      about.reference,
      about.serviceName,
      ownStateWord(scene, referral.state),
      dayIn(scene.network.timeZone, sentAt),
      dueOn,
      referral.firstAttendedOn,
      assignedTo?.name ?? null,
      ...(withNames ? [sharedName] : []),
    ]),
  )
  return file(`${scene.t('referrals.inbox.export.file')}-${scene.today}.csv`, 'text/csv; charset=utf-8', table)
}
