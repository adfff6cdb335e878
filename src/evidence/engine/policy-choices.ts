// The policy tree that a model carries, and what trees like it choose for people that they have not seen: by that it is valued.

import {
  bestPolicyTree,
  crossFittedTreeValue,
  type BinnedTable,
  type PolicyProblem,
  type PolicyTree,
} from '#numerics/index.ts'
import type { TermsByArm } from '../policy/terms.ts'
import type { Prepared } from './prepared.ts'

/** A rule that a manager can read aloud. */
const policyDepth = 2

/** heldOut: rows × effects, outcome's units. support: the same shape, 1 where somebody alike took the service. */
export interface PolicyGround {
  readonly heldOut: Float64Array
  readonly support: Uint8Array
  /** What services cost and how many can have them; null: nothing was said. */
  readonly terms: TermsByArm | null
}

/** The best tree on all rows, costs taken off, that gives no service to more people than can have it. */
export function learnPolicy(prepared: Prepared, ground: PolicyGround): PolicyTree {
  return bestPolicyTree(problemOf(prepared, ground), { depth: policyDepth, ...ground.terms })
}

/** The arm (place) of each row by the tree learned from the other folds (docs/methods/policy-trees.md): on the rows that it was
 *  learned from, a tree flatters itself. fold: rows, at least two different places; a place may be empty. One tree a fold. */
export function heldOutPolicy(prepared: Prepared, ground: PolicyGround, fold: Uint8Array): Uint8Array {
  const taken = [...new Set(fold)].sort((a, b) => a - b)
  const dense = fold.map((place) => taken.indexOf(place))
  return crossFittedTreeValue(problemOf(prepared, ground), { depth: policyDepth, ...ground.terms }, { fold: dense })
    .chosen
}

/** Where nobody alike took a service, a rule may count what it costs but not what it promises. The control's reward is 0. */
function problemOf({ rows, arms, ranking, weight }: Prepared, { heldOut, support }: PolicyGround): PolicyProblem {
  const rewards = new Float64Array(rows * arms)
  heldOut.forEach((value, at) => (rewards[rows + at] = support[at] === 1 ? value : Math.min(0, value)))
  return { table: ranking, columns: columnsThatTell(ranking, rewards), rewards, arms, weight }
}

/** Pairs of columns are searched: beyond so many, only those by which rewards differ most on their own are. */
const mostColumns = 30

function columnsThatTell({ rows, columns, bins }: BinnedTable, rewards: Float64Array): number[] {
  const all = columns.map((_, column) => column)
  if (all.length <= mostColumns) return all
  const between = all.map((column) => {
    const count = new Float64Array(256)
    const bytes = bins.subarray(column * rows, (column + 1) * rows)
    for (const byte of bytes) count[byte]!++
    let told = 0
    for (let from = 0; from < rewards.length; from += rows) {
      const sums = new Float64Array(256)
      bytes.forEach((byte, i) => (sums[byte]! += rewards[from + i]!))
      sums.forEach((sum, byte) => (told += count[byte]! > 0 ? sum ** 2 / count[byte]! : 0))
    }
    return told
  })
  return all
    .sort((a, b) => between[b]! - between[a]! || a - b)
    .slice(0, mostColumns)
    .sort((a, b) => a - b)
}
