// Follow-ups on Today, and what came of it on a client's page.

import { fullName, idsOfFile, listClients } from '#clients/index.ts'
import { daysBetween } from '#platform/dates.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { followUpsDue, followUpsOf } from '../follow-ups.store.ts'
import { statementsOf } from '../outcomes.store.ts'
import { statementRow } from '../pages/outcome.page.ts'

/** More clients than one adviser ever has. */
const mostClients = 2000

/** Whom of the adviser's clients to ask now how it goes, the longest due first. */
export async function followUpsPanel(scene: Scene): Promise<Panel> {
  const { clients } = await listClients(scene.db, { adviserId: scene.actor.id }, { size: mostClients })
  const byId = new Map(clients.map((client) => [client.id, client]))
  const due = await followUpsDue(scene.db, [...byId.keys()], scene.today)
  return {
    template: 'outcomes/panels/follow-ups.njk',
    model: {
      rows: due.flatMap((followUp) => {
        const client = byId.get(followUp.clientId)
        if (!client) return []
        const late = daysBetween(followUp.dueOn, scene.today)
        return {
          href: `/clients/${client.id}/outcome`,
          name: fullName(client),
          asks: scene.t('outcomes.panel.asks', { months: followUp.months }),
          due: scene.t('outcomes.panel.due', { day: scene.day(followUp.dueOn), late }),
          isLate: late > 14,
        }
      }),
    },
  }
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
