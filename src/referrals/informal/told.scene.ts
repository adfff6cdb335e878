// Which service or partner is meant by what somebody typed, and what is offered while they type.

import { searchOrganizations, searchServices } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'
import { namesToldBy } from './informal.store.ts'
import type { ToldThing } from './informal.ts'

/** So many services are offered while typing; the rest is found by what was typed. */
const offeredServices = 80
const mostMeant = 6

/** What may be meant, each with the value of its choice. */
export interface Meant extends ToldThing {
  /** `service:<id>` or `partner:<id>`. */
  readonly value: string
  readonly label: string
}

/** What the input offers: the names that this person used lately, then services with their partners. */
export async function offeredNames(scene: Scene): Promise<readonly string[]> {
  const { services } = await searchServices(scene.db, {}, { page: 1, size: offeredServices, today: scene.today })
  return [...new Set([...(await namesToldBy(scene.db, scene.actor.id)), ...services.map(labelOf)])]
}

/** The one thing that the words name exactly, the things that they may mean, or the words themselves when the directory has
 *  nothing like them. */
export async function whatIsMeant(
  scene: Scene,
  typed: string,
): Promise<{ readonly exact: ToldThing } | { readonly choices: readonly Meant[] }> {
  const day = { page: 1, size: mostMeant, today: scene.today }
  const isAsked = /[\p{L}\p{N}]/u.test(typed)
  const services = isAsked ? (await searchServices(scene.db, { words: typed }, day)).services : []
  const partners = isAsked ? await searchOrganizations(scene.db, typed, mostMeant) : []
  const choices: readonly Meant[] = [
    ...services.map((service) => ({
      value: `service:${service.id}`,
      label: labelOf(service),
      organizationId: service.organizationId,
      serviceId: service.id,
      serviceType: service.serviceType,
      name: service.name,
    })),
    ...partners.map(({ id, name }) => ({
      ...{ value: `partner:${id}`, label: name, name },
      ...partnerThing({ id, name }),
    })),
  ]
  const wanted = folded(typed)
  const exact = choices.filter(({ label, name }) => folded(label) === wanted || folded(name) === wanted)
  if (exact.length === 1) return { exact: thingOf(exact[0]!) }
  return choices.length === 0 ? { exact: namedOnly(typed) } : { choices }
}

export function thingOf({ organizationId, serviceId, serviceType, name }: ToldThing): ToldThing {
  return { organizationId, serviceId, serviceType, name }
}

/** A name that no directory knows. */
export function namedOnly(name: string): ToldThing {
  return { organizationId: null, serviceId: null, serviceType: null, name }
}

export function serviceThing(service: {
  id: ServiceId
  organizationId: OrganizationId
  serviceType: string | null
  name: string
}): ToldThing {
  const { id: serviceId, organizationId, serviceType, name } = service
  return { organizationId, serviceId, serviceType, name }
}

export function partnerThing({ id, name }: { id: OrganizationId; name: string }): ToldThing {
  return { organizationId: id, serviceId: null, serviceType: null, name }
}

function labelOf({ name, organizationName }: { name: string; organizationName: string }): string {
  return `${name} – ${organizationName}`
}

function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}
