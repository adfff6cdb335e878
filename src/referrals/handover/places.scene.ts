// Where one can meet for a service: its own locations and the network's sites, with what is known of the way there.

import { placesOfService } from '#directory/index.ts'
import { sitesOf } from '#networks/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ServiceId, SiteId } from '#platform/ids.ts'
import type { Place } from './booking.form.ts'
import { wordsOfPlaces } from './handover.store.ts'

const meetingSites: ReadonlySet<string> = new Set(['centre', 'satellite', 'outreach', 'partner_room'])

/** The service's locations first, then the client's own site, then the others. */
export async function placesToMeet(
  { db }: Pick<Scene, 'db'>,
  { serviceId, siteId }: { readonly serviceId: ServiceId; readonly siteId: SiteId },
): Promise<readonly Place[]> {
  const locations = (await placesOfService(db, serviceId)).filter(({ kind }) => kind !== 'virtual')
  const sites = (await sitesOf(db)).filter((site) => site.isActive && meetingSites.has(site.kind))
  const ids = [...locations.map(({ id }) => id), ...sites.map(({ id }) => id)]
  const remembered = await wordsOfPlaces(db, ids)
  return [
    ...locations.map((place) => ({
      id: place.id,
      text: inOneLine([place.name, place.address]),
      accessibility: place.accessibility,
      directions: remembered.get(place.id)?.directions || (place.transport ?? ''),
    })),
    ...sites
      .toSorted((a, b) => Number(b.id === siteId) - Number(a.id === siteId))
      .map((site) => ({
        id: site.id,
        text: inOneLine([site.name, site.address]),
        accessibility: [],
        directions: remembered.get(site.id)?.directions ?? '',
      })),
  ]
}

function inOneLine(parts: readonly (string | null)[]): string {
  return parts
    .filter((part) => part !== null && part !== '')
    .join(', ')
    .slice(0, 300)
}
