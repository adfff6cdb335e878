// Who opened a file: shown to its adviser and to the managers of its site.

import type { Scene } from '#platform/http/index.ts'
import type { Opening, Visit } from '../client-access.store.ts'
import type { Client } from '../client.ts'
import type { Surroundings } from '../surroundings.scene.ts'
import { fileHead } from './file.page.ts'

/** Its adviser, a manager of its site, and whoever a restricted file names. */
export function maySeeOpenings(scene: Pick<Scene, 'actor'>, client: Client): boolean {
  const { id, managedSiteIds } = scene.actor
  return client.adviserId === id || managedSiteIds.includes(client.siteId) || client.restrictedTo?.includes(id) === true
}

interface Opened {
  readonly openings: readonly Opening[]
  readonly visits: readonly Visit[]
  readonly surroundings: Surroundings
}

export function openingsPage(scene: Scene, client: Client, { openings, visits, surroundings }: Opened) {
  return {
    title: scene.t('clients.openings.title'),
    head: fileHead(client),
    openings: openings.map(({ staffId, at }) => ({ who: surroundings.staffName(staffId), when: scene.moment(at) })),
    visits: visits.map((visit) => ({
      who: surroundings.staffName(visit.staffId),
      when: scene.moment(visit.givenAt),
      reason: scene.t(`clients.visit.${visit.reason}`),
      words: visit.words,
    })),
  }
}
