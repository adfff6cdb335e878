// Follow-ups on Today, and what came of it on a client's page.

import { findClients, fullName, idsOfFile, listClients } from '#clients/index.ts'
import { daysBetween } from '#platform/dates.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { listStaff } from '#staff/index.ts'
import { isAsked, isForThem } from '../follow-up.ts'
import { followUpsDue, followUpsDueAt, followUpsOf } from '../follow-ups.store.ts'
import { statementsOf } from '../outcomes.store.ts'
import { statementRow } from '../pages/outcome.page.ts'

/** More clients than one adviser ever has. */
const mostClients = 2000
/** More than anyone asks in a week. */
const mostAtSites = 300

/** Whom to ask now how it goes, the longest due first: one's own clients wherever they are, and those at one's sites whom
 *  nobody looks after. */
export async function followUpsPanel(scene: Scene): Promise<Panel> {
  const { db, actor, today } = scene
  const own = await listClients(db, { adviserId: actor.id }, { size: mostClients })
  const sites = [...new Set([...actor.siteIds, ...actor.managedSiteIds])]
  const due = new Map(
    [
      ...(await followUpsDue(
        db,
        own.clients.map(({ id }) => id),
        today,
      )),
      ...(await followUpsDueAt(db, sites, { today, most: mostAtSites })),
    ].map((followUp) => [followUp.id, followUp]),
  )
  const clients = await findClients(
    db,
    [...due.values()].map(({ clientId }) => clientId),
  )
  const colleagues = new Set((await listStaff(db)).filter(({ state }) => state !== 'left').map(({ id }) => id))
  const rows = [...due.values()]
    .toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0))
    .flatMap((followUp) => {
      const client = clients.get(followUp.clientId)
      if (!client || !isAsked(client) || !isForThem(client, { ...actor, colleagues })) return []
      const late = daysBetween(followUp.dueOn, today)
      return {
        href: `/clients/${client.id}/outcome`,
        name: fullName(client),
        asks: scene.t('outcomes.panel.asks', { months: followUp.months }),
        due: scene.t('outcomes.panel.due', { day: scene.day(followUp.dueOn), late }),
        isLate: late > 14,
      }
    })
  return { template: 'outcomes/panels/follow-ups.njk', model: { rows } }
}

/** What is known of a client's work, and when they are asked next. */
export async function clientOutcomesPanel(scene: Scene, clientId: ClientId): Promise<Panel> {
  const ids = await idsOfFile(scene.db, clientId)
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
