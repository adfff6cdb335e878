// An organisation's rows as its entry: merged where they tell one thing twice, arranged by what they hang on.

import { hasColumn, tables, type TableName } from '../hsds.ts'
import type { Contradiction, EntryTools, ExchangeId, Kept, OrganizationEntry } from './entry.ts'
import { contradictionOf } from './json-rows.ts'
import {
  firstEmail,
  keyOf,
  known,
  linkEntry,
  locationEntry,
  openings,
  ours,
  phoneIn,
  serviceEntry,
  type Held,
} from './read-parts.ts'
import type { Values } from './row.ts'
import type { KeptRow } from './spill.files.ts'

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

function tableOfId(row: KeptRow, column: string): TableName | undefined {
  if (column === 'id') return row.table
  if (column === 'parent_organization_id') return 'organization'
  if (column === 'parent_id') return 'taxonomy_term'
  if (column === 'link_id' || column === 'resource_id') return row.about ?? row.table
  return undefined
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

/** The digest leaves out what the source calls it: an export of ours calls it otherwise. */
function hashed<Part>(part: Part, { digestOf }: EntryTools): Part & { readonly contentHash: string } {
  return { ...part, contentHash: digestOf({ ...part, sourceId: '' }) }
}
