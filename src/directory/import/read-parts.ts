// The columns of a location, a service and a link, read from their rows and from those that hang on them.

import { parseDay } from '#platform/dates.ts'
import { accessibilityCodes, accessibilityIn } from '../accessibility.ts'
import { languageTag } from '../language.ts'
import { openingsOf } from '../opening.ts'
import { isServiceType } from '../service-type.ts'
import { isEmail, numberIn } from './check-row.ts'
import type { EntryOpening, Kept, Known, LinkEntry, LocationEntry, ServiceEntry } from './entry.ts'
import type { Values } from './row.ts'
import type { KeptRow } from './spill.files.ts'

/** A row as it came, and with its ids made UUIDs. */
export interface Held {
  readonly source: KeptRow
  readonly values: Values
}

/** Columns that our own exports add; they are read, and not kept as the source's. */
export const ours = 'waypost_'

/** Names a row among those of its organisation. */
export function keyOf(row: Held): string {
  return `${row.source.table}\n${row.values['id'] ?? ''}`
}

export function known(row: Held, kept: ReadonlyMap<string, Kept>): Known {
  return {
    sourceId: row.source.values['id'] ?? '',
    exchangeId: row.values['id'] ?? '',
    hsds: kept.get(keyOf(row)) ?? { row: row.values, children: {} },
  }
}

export function locationEntry(row: Held, kept: ReadonlyMap<string, Kept>): Omit<LocationEntry, 'contentHash'> {
  const about = known(row, kept)
  const { children } = about.hsds
  const address = children.address?.find((one) => one['address_type'] === 'physical') ?? children.address?.[0]
  const latitude = withinBound(row.values['latitude'], 90)
  const longitude = withinBound(row.values['longitude'], 180)
  const isPlaced = latitude !== null && longitude !== null
  const access = (children.accessibility ?? []).flatMap((one) =>
    accessibilityIn([one['description'], one['details']].filter(Boolean).join('. ')),
  )
  return {
    ...about,
    name: row.values['name'] ?? null,
    kind: row.values['location_type'] ?? 'physical',
    address: address ? lineOf(address) : null,
    city: address?.['city'] ?? null,
    postalCode: address?.['postal_code'] ?? null,
    latitude: isPlaced ? latitude : null,
    longitude: isPlaced ? longitude : null,
    transport: row.values['transportation'] ?? null,
    accessibility: accessibilityCodes.filter((code) => access.includes(code)),
    languages: tagsOf(children.language),
  }
}

function lineOf(address: Values): string {
  const names = ['address_1', 'address_2', 'city', 'state_province', 'postal_code']
  return names.flatMap((name) => address[name] ?? []).join(', ')
}

export function linkEntry(row: Held, kept: ReadonlyMap<string, Kept>): LinkEntry {
  const { file, line } = row.source
  return {
    ...known(row, kept),
    service: row.values['service_id'] ?? '',
    location: row.values['location_id'] ?? '',
    file,
    line,
  }
}

interface Around {
  readonly kept: ReadonlyMap<string, Kept>
  readonly locations: readonly LocationEntry[]
  readonly links: readonly LinkEntry[]
}

export function serviceEntry(row: Held, { kept, locations, links }: Around): Omit<ServiceEntry, 'contentHash'> {
  const about = known(row, kept)
  const { values } = row
  const { children } = about.hsds
  const doors = links.filter((link) => link.service === about.exchangeId)
  const places = locations.filter((location) => doors.some((door) => door.location === location.exchangeId))
  const ownTags = tagsOf(children.language)
  const contacts = [about.hsds, ...doors.map((door) => door.hsds)].flatMap((one) => one.children.contact ?? [])
  const type = row.source.values[`${ours}service_type`]
  const fees = values['fees_description'] ?? values['fees'] ?? null
  return {
    ...about,
    name: values['name'] ?? '',
    alternateName: values['alternate_name'] ?? null,
    description: values['description'] ?? null,
    serviceType: isServiceType(type) ? type : null,
    status: (values['status'] ?? 'active').replace(' ', '_'),
    languages: ownTags.length > 0 ? ownTags : [...new Set(places.flatMap((place) => place.languages))],
    interpretation: values['interpretation_services'] ?? null,
    email: firstEmail(values['email'], ...contacts.map((contact) => contact['email'])),
    url: values['url'] ?? null,
    phone:
      [about.hsds, ...doors.map((door) => door.hsds), ...places.map((place) => place.hsds)]
        .map(phoneIn)
        .find(Boolean) ?? null,
    fees,
    ...costOf(children.cost_option ?? [], fees),
    eligibility: [values['eligibility_description'], values['audience']].filter(Boolean).join('\n') || null,
    minimumAge: ageIn(values['minimum_age']),
    maximumAge: ageIn(values['maximum_age']),
    areas: (children.service_area ?? []).flatMap((area) => area['name'] ?? area['description'] ?? []),
    documents: (children.required_document ?? []).flatMap((one) => one['document'] ?? []),
    keywords: [values['keywords'], ...places.flatMap((place) => [place.name, place.city])].filter(Boolean).join(' '),
    ...placesIn(children.service_capacity ?? []),
    assuredOn: parseDay(values['assured_date']),
    sourceChangedOn: parseDay(values['last_modified']?.slice(0, 10)),
  }
}

/** The least amount that the source names; nothing to pay where its words begin with that. */
function costOf(
  options: readonly Values[],
  fees: string | null,
): { costCents: number | null; currency: string | null } {
  const priced = options
    .map((option) => ({ amount: numberIn(option['amount']), currency: option['currency']?.toUpperCase() ?? null }))
    .filter((option) => option.amount !== null && option.amount >= 0 && option.amount < 1e9)
    .sort((a, b) => (a.amount ?? 0) - (b.amount ?? 0))
  const least = priced[0]
  if (least) return { costCents: Math.round((least.amount ?? 0) * 100), currency: least.currency }
  return {
    costCents: fees !== null && /^(none|free|no (fees?|cost|charge))(?=$|[.;])/i.test(fees) ? 0 : null,
    currency: null,
  }
}

function placesIn(capacities: readonly Values[]): { placesFree: number | null; placesAsOf: string | null } {
  const [first] = capacities
  const available = numberIn(first?.['available'])
  const updated = first?.['updated']
  if (available === null || updated === undefined || available < 0 || available > 1e6)
    return { placesFree: null, placesAsOf: null }
  return { placesFree: Math.floor(available), placesAsOf: new Date(updated).toISOString() }
}

export function openings(schedules: readonly Held[], doors: readonly Held[]): EntryOpening[] {
  const byId = new Map(doors.map((door) => [door.values['id'], door.values]))
  return schedules.flatMap(({ values }) => {
    const door = byId.get(values['service_at_location_id'])
    const service = values['service_id'] ?? door?.['service_id'] ?? null
    const location = values['location_id'] ?? door?.['location_id'] ?? null
    if (service === null && location === null) return []
    return openingsOf(values).map((opening) => ({ ...opening, service, location }))
  })
}

function tagsOf(languages: readonly Values[] = []): string[] {
  const tags = languages.flatMap((one) => languageTag(one['code'] ?? '') ?? languageTag(one['name'] ?? '') ?? [])
  return [...new Set(tags)]
}

export function phoneIn(kept: Kept): string | null {
  const phones = kept.children.phone ?? []
  const chosen = phones.find((phone) => ['voice', 'hotline', 'cell', undefined].includes(phone['type'])) ?? null
  if (!chosen?.['number']) return null
  const number = chosen['number'].replace(/^"+|"+$/g, '')
  return chosen['extension'] === undefined ? number : `${number} ext. ${chosen['extension']}`
}

export function firstEmail(...candidates: readonly (string | undefined)[]): string | null {
  return candidates.find((email) => email !== undefined && isEmail(email)) ?? null
}

function withinBound(value: string | undefined, bound: number): number | null {
  const number = numberIn(value)
  return number !== null && Math.abs(number) <= bound ? number : null
}

function ageIn(value: string | undefined): number | null {
  const age = numberIn(value)
  return age !== null && age >= 0 && age <= 130 ? Math.floor(age) : null
}
