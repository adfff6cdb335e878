// Small directories for tests: HSDS packages on disk, right unless told otherwise.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export type Sheet = readonly Readonly<Record<string, string>>[]

/** Writes CSV files (`services` → `services.csv`) into a new folder; `name` is the folder's own name. */
export function writePackage(sheets: Readonly<Record<string, Sheet | string | Buffer>>, name = 'county'): string {
  const folder = path.join(newFolder(), name)
  fs.mkdirSync(folder)
  for (const [file, sheet] of Object.entries(sheets)) {
    const isRaw = typeof sheet === 'string' || Buffer.isBuffer(sheet)
    fs.writeFileSync(path.join(folder, file.includes('.') ? file : `${file}.csv`), isRaw ? sheet : csvOf(sheet))
  }
  return folder
}

/** A folder that goes with the test. */
export function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-test-package-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

function csvOf(sheet: Sheet): string {
  const columns = [...new Set(sheet.flatMap((row) => Object.keys(row)))]
  const cell = (value = '') => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
  return (
    [columns, ...sheet.map((row) => columns.map((column) => row[column]))]
      .map((row) => row.map(cell).join(','))
      .join('\n') + '\n'
  )
}

export function anOrganization(id: string, more: Readonly<Record<string, string>> = {}) {
  return { id, name: `Organisation ${id}`, description: 'Helps people', ...more }
}

export function aService(id: string, organization: string, more: Readonly<Record<string, string>> = {}) {
  return { id, organization_id: organization, name: `Service ${id}`, status: 'active', ...more }
}

export function aLocation(id: string, organization: string, more: Readonly<Record<string, string>> = {}) {
  return { id, location_type: 'physical', organization_id: organization, name: `Place ${id}`, ...more }
}

/** Two organisations, each with a service at a place of its own. */
export function twoOrganizations(): Record<'organizations' | 'services' | 'locations' | 'service_at_location', Sheet> {
  return {
    organizations: [anOrganization('a'), anOrganization('b')],
    services: [aService('a1', 'a'), aService('b1', 'b')],
    locations: [aLocation('la', 'a', { latitude: '46.95', longitude: '7.45' }), aLocation('lb', 'b')],
    service_at_location: [
      { id: 'sa', service_id: 'a1', location_id: 'la' },
      { id: 'sb', service_id: 'b1', location_id: 'lb' },
    ],
  }
}
