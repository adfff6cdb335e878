// What a client's page shows of assessment: what is done, what is open, and the next step.

import type { Client } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { stateOf, type Assessment } from '../assessment.ts'
import { isOnlyAtDesk } from '../desk.ts'
import { offeredInstruments } from '../instruments.store.ts'
import { assessmentLine, nextOf, shortHrefOf } from '../pages/client-assessments.page.ts'
import { sayIn } from '../pages/say.page.ts'

/** So many are at a glance; the rest is one click away. */
const mostShown = 5

/** `assessments` are all of the client's (`assessmentsOf`), the latest first. */
export async function assessmentPanel(
  scene: Scene,
  client: Pick<Client, 'id'>,
  assessments: readonly Assessment[],
): Promise<Panel> {
  const offered = await offeredInstruments(scene.db)
  const next = nextOf(assessments, offered)
  const start = next.start
  return {
    template: 'assessment/panels/assessment.njk',
    model: {
      profileHref: `/clients/${client.id}/profile`,
      allHref: `/clients/${client.id}/assessments`,
      newHref: `/clients/${client.id}/assessments/new`,
      // The latest of each instrument says where things stand; what is open always shows.
      assessments: assessments
        .filter(
          (one, index) =>
            stateOf(one) !== 'completed' ||
            assessments.findIndex((other) => other.instrument.url === one.instrument.url) === index,
        )
        .slice(0, mostShown)
        .map((one) => assessmentLine(scene, one)),
      // Once the whole is being asked, or was, the short form has nothing to add.
      shortHref: assessments.every(isOnlyAtDesk) ? shortHrefOf(client, offered) : null,
      openHref: next.open ? `/assessments/${next.open.id}` : null,
      next: start ? sayIn(scene, start.instrument, scene.locale).content(start.instrument.title) : null,
      startAction: `/clients/${client.id}/assessments`,
      startId: start?.id ?? null,
    },
  }
}
