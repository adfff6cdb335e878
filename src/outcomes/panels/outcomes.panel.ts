// Follow-ups on Today, and what came of it on a client's page.

import { findClients, fullName } from '#clients/index.ts'
import { addDays, momentIn } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { listStaff } from '#staff/index.ts'
import { isAsked, isForThem } from '../follow-up.ts'
import { followUpsDue, followUpsDueAt, followUpsOf } from '../follow-ups.store.ts'
import { statementsOf } from '../outcomes.store.ts'
import { statementRow } from '../pages/outcome.page.ts'

/** More than anyone asks in a week. */
const mostAtSites = 300

/** How long the answer still speaks of the day that is asked about. */
const daysToAsk = 14

/** Whom to ask now how it goes: one's own clients (`idsOfCaseload`) wherever they are, and those at one's sites whom nobody
 *  looks after. */
export async function followUpItems(scene: Scene, caseload: readonly ClientId[]): Promise<readonly DueItem[]> {
  const { db, actor, today } = scene
  const sites = [...new Set([...actor.siteIds, ...actor.managedSiteIds])]
  const due = new Map(
    [
      ...(await followUpsDue(db, caseload, today)),
      ...(await followUpsDueAt(db, sites, { today, most: mostAtSites })),
    ].map((followUp) => [followUp.id, followUp]),
  )
  const clients = await findClients(
    db,
    [...due.values()].map(({ clientId }) => clientId),
  )
  const colleagues = new Set((await listStaff(db)).filter(({ state }) => state !== 'left').map(({ id }) => id))
  return [...due.values()].flatMap((followUp) => {
    const client = clients.get(followUp.clientId)
    if (!client || !isAsked(client) || !isForThem(client, { ...actor, colleagues })) return []
    return {
      due: momentIn(scene.network.timeZone, addDays(followUp.dueOn, daysToAsk), '17:00'),
      href: `/clients/${client.id}/outcome`,
      title: fullName(client),
      about: null,
      wanted: scene.t('outcomes.panel.asks', { months: followUp.months }),
      tag: null,
      waitsFor: 'me',
    }
  })
}

/** What is known of a client's work, and when they are asked next. `ids` are those of the file (`idsOfFile`). */
export async function clientOutcomesPanel(scene: Scene, clientId: ClientId, ids: readonly ClientId[]): Promise<Panel> {
  const statements = await statementsOf(scene.db, ids)
  const next = (await followUpsOf(scene.db, ids)).find((followUp) => followUp.state === 'due')
  return {
    template: 'outcomes/panels/client-outcomes.njk',
    model: {
      href: `/clients/${clientId}/outcome`,
      rows: statements
        .map((statement) => statementRow(scene, statement, statements))
        .filter((row) => !row.isCorrected)
        .slice(0, 3),
      next: next ? scene.t('outcomes.panel.next', { months: next.months, day: scene.day(next.dueOn) }) : null,
    },
  }
}
