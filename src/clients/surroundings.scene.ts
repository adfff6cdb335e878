// The names behind ids: who works in the network, and where.

import { sitesOf, type Site } from '#networks/index.ts'
import type { Scene, Work } from '#platform/http/index.ts'
import { parseId, type SiteId, type StaffId } from '#platform/ids.ts'
import { listStaff, type StaffMember } from '#staff/index.ts'
import type { StaffHand } from './client-file.store.ts'

export interface Surroundings {
  readonly sites: readonly Site[]
  /** Advisers and managers who have not left. */
  readonly advisers: readonly StaffMember[]
  /** Everybody's name, of those who have left too. */
  readonly staffNames: ReadonlyMap<StaffId, string>
  /** The member's name; what to say of nobody when there is none. */
  staffName(id: StaffId | null): string
  siteName(id: SiteId): string
}

/** The names of everybody and of every site, in two queries: a page asks once and hands them on. */
export async function surroundingsOf(scene: Pick<Scene, 'db' | 't'>): Promise<Surroundings> {
  const [sites, staff] = [await sitesOf(scene.db), await listStaff(scene.db)]
  const names = new Map(staff.map((member) => [member.id, member.name]))
  const places = new Map(sites.map((site) => [site.id, site.name]))
  return {
    sites: sites.filter((site) => site.isActive),
    advisers: staff.filter(
      ({ state, roles }) => state !== 'left' && roles.some((role) => role === 'adviser' || role === 'manager'),
    ),
    staffNames: names,
    staffName: (id) => (id && names.get(id)) ?? scene.t('clients.nobody'),
    siteName: (id) => places.get(id) ?? '',
  }
}

/** By whose hand a staff page writes. */
export function handOf(
  scene: Pick<Scene, 'network' | 'actor' | 'now' | 'today'>,
): StaffHand & { readonly today: Work['today'] } {
  return { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now, today: scene.today }
}

/** The id among those that may be chosen, or null. */
export function chosenOf<Kind extends string>(text: string, ids: readonly string[]) {
  const id = parseId<Kind>(text)
  return id && ids.includes(id) ? id : null
}
