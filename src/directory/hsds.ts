// The tables of HSDS 3 in their tabular form: columns, types, what is required, what refers to what.
// Source: Human Services Data Specification 3.0, datapackage.json and tabular schema (Open Referral, CC BY-SA 4.0); the
// three tables marked so came with 3.1. A test holds this file against the published schema.

export type ColumnType = 'text' | 'number' | 'date' | 'datetime' | 'time' | 'email' | 'uri'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly isRequired: boolean
  /** The only values allowed, where the standard lists them. */
  readonly values?: readonly string[]
  /** The table that a value of this column names a row of. */
  readonly refersTo?: TableName
}

/** Tables in the order in which a package can be read: each after those that its rows refer to. */
export const tableNames = [
  'taxonomy',
  'taxonomy_term',
  'unit',
  'meta_table_description',
  'organization',
  'program',
  'service',
  'service_at_location',
  'location',
  'contact',
  'phone',
  'address',
  'schedule',
  'funding',
  'service_area',
  'required_document',
  'cost_option',
  'language',
  'accessibility',
  'organization_identifier',
  'service_capacity',
  'url',
  'attribute',
  'metadata',
] as const

export type TableName = (typeof tableNames)[number]

export interface Table {
  readonly name: TableName
  /** The file of a data package, without `.csv`. */
  readonly file: string
  readonly columns: readonly Column[]
}

const places = 'physical|postal|virtual'
const days = 'MO|TU|WE|TH|FR|SA|SU'

// One word a column: name, then `:type`, `=values`, `>table` (a reference), `!` (required). `~` stands for a blank.
const shapes: Record<TableName, readonly [file: string, columns: string]> = {
  taxonomy: ['taxonomies', 'id! name! description! uri:uri version'],
  taxonomy_term: [
    'taxonomy_terms',
    'id! code name! description! parent_id taxonomy language taxonomy_id>taxonomy term_uri:uri',
  ],
  unit: ['units', 'id! name! scheme identifier uri:uri'],
  meta_table_description: ['meta_table_descriptions', 'id! name language character_set'],
  organization: [
    'organizations',
    'id! name! alternate_name description! email:email website:uri tax_status tax_id year_incorporated:number ' +
      'legal_status logo uri:uri parent_organization_id',
  ],
  program: ['programs', 'id! organization_id>organization! name! alternate_name description!'],
  service: [
    'services',
    'id! organization_id>organization! program_id>program name! alternate_name description url:uri email:email ' +
      'status=active|inactive|defunct|temporarily~closed! interpretation_services application_process ' +
      'fees_description wait_time fees accreditations eligibility_description minimum_age:number maximum_age:number ' +
      'assured_date:date assurer_email:email licenses alert last_modified:datetime',
  ],
  service_at_location: ['service_at_location', 'id! service_id>service! location_id>location! description'],
  location: [
    'locations',
    `id! location_type=${places}! url:uri organization_id>organization name alternate_name description ` +
      'transportation latitude:number longitude:number external_identifier external_identifier_type',
  ],
  contact: [
    'contacts',
    'id! organization_id>organization service_id>service service_at_location_id>service_at_location ' +
      'location_id>location name title department email:email',
  ],
  phone: [
    'phones',
    'id! location_id>location service_id>service organization_id>organization contact_id>contact ' +
      'service_at_location_id>service_at_location number! extension:number type description',
  ],
  address: [
    'addresses',
    'id! location_id>location attention address_1! address_2 city! region state_province! postal_code! country! ' +
      `address_type=${places}!`,
  ],
  schedule: [
    'schedules',
    'id! service_id>service location_id>location service_at_location_id>service_at_location valid_from:date ' +
      'valid_to:date dtstart:date timezone:number until:date count:number ' +
      `wkst=${days} freq=WEEKLY|MONTHLY interval:number byday byweekno bymonthday byyearday description ` +
      'opens_at:time closes_at:time schedule_link:uri attending_type notes',
  ],
  funding: ['funding', 'id! organization_id>organization service_id>service source'],
  service_area: ['service_areas', 'id! service_id>service name description extent extent_type uri'],
  required_document: ['required_documents', 'id! service_id>service document uri:uri'],
  cost_option: [
    'cost_options',
    'id! service_id>service! valid_from:date valid_to:date option currency amount:number amount_description',
  ],
  language: ['languages', 'id! service_id>service location_id>location phone_id>phone name code note'],
  accessibility: ['accessibility', 'id! location_id>location description details url:uri'],
  organization_identifier: [
    'organization_identifiers',
    'id! organization_id>organization! identifier_scheme identifier_type! identifier!',
  ],
  service_capacity: [
    'service_capacities',
    'id! service_id>service! unit_id>unit available:number maximum:number description updated:datetime',
  ],
  url: ['urls', 'id! label url:uri organization_id>organization service_id>service'],
  attribute: ['attributes', 'id! link_id! taxonomy_term_id>taxonomy_term! link_type link_entity! value'],
  metadata: [
    'metadata',
    'id! resource_id! resource_type! last_action_date:date! last_action_type! field_name! previous_value! ' +
      'replacement_value! updated_by!',
  ],
}

/** The tables that HSDS 3.1 added. */
export const laterTables: readonly TableName[] = ['unit', 'service_capacity', 'url']

export const tables: Readonly<Record<TableName, Table>> = Object.fromEntries(
  tableNames.map((name) => [name, readShape(name)]),
) as Record<TableName, Table>

/** The table that a file (`services`, `service`), a resource or a JSON member is about, or null. */
export function tableCalled(name: string): TableName | null {
  return called.get(name.toLowerCase()) ?? null
}

export function hasColumn(table: TableName, column: string): boolean {
  return tables[table].columns.some((known) => known.name === column)
}

function readShape(name: TableName): Table {
  const [file, columns] = shapes[name]
  return { name, file, columns: columns.split(' ').map(readColumn) }
}

function readColumn(word: string): Column {
  const parts = /^(?<name>\w+)(?::(?<type>\w+))?(?:=(?<values>[\w|~]+))?(?:>(?<table>\w+))?(?<required>!)?$/.exec(word)
  if (!parts?.groups) throw new Error(`hsds.ts: ${word} is no column`)
  const { name = '', type = 'text', values, table, required } = parts.groups
  return {
    name,
    type: type as ColumnType,
    isRequired: required !== undefined,
    ...(values !== undefined && { values: values.replaceAll('~', ' ').split('|') }),
    ...(table !== undefined && { refersTo: table as TableName }),
  }
}

// Publishers write both numbers of a word, and the standard itself is not of one mind: service_at_location.csv.
const called = new Map<string, TableName>(
  tableNames.flatMap((name) => [
    [name, name] as const,
    [tables[name].file, name] as const,
    [`${name}s`, name] as const,
  ]),
)
called.set('services_at_location', 'service_at_location')
called.set('taxonomy_detail', 'taxonomy')
