// Facts of the network's clients as features of the engine, and one client's facts as the cells of those features: the same
// names and rules, so that a model meets at the desk what it learned.

import type { FactCode, FactDefinition, Facts } from '#directory/index.ts'
import { fewest, isProtectedPart } from '../columns.ts'
import { holdsLabel, type FactColumn, type FactTable } from '../fact-table.ts'
import type { Feature } from './learning-table.ts'
import { otherLevels, settleLevels, type SettledLevels } from './levels.ts'

/** Between a list's code and one of its labels: `needs: housing`. */
const joint = ': '

/** Numbers as they are, yes as 1, levels in their order, codes as categories, and of a list one yes or no for each label that
 *  at least 20 have. A fact that fewer than 20 are known to have is left out. `levels` stands beside the features, for the
 *  report. O(rows · features). */
export function featuresOfFacts({ columns, rows }: FactTable): {
  readonly features: readonly Feature[]
  readonly levels: readonly (SettledLevels | null)[]
} {
  const made = columns.flatMap((column) => (isKnownEnough(column, rows) ? featuresOf(column) : []))
  return { features: made.map(({ feature }) => feature), levels: made.map(({ levels }) => levels) }
}

/** How one client's facts are read for a model's features; `foreign` are names of features that are no facts. */
export interface FactReader {
  readonly foreign: readonly string[]
  /** By feature: a number or the place of a level; NaN where not known, and for a label that the model never met. */
  readonly read: (facts: Facts) => Float64Array
}

/** Definitions are an argument, so that a domain file needs no other feature at run time. O(features) a client. */
export function readFactsFor(
  features: readonly Pick<Feature, 'name' | 'kind' | 'levels'>[],
  definitions: ReadonlyMap<FactCode, FactDefinition>,
): FactReader {
  const codes = new Map<string, FactCode>([...definitions.keys()].map((code) => [code, code]))
  const cells = features.map(({ name, kind, levels }) => {
    const [head = '', label = null] = name.split(joint)
    const code = codes.get(head)
    const isList = code !== undefined && definitions.get(code)?.kind === 'codes'
    if (code === undefined || isList !== (label !== null)) return null
    const places = new Map(levels.map((level, place) => [level, place]))
    const other = kind === 'category' ? (places.get(otherLevels) ?? NaN) : NaN
    return (facts: Facts) => cellOf(facts[code], label, (said) => places.get(said) ?? other)
  })
  return {
    foreign: features.flatMap(({ name }, j) => (cells[j] ? [] : [name])),
    read: (facts) => Float64Array.from(cells, (cell) => cell?.(facts) ?? NaN),
  }
}

function cellOf(value: Facts[FactCode], label: string | null, placeOf: (said: string) => number): number {
  if (value === undefined) return NaN
  if (typeof value === 'number') return label === null ? value : NaN
  if (typeof value === 'boolean') return label === null ? Number(value) : NaN
  if (typeof value === 'string') return label === null ? placeOf(value) : NaN
  return label === null ? NaN : Number(value.includes(label))
}

interface Made {
  readonly feature: Feature
  readonly levels: SettledLevels | null
}

function isKnownEnough({ values }: FactColumn, rows: number): boolean {
  let unknown = 0
  for (const value of values) if (Number.isNaN(value)) unknown++
  return rows - unknown >= fewest
}

function featuresOf(column: FactColumn): Made[] {
  const { code, definition } = column
  const isProtected = isProtectedPart(code, definition, null)
  switch (definition.kind) {
    case 'integer':
    case 'decimal':
    case 'yes_no':
      return [{ feature: { name: code, kind: 'number', levels: [], isProtected, values: column.values }, levels: null }]
    case 'level': {
      const levels = definition.values ?? []
      return [{ feature: { name: code, kind: 'ordered', levels, isProtected, values: column.values }, levels: null }]
    }
    case 'code': {
      const values = column.values.slice()
      const levels = settleLevels({ labels: column.labels }, values)
      return [{ feature: { name: code, kind: 'category', levels: levels.levels, isProtected, values }, levels }]
    }
    case 'codes':
      return labelFeatures(column)
  }
}

function labelFeatures({ code, definition, labels, values }: FactColumn): Made[] {
  return labels.flatMap((label, place): Made[] => {
    const holds = values.map((sum) => (Number.isNaN(sum) ? NaN : Number(holdsLabel(sum, place))))
    if (holds.reduce((count, held) => count + (held === 1 ? 1 : 0), 0) < fewest) return []
    const isProtected = isProtectedPart(code, definition, label)
    return [
      { feature: { name: code + joint + label, kind: 'number', levels: [], isProtected, values: holds }, levels: null },
    ]
  })
}
