// An HSDS JSON document (an organisation, a service, a list's item, nested or flat) as rows of the tabular form.

import { hasColumn, tableCalled, tableNames, type TableName } from '../hsds.ts'
import type { Values } from './row.ts'

export interface JsonRow {
  readonly table: TableName
  readonly values: Values
  /** From the document's top: `services.0.phones.1`; '' is the top itself. */
  readonly path: string
}

type Members = Readonly<Record<string, unknown>>

/**
 * The rows of a document, in the order of `tableNames`; null when it is no HSDS document. Nesting becomes reference: a
 * phone inside a contact has that `contact_id`, a service with an organisation inside has that `organization_id`. What
 * stands several times with one id (a phone of a service and of its location) becomes one row with all its references.
 */
export function rowsOfDocument(document: unknown, fileName: string): JsonRow[] | null {
  if (!isMembers(document)) return null
  const rows: JsonRow[] = []
  const lists = tablesIn(document)
  if (lists !== null) {
    for (const list of lists) readList(list, null, rows)
  } else {
    const table = kindOf(document, fileName)
    if (table === null) return null
    readMembers({ table, members: document, path: '' }, {}, rows)
  }
  return merged(rows).sort((a, b) => tableNames.indexOf(a.table) - tableNames.indexOf(b.table))
}

/** The lists of the tabular form in one document (`{"organization": […], "service": […]}`); null when it is another. */
function tablesIn(document: Members): List[] | null {
  const lists = Object.entries(document).flatMap(([path, items]): List[] => {
    const table = tableCalled(path)
    return table !== null && isList(items) ? [{ table, items, path }] : []
  })
  return document['id'] === undefined && lists.length > 0 && lists.length === Object.keys(document).length
    ? lists
    : null
}

interface Node {
  readonly table: TableName
  readonly members: Members
  readonly path: string
}

/** What a document is about: told by its members, and by the file's name where these fit several. */
function kindOf(members: Members, fileName: string): TableName | null {
  const has = (...names: string[]) => names.some((name) => name in members)
  if (!has('id')) return null
  if ((has('service') && has('location')) || has('service_id', 'location_id')) return 'service_at_location'
  if (has('location_type')) return 'location'
  if (has('status', 'organization', 'organization_id', 'service_at_locations')) return 'service'
  if (has('services', 'locations', 'organization_identifiers', 'website', 'tax_id', 'legal_status'))
    return 'organization'
  if (has('taxonomy', 'taxonomy_detail', 'term_uri', 'parent_id')) return 'taxonomy_term'
  return tableCalled(fileName.replace(/(_full|_list)?\.json$/i, ''))
}

function readMembers(node: Node, links: Values, rows: JsonRow[]): string | null {
  const values: Values = { ...links }
  for (const [name, value] of Object.entries(node.members)) {
    const table = typeof value === 'object' && value !== null ? tableCalled(name) : null
    const path = node.path === '' ? name : `${node.path}.${name}`
    if (table !== null && isList(value)) readList({ table, items: value, path }, node, rows)
    else if (table !== null && isMembers(value))
      linkOne(name, readMembers({ table, members: value, path }, {}, rows), values)
    else addText(values, name, value)
  }
  rows.push({ table: node.table, values, path: node.path })
  if (node.table === 'service') lendOrganization(node, values, rows)
  return values['id'] ?? null
}

/** The API shows a service's program without saying whose it is: the service's organisation's. */
function lendOrganization(service: Node, values: Values, rows: readonly JsonRow[]): void {
  const path = service.path === '' ? 'program' : `${service.path}.program`
  const program = rows.find((row) => row.table === 'program' && row.path === path)
  const owner = values['organization_id']
  if (program && owner !== undefined) program.values['organization_id'] ??= owner
}

/** `organization: {…}` inside a service: the service's organization_id. */
function linkOne(name: string, id: string | null, values: Values): void {
  if (id !== null) values[name === 'taxonomy_detail' ? 'taxonomy_id' : `${name}_id`] ??= id
}

interface List {
  readonly table: TableName
  readonly items: readonly unknown[]
  readonly path: string
}

function readList({ table, items, path }: List, parent: Node | null, rows: JsonRow[]): void {
  for (const [index, item] of items.entries()) {
    if (isMembers(item)) readMembers({ table, members: item, path: `${path}.${index}` }, linksTo(parent, table), rows)
  }
}

/** What an item of a list inside a document refers to by standing there. */
function linksTo(parent: Node | null, table: TableName): Values {
  const id = parent?.members['id']
  if (parent === null || (typeof id !== 'string' && typeof id !== 'number')) return {}
  if (table === 'attribute') return { link_id: String(id), link_entity: parent.table }
  if (table === 'metadata') return { resource_id: String(id), resource_type: parent.table }
  const column = `${parent.table}_id`
  return hasColumn(table, column) ? { [column]: String(id) } : {}
}

function addText(values: Values, name: string, value: unknown): void {
  if (value === null || value === undefined) return
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value)
  if (text !== '') values[name] = text
}

/** Rows of one table with one id as one row, unless they contradict each other: then both stay, to be refused. */
function merged(rows: readonly JsonRow[]): JsonRow[] {
  const byId = new Map<string, JsonRow>()
  const all: JsonRow[] = []
  for (const row of rows) {
    const key = `${row.table} ${row.values['id'] ?? ''}`
    const earlier = byId.get(key)
    if (earlier && row.values['id'] !== undefined && contradictionOf(earlier.values, row.values) === null) {
      Object.assign(earlier.values, row.values)
    } else {
      byId.set(key, row)
      all.push(row)
    }
  }
  return all
}

/** The first column on which two accounts of one thing differ, or null when they can be one. */
export function contradictionOf(a: Values, b: Values): string | null {
  return Object.keys(b).find((column) => a[column] !== undefined && a[column] !== b[column]) ?? null
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
