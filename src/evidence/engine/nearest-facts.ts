// Which groups of past clients a person's number rests on, as codes and ranges of facts.

import { binTable, nearestGroup, type GroupColumn } from '#numerics/index.ts'
import { usualMinimum } from '#platform/suppression.ts'
import type { EngineModel } from './model.ts'
import { withoutColumns } from './prepared.ts'

/** One fact that the nearest past clients have in common. range: a number, null where the range has no end on that side. steps: an ordered
 *  answer, by its codes. levels: codes; of yes or no `1` or `0`. */
export type NearestFact =
  | { readonly kind: 'range'; readonly feature: string; readonly from: number | null; readonly to: number | null }
  | { readonly kind: 'steps'; readonly feature: string; readonly from: string; readonly to: string }
  | { readonly kind: 'levels'; readonly feature: string; readonly levels: readonly string[] }

const mostFacts = 3
/** A longer list of levels describes nobody. */
const mostLevels = 4

/** At most three facts by which the forest parts the person from others, the one that parts from most first; never a protected one,
 *  and never a group of fewer past clients than the house shows. cells: as for `predictPerson`. Deterministic. O(trees × depth). */
export function nearestFacts({ cuts, features, neighbours }: EngineModel, cells: Float64Array): readonly NearestFact[] {
  const isProtected = Uint8Array.from(features, (feature) => Number(feature.isProtected))
  const table = binTable(
    cuts,
    Array.from(cells, (cell) => Float64Array.of(cell)),
    1,
  )
  const group = nearestGroup(neighbours, withoutColumns(table, isProtected), 0, {
    most: mostFacts,
    fewest: usualMinimum,
  })
  const ranking = features.flatMap((feature, at) => (feature.isProtected ? [] : [{ feature, cut: cuts[at]! }]))
  return group.flatMap((part) => {
    const { feature, cut } = ranking[part.column]!
    return factOf(part, feature, cut)
  })
}

function factOf(
  part: GroupColumn,
  { name, kind, levels }: EngineModel['features'][number],
  { centres, bins }: EngineModel['cuts'][number],
): NearestFact[] {
  if (part.kind === 'category') {
    const said = part.levels.flatMap((level) => levels[level] ?? [])
    return said.length > 0 && said.length <= mostLevels ? [{ kind: 'levels', feature: name, levels: said }] : []
  }
  const [low, high] = [centres[part.from]!, centres[part.to]!]
  if (kind === 'ordered') {
    const [from, to] = [levels[Math.round(low)], levels[Math.round(high)]]
    return from === undefined || to === undefined ? [] : [{ kind: 'steps', feature: name, from, to }]
  }
  if (bins <= 2 && part.from === part.to && (low === 0 || low === 1))
    return [{ kind: 'levels', feature: name, levels: [String(low)] }]
  const from = part.from === 0 ? null : low
  const to = part.to === bins - 1 ? null : high
  return [{ kind: 'range', feature: name, from, to }]
}
