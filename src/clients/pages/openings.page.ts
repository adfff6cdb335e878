// Who opened a file: shown to its adviser and to the managers of its site.

import type { Scene } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
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
  /** Names of partners' people, by the id that the trace names. */
  readonly partners: ReadonlyMap<string, string>
}

// messages: clients.openings.did_*

export function openingsPage(scene: Scene, client: Client, { openings, visits, surroundings, partners }: Opened) {
  return {
    title: scene.t('clients.openings.title'),
    head: fileHead(client),
    openings: openings.map((opening) => ({
      who: whoOf(scene, opening, { surroundings, partners }),
      what: scene.t(`clients.openings.did_${opening.action.replace('.', '_')}`),
      when: scene.moment(opening.at),
    })),
    visits: visits.map((visit) => ({
      who: surroundings.staffName(visit.staffId),
      when: scene.moment(visit.givenAt),
      reason: scene.t(`clients.visit.${visit.reason}`),
      words: visit.words,
    })),
  }
}

function whoOf(
  scene: Scene,
  { actorKind, actorId }: Opening,
  { surroundings, partners }: Pick<Opened, 'surroundings' | 'partners'>,
): string {
  if (actorKind === 'staff') return surroundings.staffName(parseId<'staff'>(actorId))
  if (actorKind === 'link') return scene.t('clients.openings.by_link')
  return partners.get(actorId ?? '') ?? scene.t('clients.openings.by_partner')
}
