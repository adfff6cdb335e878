import { describe, expect, test } from 'vitest'
import type { BinnedTable } from '../bins/bins.ts'
import { makeRandom } from '../rng.ts'
import { bestPolicyTree, type PolicyProblem } from './policy-tree.ts'
import { crossFittedTreeValue } from './tree-value.ts'

/** Three columns of chance; the second arm gains `effect` where the first column is above its middle, and loses it below. */
function problemOf(rows: number, effect: number): PolicyProblem {
  const random = makeRandom(21, rows)
  const bins = Uint8Array.from({ length: rows * 3 }, () => random.below(20))
  const column = { kind: 'number' as const, bins: 20, edges: new Float64Array(19), centres: new Float64Array(20) }
  const table: BinnedTable = { rows, columns: [column, column, column], bins }
  const rewards = Float64Array.from({ length: rows * 2 }, (_, at) => {
    const gain = at < rows ? 0 : bins[at - rows]! >= 10 ? effect : -effect
    return 0.5 + gain + random.normal()
  })
  return { table, columns: [0, 1, 2], rewards, arms: 2, weight: null }
}

const foldsOf = (rows: number, folds = 5) => Uint8Array.from({ length: rows }, (_, i) => i % folds)

describe('the held-out value of a tree', () => {
  test('is what the rule gives to people it was not learned from', () => {
    const value = crossFittedTreeValue(problemOf(6000, 0.4), { depth: 1 }, { fold: foldsOf(6000) })
    expect(Math.abs(value.estimate - 0.7)).toBeLessThan(3 * value.se)
    expect(value.shares[1]).toBeCloseTo(0.5, 1)
  })

  test('does not flatter where there is nothing to find; the value in the learning rows does', () => {
    let [heldOut, learned] = [0, 0]
    for (let draw = 0; draw < 20; draw++) {
      const problem = problemOf(400 + draw, 0)
      heldOut += crossFittedTreeValue(problem, { depth: 2 }, { fold: foldsOf(400 + draw) }).estimate / 20
      learned += bestPolicyTree(problem, { depth: 2 }).value[0]! / 20
    }
    expect(learned).toBeGreaterThan(0.6)
    expect(Math.abs(heldOut - 0.5)).toBeLessThan(0.05)
  })

  test('a fold has no say in the tree that chooses for it', () => {
    const problem = problemOf(500, 0.4)
    const fold = foldsOf(500)
    const changed = { ...problem, rewards: problem.rewards.map((r, at) => (fold[at % 500] === 2 ? 9 - 5 * r : r)) }
    const [one, other] = [problem, changed].map((of) => crossFittedTreeValue(of, { depth: 2 }, { fold }).chosen)
    expect(one!.filter((_, i) => fold[i] === 2)).toEqual(other!.filter((_, i) => fold[i] === 2))
  })

  test('people of one cluster count as one for the standard error', () => {
    const problem = problemOf(500, 0.4)
    const twice = (values: ArrayLike<number>, parts: number) =>
      Array.from({ length: parts }, (_, part) =>
        Array.from(values).slice((part * values.length) / parts, ((part + 1) * values.length) / parts),
      ).flatMap((part) => [...part, ...part])
    const doubled: PolicyProblem = {
      ...problem,
      table: { ...problem.table, rows: 1000, bins: Uint8Array.from(twice(problem.table.bins, 3)) },
      rewards: Float64Array.from(twice(problem.rewards, 2)),
    }
    const cluster = Int32Array.from({ length: 1000 }, (_, i) => i % 500)
    const single = crossFittedTreeValue(problem, { depth: 1, minimumLeaf: 5 }, { fold: foldsOf(500) })
    const both = crossFittedTreeValue(doubled, { depth: 1, minimumLeaf: 10 }, { fold: foldsOf(1000), cluster })
    expect(both.estimate).toBeCloseTo(single.estimate, 9)
    expect(both.se).toBeCloseTo(single.se, 9)
  })

  test('costs are told beside the value, not taken off it', () => {
    const value = crossFittedTreeValue(
      problemOf(2000, 2),
      { depth: 1, cost: Float64Array.of(0, 0.2) },
      { fold: foldsOf(2000) },
    )
    expect(value.meanCost).toBeCloseTo(0.2 * value.shares[1]!, 9)
    expect(Math.abs(value.estimate - 1.5)).toBeLessThan(3 * value.se)
  })

  test('one fold, an empty one, or folds of other rows are refused', () => {
    const problem = problemOf(50, 0)
    expect(() => crossFittedTreeValue(problem, { depth: 1 }, { fold: new Uint8Array(50) })).toThrow('two folds')
    expect(() => crossFittedTreeValue(problem, { depth: 1 }, { fold: new Uint8Array(50).fill(2).fill(0, 9) })).toThrow(
      'no rows',
    )
    expect(() => crossFittedTreeValue(problem, { depth: 1 }, { fold: new Uint8Array(5) })).toThrow('number of rows')
  })
})
