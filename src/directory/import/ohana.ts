// The older Ohana layout as rows of HSDS tables: numbers as ids, lists inside cells, opening hours a row a weekday.
// Source of the layout: codeforamerica/ohana-api, its CSV templates. What HSDS has no column for is kept under its name.

import type { TableName } from '../hsds.ts'
import { timeOfDay, weekdayCode } from '../opening.ts'
import type { RowProblem, Values } from './row.ts'

/** The files in the order in which they can be read, with the columns that they cannot do without. */
export const ohanaFiles = {
  taxonomy: ['taxonomy_id', 'name'],
  organizations: ['id', 'name'],
  programs: ['id', 'organization_id', 'name'],
  locations: ['id', 'organization_id', 'name'],
  services: ['id', 'location_id', 'name'],
  contacts: ['id', 'name'],
  phones: ['id', 'number'],
  addresses: ['id', 'location_id', 'address_1'],
  mail_addresses: ['id', 'location_id', 'address_1'],
  regular_schedules: ['id', 'weekday', 'opens_at', 'closes_at'],
  holiday_schedules: ['id', 'start_date', 'end_date', 'closed'],
} as const

export type OhanaFile = keyof typeof ohanaFiles

export interface OhanaRow {
  readonly table: TableName
  readonly values: Values
  readonly problems: readonly RowProblem[]
  readonly columnNames: Readonly<Record<string, string>>
}

/** Reads records in the order of `ohanaFiles`: a service's organisation is that of its location. */
export interface OhanaReader {
  read(file: OhanaFile, record: Values): OhanaRow[]
}

export function readOhana(): OhanaReader {
  const organizationOf = new Map<string, string>()
  return {
    read(file, record) {
      switch (file) {
        case 'taxonomy':
          return [
            row(
              'taxonomy_term',
              { ...without(record, 'taxonomy_id', 'parent_name'), ...term(record) },
              { id: 'taxonomy_id' },
            ),
          ]
        case 'organizations':
          return organization(record)
        case 'programs':
          return [row('program', { description: record['name'] ?? '', ...record })]
        case 'locations':
          if (record['id'] && record['organization_id']) organizationOf.set(record['id'], record['organization_id'])
          return location(record)
        case 'services':
          return service(record, organizationOf)
        case 'contacts':
          return [row('contact', record)]
        case 'phones':
          return [row('phone', renamed(record, phoneNames), inverse(phoneNames))]
        case 'addresses':
          return [row('address', { ...record, address_type: 'physical' })]
        case 'mail_addresses':
          // Both kinds number their rows from 1.
          return [row('address', { ...record, ...prefixed('mail', record['id']), address_type: 'postal' })]
        case 'regular_schedules':
          return [regularHours(record)]
        case 'holiday_schedules':
          return [holiday(record)]
      }
    },
  }
}

const organizationNames = { website: 'website' }
const locationNames = { website: 'url' }
const serviceNames = { website: 'url', eligibility: 'eligibility_description' }
const phoneNames = { number_type: 'type', department: 'description' }

function term(record: Values): Values {
  const id = record['taxonomy_id']
  return { ...(id !== undefined && { id, code: id }), description: record['name'] ?? '', taxonomy: 'Open Eligibility' }
}

function organization(record: Values): OhanaRow[] {
  const values = without(renamed(record, organizationNames), 'date_incorporated', 'funding_sources')
  const incorporated = dayIn(record['date_incorporated'])
  const year = incorporated?.slice(0, 4)
  return [
    row('organization', {
      ...values,
      ...(year !== undefined && { year_incorporated: year }),
      ...kept('date_incorporated', record),
    }),
    ...funding('organization_id', record),
  ]
}

function location(record: Values): OhanaRow[] {
  const id = record['id'] ?? ''
  const isVirtual = record['virtual'] === 'true'
  const values = without(renamed(record, locationNames), 'accessibility', 'languages', 'virtual')
  return [
    row('location', { ...values, location_type: isVirtual ? 'virtual' : 'physical' }, inverse(locationNames)),
    ...list(record, 'accessibility').map((description) =>
      row('accessibility', { id: `location/${id}/${description}`, location_id: id, description }),
    ),
    ...list(record, 'languages').map((name) =>
      row('language', { id: `location/${id}/${name}`, location_id: id, name }),
    ),
  ]
}

function service(record: Values, organizationOf: ReadonlyMap<string, string>): OhanaRow[] {
  const id = record['id'] ?? ''
  const place = record['location_id']
  const owner = place === undefined ? undefined : organizationOf.get(place)
  const problems: RowProblem[] =
    place === undefined
      ? [{ field: 'location_id', reason: 'required', value: '' }]
      : owner === undefined
        ? [{ field: 'location_id', reason: 'no_such_row', value: place }]
        : []
  const plain = without(renamed(record, serviceNames), 'location_id', 'taxonomy_ids', 'languages', ...serviceLists)
  const values = { status: 'active', ...plain, ...(owner !== undefined && { organization_id: owner }) }
  const names = { ...inverse(serviceNames), organization_id: 'location_id' }
  if (place === undefined || owner === undefined) return [{ table: 'service', values, problems, columnNames: names }]
  return [
    row('service', values, names),
    row('service_at_location', { id: `service/${id}`, service_id: id, location_id: place }),
    ...funding('service_id', record),
    ...list(record, 'languages').map((name) => row('language', { id: `service/${id}/${name}`, service_id: id, name })),
    ...list(record, 'required_documents').map((document) =>
      row('required_document', { id: `service/${id}/${document}`, service_id: id, document }),
    ),
    ...list(record, 'service_areas').map((name) =>
      row('service_area', { id: `service/${id}/${name}`, service_id: id, name }),
    ),
    ...list(record, 'taxonomy_ids').map((code) =>
      row(
        'attribute',
        { id: `service/${id}/${code}`, link_id: id, link_entity: 'service', taxonomy_term_id: code },
        { taxonomy_term_id: 'taxonomy_ids' },
      ),
    ),
  ]
}

const serviceLists = ['funding_sources', 'required_documents', 'service_areas'] as const

function funding(column: 'organization_id' | 'service_id', record: Values): OhanaRow[] {
  const id = record['id'] ?? ''
  return list(record, 'funding_sources').map((source) =>
    row('funding', { id: `${column}/${id}/${source}`, [column]: id, source }),
  )
}

function regularHours(record: Values): OhanaRow {
  const day = weekdayCode(record['weekday'] ?? '')
  const values = {
    ...without(record, 'weekday'),
    ...hours(record),
    freq: 'WEEKLY',
    ...(day !== null && { byday: day }),
  }
  const problem = {
    field: 'weekday',
    reason: record['weekday'] ? 'not_allowed' : 'required',
    value: record['weekday'] ?? '',
  } as const
  return { ...row('schedule', values), problems: day === null ? [problem] : [] }
}

/** A holiday is a schedule between two days, with `closed` kept beside it; the year 1 means every year. */
function holiday(record: Values): OhanaRow {
  const days = { valid_from: dayIn(record['start_date']), valid_to: dayIn(record['end_date']) }
  const values = {
    ...without(record, 'start_date', 'end_date'),
    ...prefixed('holiday', record['id']),
    ...hours(record),
    valid_from: days.valid_from ?? record['start_date'] ?? '',
    valid_to: days.valid_to ?? record['end_date'] ?? '',
  }
  return row('schedule', values, { valid_from: 'start_date', valid_to: 'end_date' })
}

function hours(record: Values): Values {
  return Object.fromEntries(
    ['opens_at', 'closes_at'].flatMap((name) => {
      const said = record[name]
      return said === undefined ? [] : [[name, timeOfDay(said) ?? said]]
    }),
  )
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `YYYY-MM-DD` from `January 01, 1970`, `12/24/2015`, `12/24/15` or itself; null for anything else. */
function dayIn(text: string | undefined): string | null {
  if (text === undefined) return null
  const words = /^([a-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})$/i.exec(text)
  const numbers = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/.exec(text)
  const two = (part: string | number | undefined) => String(part).padStart(2, '0')
  if (words) {
    const month = months.indexOf((words[1] ?? '').toLowerCase()) + 1
    return month === 0 ? null : `${words[3]}-${two(month)}-${two(words[2])}`
  }
  if (numbers) {
    const year = numbers[3]?.length === 2 ? `20${numbers[3]}` : numbers[3]
    return `${year}-${two(numbers[1])}-${two(numbers[2])}`
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
}

/** The entries of a cell, each once. A comma inside brackets belongs to its entry. */
function list(record: Values, name: string): string[] {
  const entries = (record[name] ?? '').split(/,(?![^(]*\))/).map((entry) => entry.trim())
  return [...new Set(entries.filter((entry) => entry !== ''))]
}

function row(table: TableName, values: Values, columnNames: Readonly<Record<string, string>> = {}): OhanaRow {
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  return { table, values: filled, problems: [], columnNames }
}

function renamed(record: Values, names: Readonly<Record<string, string>>): Values {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [names[name] ?? name, value]))
}

function inverse(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]))
}

function without(record: Values, ...names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

function kept(name: string, record: Values): Values {
  const value = record[name]
  return value === undefined ? {} : { [name]: value }
}

function prefixed(kind: string, id: string | undefined): Values {
  return id === undefined ? {} : { id: `${kind}/${id}` }
}
