// What a client's page shows of jobs and skills: jobs held and aimed at, how much else was told, and the way there.

import type { Client } from '#clients/index.ts'
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
  // In their own words alone: what these are called elsewhere stands on the page of jobs and skills.
  const row = (entry: (typeof told)[number]) => entryRow(scene, client, entry, new Map())
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
    },
  }
}
