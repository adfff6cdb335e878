// The client's page: the panels of all features that know something of the person.

import { z } from 'zod'
import { clientSummaryPanel, inFile, notesPanel, timelineOf } from '#clients/index.ts'
import { idOf, page, type Routes } from '#platform/http/index.ts'
import { clientPage } from './pages/client.page.ts'
import { joinTimelines } from './timeline.ts'

/** So many lines of a timeline are read; more is scrolled past. */
const shownItems = 40

export function clientFileRoutes(routes: Routes): void {
  const options = { params: z.object({ id: idOf<'client'>() }), roles: ['adviser', 'manager'] } as const
  routes.staff('GET', '/clients/:id', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const timeline = joinTimelines([await timelineOf(scene, client)], shownItems)
      const joined = {
        summary: await clientSummaryPanel(scene, client),
        main: [],
        beside: [await notesPanel(scene, client)],
        timeline,
      }
      return page('casefile/pages/client.njk', clientPage(scene, client, joined))
    }),
  )
}
