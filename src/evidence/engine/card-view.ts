// What several parts of the card are made from.

import type { Sampling, ScoreProblem } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { Learned } from './learn-evidence.run.ts'

/** What several parts of the card look at. Outcomes that are not known stand at 0 and count for nothing. */
export interface CardView {
  readonly rows: number
  readonly arms: readonly string[]
  readonly heldOut: Float64Array
  readonly problem: ScoreProblem
  readonly sampling: Sampling
  /** The arm that the engine would choose for each row. */
  readonly chosen: Uint8Array
  readonly scored: Sampling & { scores: Float64Array; rows: number }
}

export function viewOf(table: LearningTable, learned: Learned): CardView {
  const { rows } = table
  const { prepared, scored, heldOut } = learned
  const { outcome, propensity, observedWeight } = scored.nuisances
  const isAllKnown = prepared.isKnown.every((one) => one === 1)
  const y = table.outcome.values.map((value) => (Number.isNaN(value) ? 0 : value))
  const sampling = { weight: prepared.weight, cluster: prepared.cluster }
  return {
    ...{ rows, arms: table.arms, heldOut, sampling, chosen: engineChoices(learned) },
    problem: { arm: table.arm, y, outcome, propensity, observedWeight: isAllKnown ? null : observedWeight },
    scored: { ...sampling, scores: scored.scores, rows },
  }
}

/** The arm of the largest held-out effect among those with support; the control where none gains. */
function engineChoices({ prepared, heldOut, support }: Learned): Uint8Array {
  const { rows, arms } = prepared
  const chosen = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    let best = 0
    for (let k = 0; k < arms - 1; k++) {
      const at = k * rows + i
      if (support[at] === 1 && heldOut[at]! > best) {
        best = heldOut[at]!
        chosen[i] = k + 1
      }
    }
  }
  return chosen
}
