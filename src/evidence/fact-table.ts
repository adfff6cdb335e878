// Facts of many people as columns of numbers, grown a row at a time, so that a large table is read in pages.

import type { FactCode, FactDefinition, Facts, FactValue } from '#directory/index.ts'

/** One fact of everyone: number; yes_no 0 or 1; level its step from 0; code the place of its label; codes a sum of
 *  2^place. NaN where not known. */
export interface FactColumn {
  readonly code: FactCode
  readonly definition: FactDefinition
  readonly labels: readonly string[]
  readonly values: Float64Array
}

export interface FactTable {
  readonly rows: number
  readonly columns: readonly FactColumn[]
}

/** The bits of a positive 32-bit number: a list of codes keeps its first 31 labels; further ones are not looked at. */
const mostLabels = 31

interface Growing {
  readonly code: FactCode
  readonly definition: FactDefinition
  readonly labels: string[]
  readonly places: Map<string, number>
  values: Float64Array
}

/** Starts a table of these facts. `add` takes a person, `table` what was added so far. Definitions are arguments, so
 *  that a domain file needs no other feature at run time. */
export function startFactTable(definitions: ReadonlyMap<FactCode, FactDefinition>): {
  readonly add: (facts: Facts) => void
  readonly table: () => FactTable
} {
  const columns = [...definitions].map(([code, definition]) => growing(code, definition))
  let rows = 0
  return {
    add(facts) {
      for (const column of columns) {
        if (rows === column.values.length) column.values = doubled(column.values)
        column.values[rows] = numberOf(column, facts[column.code])
      }
      rows++
    },
    table: () => ({
      rows,
      columns: columns.map(({ code, definition, labels, values }) => {
        return { code, definition, labels, values: values.subarray(0, rows) }
      }),
    }),
  }
}

/** One person's facts as numbers, against the labels that a table found. A label that the table has not is NaN. */
export function factNumbers(columns: readonly Omit<FactColumn, 'values'>[], facts: Facts): Float64Array {
  return Float64Array.from(columns, ({ code, definition, labels }) => {
    const places = new Map(labels.map((label, place) => [label, place]))
    return readNumber(definition, facts[code], (label) => places.get(label))
  })
}

function growing(code: FactCode, definition: FactDefinition): Growing {
  const labels = [...(definition.values ?? [])]
  const places = new Map(labels.map((label, place) => [label, place]))
  return { code, definition, labels, places, values: new Float64Array(1024) }
}

function doubled(values: Float64Array): Float64Array {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}

function numberOf(column: Growing, value: FactValue | undefined): number {
  return readNumber(column.definition, value, (label) => {
    const place = column.places.get(label)
    if (place !== undefined || column.definition.values) return place
    column.places.set(label, column.labels.length)
    column.labels.push(label)
    return column.labels.length - 1
  })
}

function readNumber(
  { kind }: FactDefinition,
  value: FactValue | undefined,
  placeOf: (label: string) => number | undefined,
): number {
  if (typeof value === 'number') return kind === 'integer' || kind === 'decimal' ? value : NaN
  if (typeof value === 'boolean') return kind === 'yes_no' ? Number(value) : NaN
  if (typeof value === 'string') return kind === 'level' || kind === 'code' ? (placeOf(value) ?? NaN) : NaN
  if (!value || kind !== 'codes') return NaN
  let sum = 0
  for (const label of new Set(value)) {
    const place = placeOf(label)
    if (place !== undefined && place < mostLabels) sum += 2 ** place
  }
  return sum
}

/** Whether a sum of 2^place holds a place. */
export function holdsLabel(sum: number, place: number): boolean {
  return ((sum >>> place) & 1) === 1
}
