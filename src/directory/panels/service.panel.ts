// A service on its page: everything an adviser asks for, and how far it can be trusted.

import type { Panel, Scene } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { namedLanguage } from '#platform/languages.ts'
import { accessibilityCodes, accessibilityKey } from '../accessibility.ts'
import { ageRule } from '../matching.store.ts'
import { ruleInWords, speechOf, type Speech } from '../requirement-words.ts'
import { requirementsOf, type Requirement } from '../requirements.store.ts'
import { serviceTypeKey } from '../service-type.ts'
import {
  findService,
  hoursOfService,
  placesOfService,
  type Service,
  type ServiceHours,
  type ServicePlace,
} from '../services.store.ts'
import { shownFreshness, shownHours, shownPlaces } from '../words.scene.ts'

/** What the page around the panel needs to know of the service. */
export interface ServicePanel extends Panel {
  readonly service: Service
}

// messages: directory.status.*
// messages: directory.accessibility.*
// messages: directory.places.by_*

/** Null when there is no such service. */
export async function servicePanel(scene: Scene, id: ServiceId): Promise<ServicePanel | null> {
  const service = await findService(scene.db, id)
  if (!service) return null
  const about = {
    service,
    places: await placesOfService(scene.db, id),
    hours: await hoursOfService(scene.db, id, scene.today),
    requirements: await requirementsOf(scene.db, id),
  }
  return { template: 'directory/panels/service.njk', model: { service: serviceModel(scene, about) }, service }
}

interface About {
  readonly service: Service
  readonly places: readonly ServicePlace[]
  readonly hours: readonly ServiceHours[]
  readonly requirements: readonly Requirement[]
}

/** Pure, but for the words of the scene. */
export function serviceModel(scene: Scene, { service, places, hours, requirements }: About) {
  const t: Scene['t'] = (key, values) => scene.t(key, values)
  const speech = speechOf(scene)
  const mayChange = scene.actor.roles.some((role) => role === 'adviser' || role === 'manager')
  return {
    name: service.name,
    alternateName: service.alternateName,
    organization: { name: service.organizationName, href: `/partners/${service.organizationId}` },
    type: t(serviceTypeKey(service.serviceType)),
    isClassified: service.serviceType !== null,
    description: service.description,
    alert: service.row['alert'] ?? null,
    closed: closedWords(scene, service),
    freshness: shownFreshness(scene, service),
    free: {
      ...shownPlaces(scene, service),
      by: service.placesBy === null ? null : t(`directory.places.by_${service.placesBy}`),
    },
    nextStart: service.nextStart === null ? null : scene.day(service.nextStart),
    rules: rulesOf(service, requirements, speech),
    eligibility: service.eligibility,
    documents: service.documents,
    areas: service.areas.join(', '),
    application: service.row['application_process'] ?? null,
    wait: service.row['wait_time'] ?? null,
    isFree: service.costCents === 0,
    cost: priceOf(service),
    fees: service.fees,
    languages: service.languages.map((tag) => namedLanguage(scene, tag)).join(', '),
    interpretation: service.interpretation,
    hours: hoursShown(hours).map((one) => shownHours(scene, one)),
    hoursWords: (service.children.schedule ?? []).flatMap((one) => one['description'] ?? []),
    places: places.map((place) => placeModel(scene, place)),
    contact: { email: service.email, phone: service.phone, url: webAddress(service.url) },
    people: peopleOf(service, places),
    // What was entered here has no other directory to name.
    source: service.source === 'waypost' ? null : { source: service.source, id: service.sourceId },
    updateHref: mayChange ? `/services/${service.id}/update` : null,
    requirementsHref: mayChange ? `/services/${service.id}/requirements` : null,
  }
}

function closedWords(scene: Scene, { goneSince, status }: Service): string | null {
  if (goneSince !== null) return scene.t('directory.service.gone', { day: scene.day(goneSince) })
  return status === 'active' ? null : scene.t(`directory.status.${status}`)
}

function rulesOf({ minimumAge, maximumAge }: Service, requirements: readonly Requirement[], speech: Speech) {
  const stated = ageRule(minimumAge, maximumAge).map((rule) => ({
    text: ruleInWords(rule, speech),
    note: speech.t('directory.requirements.from_directory'),
  }))
  return [...stated, ...requirements.map(({ rule, note }) => ({ text: ruleInWords(rule, speech), note }))]
}

/** Its own hours where it has any: those of a place say when the place is open, not the service. */
function hoursShown(hours: readonly ServiceHours[]): readonly ServiceHours[] {
  const own = hours.filter((one) => !one.isOfPlace)
  return own.length > 0 ? own : hours
}

/** The least amount that is asked, as the directory writes money: `GBP 35`. */
function priceOf({ costCents, currency }: Service): string | null {
  if (costCents === null || costCents === 0) return null
  const amount = (costCents / 100).toFixed(2).replace(/\.00$/, '')
  return currency === null ? amount : `${currency} ${amount}`
}

function placeModel(scene: Scene, place: ServicePlace) {
  const codes = accessibilityCodes.filter((code) => place.accessibility.includes(code))
  return {
    name: place.name,
    address: place.address,
    isOnline: place.kind === 'virtual',
    transport: place.transport,
    access: codes.map((code) => scene.t(accessibilityKey(code))).join(', '),
    accessWords: (place.children.accessibility ?? []).flatMap((one) => one['details'] ?? []),
  }
}

/** Whom to ask for: the people named at the service, and at its places. */
function peopleOf(service: Service, places: readonly ServicePlace[]) {
  const contacts = [
    service.children,
    ...places.map((place) => place.thereChildren),
    ...places.map((place) => place.children),
  ].flatMap((kept) => kept.contact ?? [])
  const seen = new Set<string>()
  return contacts.flatMap((contact) => {
    const name = contact['name']
    if (name === undefined || seen.has(name)) return []
    seen.add(name)
    return [
      {
        name,
        title: [contact['title'], contact['department']].filter(Boolean).join(', '),
        email: contact['email'] ?? null,
      },
    ]
  })
}

/** Only web addresses become links: a directory may hold anything. */
function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null
}
