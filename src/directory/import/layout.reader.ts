// Tells by content which of the three layouts a package has, and gives its rows as rows of HSDS tables.

import { tableCalled, tableNames, tables, type TableName } from '../hsds.ts'
import { readHeader, readRecords } from './csv.reader.ts'
import { readDocuments } from './json.reader.ts'
import { lineOfMember } from './json-lines.ts'
import { rowsOfDocument } from './json-rows.ts'
import { ohanaFiles, readOhana, type OhanaFile } from './ohana.ts'
import type { DirectoryPackage, PackageFile } from './package.files.ts'
import { FileRefused, type FileProblem, type Layout, type SourceRow } from './row.ts'

export interface DirectoryReader {
  readonly layout: Layout
  /** Whether one thing may be described several times, as nested documents do. */
  readonly repeats: boolean
  /** Only the organisations; may be read before the rows, to know them all. */
  organizations(): AsyncGenerator<SourceRow>
  /** All rows, each after those that it refers to, except that a service may name a location that comes later. */
  rows(): AsyncGenerator<SourceRow>
  /** Files of the package that belong to no table. */
  readonly strangeFiles: readonly string[]
}

type FilesByTable<Name extends string> = ReadonlyMap<Name, PackageFile>

/** Throws FileRefused when the package has none of the three layouts, or a column or file is missing. */
export async function readLayout(found: DirectoryPackage): Promise<DirectoryReader> {
  const csv = found.files.filter((file) => /\.csv$/i.test(file.name))
  if (csv.length > 0) return (await isOhana(csv)) ? ohanaReader(csv) : hsdsReader(csv)
  const json = found.files.filter(
    (file) => /\.json$/i.test(file.name) && file.name.toLowerCase() !== 'datapackage.json',
  )
  if (json.length > 0) return jsonReader(json)
  throw new FileRefused(problem(found.name, 'not_a_directory_of_services'))
}

/** Ohana's services name a location, those of HSDS an organisation; each layout has files that the other has not. */
async function isOhana(files: readonly PackageFile[]): Promise<boolean> {
  const services = files.find((file) => stem(file) === 'services')
  if (services) {
    const header = await readHeader(services)
    if (header.includes('organization_id')) return false
    if (header.includes('location_id')) return true
  }
  return files.some((file) => ['regular_schedules', 'mail_addresses', 'taxonomy'].includes(stem(file)))
}

function hsdsReader(files: readonly PackageFile[]): DirectoryReader {
  const byTable = new Map<TableName, PackageFile>()
  for (const file of files) {
    const table = tableCalled(stem(file))
    if (table !== null && !byTable.has(table)) byTable.set(table, file)
  }
  const organizations = needed(byTable, 'organization', 'organizations.csv')
  async function* rowsOf(table: TableName, file: PackageFile): AsyncGenerator<SourceRow> {
    const required = tables[table].columns.filter((column) => column.isRequired).map((column) => column.name)
    for await (const record of readRecords(file, required)) yield { table, file: file.name, ...record }
  }
  return {
    layout: 'hsds_csv',
    repeats: false,
    organizations: () => rowsOf('organization', organizations),
    async *rows() {
      for (const table of tableNames) {
        const file = byTable.get(table)
        if (file) yield* rowsOf(table, file)
      }
    },
    strangeFiles: files
      .map((file) => file.name)
      .filter((name) => ![...byTable.values()].some((file) => file.name === name)),
  }
}

function ohanaReader(files: readonly PackageFile[]): DirectoryReader {
  const order = Object.keys(ohanaFiles) as OhanaFile[]
  const byName = new Map(
    order.flatMap((name) => files.filter((file) => stem(file) === name).map((file) => [name, file] as const)),
  )
  const organizations = needed(byName, 'organizations', 'organizations.csv')
  needed(byName, 'locations', 'locations.csv')
  async function* rowsOf(name: OhanaFile, file: PackageFile, reader = readOhana()): AsyncGenerator<SourceRow> {
    for await (const record of readRecords(file, ohanaFiles[name])) {
      const { line, problems } = record
      for (const row of reader.read(name, record.values)) {
        yield { ...row, file: file.name, line, problems: [...problems, ...row.problems] }
      }
    }
  }
  return {
    layout: 'ohana_csv',
    repeats: false,
    organizations: () => rowsOf('organizations', organizations),
    async *rows() {
      const reader = readOhana()
      for (const [name, file] of byName) yield* rowsOf(name, file, reader)
    },
    strangeFiles: files.filter((file) => ![...byName.values()].includes(file)).map((file) => file.name),
  }
}

function jsonReader(files: readonly PackageFile[]): DirectoryReader {
  async function* rows(): AsyncGenerator<SourceRow> {
    for (const file of files) {
      for await (const document of readDocuments(file)) {
        const found = rowsOfDocument(document.value, file.name)
        if (!found) throw new FileRefused({ ...problem(file.name, 'not_a_directory_of_services'), line: document.line })
        for (const { table, values, path } of found) {
          const lineOf = (field: string) => document.line + lineOfMember(document.text, path, field)
          yield { table, values, file: file.name, line: document.line, lineOf }
        }
      }
    }
  }
  return {
    layout: 'hsds_json',
    repeats: true,
    async *organizations() {
      for await (const row of rows()) if (row.table === 'organization') yield row
    },
    rows,
    strangeFiles: [],
  }
}

function needed<Name extends string>(files: FilesByTable<Name>, name: Name, fileName: string): PackageFile {
  const file = files.get(name)
  if (!file) throw new FileRefused(problem(fileName, 'file_missing'))
  return file
}

function stem(file: PackageFile): string {
  return file.name.replace(/\.\w+$/, '').toLowerCase()
}

function problem(file: string, reason: FileProblem['reason']): FileProblem {
  return { file, line: null, reason, value: '' }
}
