// What a model would have told of people whose outcome is known by now: the outcome to be expected under the service that they
// took. Beside it what a comparison needs: effects, chances of each service, and for whom there is support.

import { binTable, predictRidgeOutcomes } from '#numerics/index.ts'
import type { Feature, LearningTable } from '../dataset/learning-table.ts'
import { otherLevels } from '../dataset/levels.ts'
import { predictSupport } from '../nuisances/support-model.ts'
import type { EngineModel } from './model.ts'
import { predictEvidence } from './predict-evidence.ts'

export interface Foretold {
  readonly rows: number
  /** The model's, the control first. */
  readonly arms: readonly string[]
  /** Each row's arm (place); 255: a service that the model does not know. */
  readonly arm: Uint8Array
  /** What was to be expected under the service taken, in the outcome's units; NaN for a service that is not known. */
  readonly expected: Float64Array
  /** rows × (arms − 1), column-major: effects in the outcome's units, and 1 where somebody alike took the service. */
  readonly tau: Float64Array
  readonly support: Uint8Array
  /** rows × arms, column-major: each row's chance of each service. */
  readonly chances: Float64Array
}

export const unknownArm = 255

/** Protected answers have no say in what is expected, as at the desk. Features are found by name, levels too: what the table does
 *  not have is not known, but for a label of a list that nobody has now. Deterministic; as `predictEvidence`, a block at a time. */
export function foretell(model: EngineModel, table: LearningTable): Foretold {
  const { rows } = table
  const columns = columnsFor(model.features, table)
  const binned = binTable(model.cuts, columns, rows)
  const { tau, support } = predictEvidence(model, columns, rows)
  const arm = table.arm.map((place) => {
    const known = model.arms.indexOf(table.arms[place]!)
    return known < 0 ? unknownArm : known
  })
  const expected = withoutHelp(model, columns, rows)
  for (let i = 0; i < rows; i++) {
    const place = arm[i]!
    if (place === unknownArm) expected[i] = NaN
    else if (place > 0) expected[i]! += tau[(place - 1) * rows + i]!
  }
  return { rows, arms: model.arms, arm, expected, tau, support, chances: predictSupport(model.support, binned) }
}

function withoutHelp(model: EngineModel, columns: readonly Float64Array[], rows: number): Float64Array {
  const out = new Float64Array(rows)
  const [first] = model.ridge
  if (first === undefined) return out.fill(model.centre)
  const atMean = Uint8Array.from(model.features, (feature) => Number(feature.isProtected))
  const table = binTable(model.cuts, columns, rows)
  // The part that all services share is what is to be expected under the control.
  predictRidgeOutcomes({ arms: 1, size: model.basis.terms + 1, mean: first.mean }, model.basis, table, { atMean, out })
  return out.map((value) => model.centre + model.scale * value)
}

function columnsFor(wanted: EngineModel['features'], { features, rows }: LearningTable): Float64Array[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  return wanted.map((feature) => {
    const now = byName.get(feature.name)
    if (now === undefined) return unseenColumn(feature.name, features, rows)
    if ((now.kind === 'number') !== (feature.kind === 'number')) return new Float64Array(rows).fill(NaN)
    return feature.kind === 'number' ? now.values : inPlaces(now, feature.levels, feature.kind)
  })
}

/** The same levels in the model's order; one that it never met is its "other levels", where it has them. */
function inPlaces(now: Feature, levels: readonly string[], kind: Feature['kind']): Float64Array {
  const other = kind === 'category' ? levels.indexOf(otherLevels) : -1
  const places = now.levels.map((level) => {
    const place = levels.indexOf(level)
    return place >= 0 ? place : other >= 0 ? other : NaN
  })
  return now.values.map((value) => (Number.isNaN(value) ? NaN : places[value]!))
}

/** `needs: housing` is no feature where hardly anybody has it: then it is no for whoever is known to have another label. */
function unseenColumn(name: string, features: readonly Feature[], rows: number): Float64Array {
  const [head = '', label = null] = name.split(': ')
  const beside = label === null ? undefined : features.find((each) => each.name.startsWith(`${head}: `))
  return beside ? beside.values.map((value) => (Number.isNaN(value) ? NaN : 0)) : new Float64Array(rows).fill(NaN)
}
