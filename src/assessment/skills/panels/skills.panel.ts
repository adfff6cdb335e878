// What a client's page shows of jobs and skills: jobs held and aimed at, how much else was told, and the way there.

import type { Client } from '#clients/index.ts'
import { licencePanel, namedOccupations } from '#occupations/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { entryRow } from '../pages/skills.page.ts'
import { standing } from '../skill-entry.ts'
import { skillEntriesOf } from '../skills.store.ts'

/** So many jobs are at a glance. */
const mostShown = 4

/** `ids`: all of the file (`idsOfFile`). */
export async function skillsPanel(scene: Scene, client: Pick<Client, 'id'>, ids: readonly ClientId[]): Promise<Panel> {
  const told = standing(await skillEntriesOf(scene.db, ids))
  const of = (...kinds: readonly string[]) => told.filter(({ kind }) => kinds.includes(kind))
  const jobs = [...of('job_aim').slice(-2), ...of('job_held').slice(-mostShown)]
  const occupations = await namedOccupations(
    scene.db,
    jobs.flatMap(({ occupationId }) => occupationId ?? []),
    [scene.locale],
  )
  const row = (entry: (typeof told)[number]) => entryRow(scene, client, entry, occupations)
  return {
    template: 'assessment/skills/panels/skills.njk',
    model: {
      href: `/clients/${client.id}/skills`,
      aims: of('job_aim').slice(-2).map(row),
      held: of('job_held').slice(-mostShown).map(row),
      isEmpty: told.length === 0,
      counts: scene.t('assessment.skills.counts', {
        skills: of('skill', 'task').length,
        credentials: of('credential').length,
        languages: of('language').length,
      }),
      licence: licencePanel(scene, occupations.values()),
    },
  }
}
