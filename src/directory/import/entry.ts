// An organisation's rows as what the directory keeps: its own columns for searching and matching, and the rows whole.

import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { accessibilityCodes, accessibilityIn, type AccessibilityCode } from '../accessibility.ts'
import { hasColumn, tables, type TableName } from '../hsds.ts'
import { languageTag } from '../language.ts'
import { openingsOf, type Opening } from '../opening.ts'
import { isServiceType, type ServiceType } from '../service-type.ts'
import { isEmail, numberIn } from './check-row.ts'
import { contradictionOf } from './json-rows.ts'
import type { Values } from './row.ts'
import type { KeptRow } from './spill.files.ts'

/** A row as the source gave it (ids made UUIDs), with the rows that hang on it. */
export interface Kept {
  readonly row: Values
  readonly children: Partial<Record<TableName, Values[]>>
}

interface Known {
  /** What the source calls it. */
  readonly sourceId: string
  readonly exchangeId: string
  readonly hsds: Kept
}

export interface OrganizationEntry extends Known {
  readonly name: string
  readonly alternateName: string | null
  readonly description: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly website: string | null
  readonly locations: readonly LocationEntry[]
  readonly services: readonly ServiceEntry[]
  readonly links: readonly LinkEntry[]
  readonly openings: readonly EntryOpening[]
}

export interface LocationEntry extends Known {
  readonly contentHash: string
  readonly name: string | null
  readonly kind: string
  readonly address: string | null
  readonly city: string | null
  readonly postalCode: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly transport: string | null
  readonly accessibility: readonly AccessibilityCode[]
  readonly languages: readonly string[]
}

export interface ServiceEntry extends Known {
  readonly contentHash: string
  readonly name: string
  readonly alternateName: string | null
  readonly description: string | null
  readonly serviceType: ServiceType | null
  readonly status: string
  readonly languages: readonly string[]
  readonly interpretation: string | null
  readonly email: string | null
  readonly url: string | null
  readonly phone: string | null
  readonly fees: string | null
  readonly costCents: number | null
  readonly currency: string | null
  readonly eligibility: string | null
  readonly minimumAge: number | null
  readonly maximumAge: number | null
  readonly areas: readonly string[]
  readonly documents: readonly string[]
  readonly keywords: string
  readonly placesFree: number | null
  /** ISO moment. */
  readonly placesAsOf: string | null
  readonly assuredOn: CalendarDay | null
  readonly sourceChangedOn: CalendarDay | null
}

/** A service at a location, which may be another organisation's: ids are exchange ids. */
export interface LinkEntry extends Known {
  readonly service: string
  readonly location: string
  readonly file: string
  readonly line: number
}

/** Of a service, of a location, or of a service there: exchange ids. */
export interface EntryOpening extends Opening {
  readonly service: string | null
  readonly location: string | null
}

/** Two accounts of one thing that differ. */
export interface Contradiction {
  readonly file: string
  readonly line: number
  readonly field: string
  readonly value: string
}

export type ExchangeId = (table: TableName, sourceId: string) => string

export interface EntryTools {
  readonly exchangeId: ExchangeId
  /** Tells two contents apart. */
  readonly digestOf: (value: unknown) => string
}

/** Columns that hold an id, by table, with the table whose ids they are; `about` is told by the row itself. */
export function exchangedValues(row: KeptRow, exchangeId: ExchangeId): Values {
  const values: Values = {}
  for (const column of tables[row.table].columns) {
    const value = row.values[column.name]
    if (value === undefined) continue
    const table = tableOfId(row, column.name) ?? column.refersTo
    values[column.name] = table === undefined ? value : exchangeId(table, value)
  }
  const others = Object.keys(row.values).filter((name) => !hasColumn(row.table, name) && !name.startsWith(ours))
  for (const name of others.sort()) values[name] = row.values[name] ?? ''
  return values
}

/** Columns that our own exports add; they are read, and not kept as the source's. */
const ours = 'waypost_'

function tableOfId(row: KeptRow, column: string): TableName | undefined {
  if (column === 'id') return row.table
  if (column === 'parent_organization_id') return 'organization'
  if (column === 'parent_id') return 'taxonomy_term'
  if (column === 'link_id' || column === 'resource_id') return row.about ?? row.table
  return undefined
}

interface Held {
  readonly source: KeptRow
  readonly values: Values
}

/** Rows of one thing as one row. The first contradiction refuses the organisation. */
export function mergeRepeated(rows: readonly KeptRow[]): { rows: KeptRow[]; contradiction: Contradiction | null } {
  const byId = new Map<string, KeptRow>()
  for (const row of rows) {
    const key = `${row.table}\n${row.values['id'] ?? ''}`
    const earlier = byId.get(key)
    const field = earlier ? contradictionOf(earlier.values, row.values) : null
    if (field !== null) {
      const { file, line, values } = row
      return { rows: [], contradiction: { file, line, field, value: values[field] ?? '' } }
    }
    byId.set(key, earlier ? { ...earlier, values: { ...earlier.values, ...row.values } } : row)
  }
  return { rows: [...byId.values()], contradiction: null }
}

/** The entry that an organisation's rows make, or null when the organisation's own row is not among them. */
export function entryOf(rows: readonly KeptRow[], tools: EntryTools): OrganizationEntry | null {
  const held = rows.map((source): Held => ({ source, values: exchangedValues(source, tools.exchangeId) }))
  const of = (table: TableName) => held.filter((row) => row.source.table === table)
  const [organization] = of('organization')
  if (!organization) return null
  const kept = arrange(held)
  const own = kept.get(keyOf(organization)) ?? { row: organization.values, children: {} }
  const locations = of('location').map((row) => hashed(locationEntry(row, kept), tools))
  const links = of('service_at_location').map((row) => linkEntry(row, kept))
  const services = of('service').map((row) => hashed(serviceEntry(row, { kept, locations, links }), tools))
  return {
    ...known(organization, kept),
    name: organization.values['name'] ?? '',
    alternateName: organization.values['alternate_name'] ?? null,
    description: organization.values['description'] ?? null,
    email: firstEmail(organization.values['email'], ...(own.children.contact ?? []).map((contact) => contact['email'])),
    phone: phoneIn(own),
    website: organization.values['website'] ?? null,
    locations,
    services,
    links,
    openings: openings(of('schedule'), of('service_at_location')),
  }
}

/** Puts each row that is no thing of its own under the closest thing that it hangs on: service, door, location, organisation. */
function arrange(held: readonly Held[]): Map<string, Kept> {
  const kept = new Map<string, Kept>()
  const things: readonly TableName[] = ['organization', 'service', 'location', 'service_at_location']
  for (const row of held) if (things.includes(row.source.table)) kept.set(keyOf(row), { row: row.values, children: {} })
  const organization = held.find((row) => row.source.table === 'organization')
  const top = organization ? (kept.get(keyOf(organization)) ?? null) : null
  const homes = new Map<string, Kept>()
  for (const row of held) {
    if (things.includes(row.source.table)) continue
    const home = homeOf(row, kept, homes) ?? top
    if (!home) continue
    ;(home.children[row.source.table] ??= []).push(row.values)
    homes.set(keyOf(row), home)
  }
  return kept
}

function homeOf(row: Held, kept: ReadonlyMap<string, Kept>, homes: ReadonlyMap<string, Kept>): Kept | undefined {
  const { about } = row.source
  const { values } = row
  const key = (table: TableName, id: string | undefined) => (id === undefined ? '' : `${table}\n${id}`)
  if (about !== undefined) {
    const target = key(about, values['link_id'] ?? values['resource_id'])
    return kept.get(target) ?? homes.get(target)
  }
  return (
    kept.get(key('service', values['service_id'])) ??
    kept.get(key('service_at_location', values['service_at_location_id'])) ??
    homes.get(key('contact', values['contact_id'])) ??
    homes.get(key('phone', values['phone_id'])) ??
    kept.get(key('location', values['location_id']))
  )
}

function keyOf(row: Held): string {
  return `${row.source.table}\n${row.values['id'] ?? ''}`
}

function known(row: Held, kept: ReadonlyMap<string, Kept>): Known {
  return {
    sourceId: row.source.values['id'] ?? '',
    exchangeId: row.values['id'] ?? '',
    hsds: kept.get(keyOf(row)) ?? { row: row.values, children: {} },
  }
}

/** The digest leaves out what the source calls it: an export of ours calls it otherwise. */
function hashed<Part>(part: Part, { digestOf }: EntryTools): Part & { readonly contentHash: string } {
  return { ...part, contentHash: digestOf({ ...part, sourceId: '' }) }
}

function locationEntry(row: Held, kept: ReadonlyMap<string, Kept>): Omit<LocationEntry, 'contentHash'> {
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

function linkEntry(row: Held, kept: ReadonlyMap<string, Kept>): LinkEntry {
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

function serviceEntry(row: Held, { kept, locations, links }: Around): Omit<ServiceEntry, 'contentHash'> {
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

function openings(schedules: readonly Held[], doors: readonly Held[]): EntryOpening[] {
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

function phoneIn(kept: Kept): string | null {
  const phones = kept.children.phone ?? []
  const chosen = phones.find((phone) => ['voice', 'hotline', 'cell', undefined].includes(phone['type'])) ?? null
  if (!chosen?.['number']) return null
  const number = chosen['number'].replace(/^"+|"+$/g, '')
  return chosen['extension'] === undefined ? number : `${number} ext. ${chosen['extension']}`
}

function firstEmail(...candidates: readonly (string | undefined)[]): string | null {
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
