import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingBin, type BinnedColumn } from '../bins/bins.ts'
import { goesLeft } from './boosted-trees.ts'
import { growTree, treeSpace } from './grow-tree.ts'
import { fillHistogram, makeHistograms, subtractHistogram } from './histograms.ts'
import { fillGradients, lossAt } from './losses.ts'
import type { BoostingProblem } from './boosting-problem.ts'

const column = (kind: 'number' | 'category', bins: number): BinnedColumn => ({
  kind,
  bins,
  edges: new Float64Array(0),
  centres: new Float64Array(bins),
})

const rowsOf = fc.record({
  a: fc.constantFrom(0, 1, 2, 3, missingBin),
  b: fc.constantFrom(0, 1, 2, missingBin),
  g: fc.integer({ min: -20, max: 20 }),
  h: fc.integer({ min: 1, max: 4 }),
})

/** The best gain by trying every cut, side and column on the rows themselves. */
function bestByTrying(
  rows: readonly { a: number; b: number; g: number; h: number }[],
  l2: number,
  minRows: number,
): number {
  const score = (part: typeof rows) => {
    const g = part.reduce((sum, row) => sum + row.g, 0)
    return (g * g) / (part.reduce((sum, row) => sum + row.h, 0) + l2)
  }
  let best = 0
  for (const name of ['a', 'b'] as const) {
    for (let cut = 0; cut < 5; cut++) {
      for (const side of name === 'a' ? [0, 2] : [1, 3]) {
        const left = rows.filter((row) => goesLeft(row[name], cut, side))
        const right = rows.filter((row) => !goesLeft(row[name], cut, side))
        if (left.length < minRows || right.length < minRows) continue
        best = Math.max(best, score(left) + score(right) - score(rows))
      }
    }
  }
  return best
}

describe('splits', () => {
  test('no split that could be tried by hand gains more', () => {
    fc.assert(
      fc.property(
        fc.array(rowsOf, { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (rows, minRows) => {
          const table = {
            rows: rows.length,
            columns: [column('number', 4), column('category', 3)],
            bins: Uint8Array.from([...rows.map((row) => row.a), ...rows.map((row) => row.b)]),
          }
          const all = Uint32Array.from(rows, (_, i) => i)
          const of = {
            gradient: Float64Array.from(rows, (row) => row.g),
            hessian: Float64Array.from(rows, (row) => row.h),
          }
          const space = treeSpace(table, rows.length, { rounds: 1, leaves: 2, minRows, l2: 1, learningRate: 1 })
          const tree = growTree(space, of, all, Uint32Array.of(0, 1))
          const expected = bestByTrying(rows, 1, minRows)
          if (expected < 1e-9) expect(tree.left[0]).toBe(0)
          else {
            const [cut, side] = [tree.cut[0]!, tree.side[0]!]
            const scores = rows.map((row) => {
              const bin = tree.column[0] === 0 ? row.a : row.b
              return tree.value[tree.left[0]! + (goesLeft(bin, cut, side) ? 0 : 1)]!
            })
            const g = rows.reduce((sum, row) => sum + row.g, 0)
            const own = (g * g) / (rows.reduce((sum, row) => sum + row.h, 0) + 1)
            // Σ g·value is Σ over leaves of G² / (H + l2).
            const gain = rows.reduce((sum, row, i) => sum + row.g * scores[i]!, 0) - own
            expect(gain).toBeCloseTo(expected, 8)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test("a sibling's histogram by subtraction is the one summed from its rows", () => {
    const rows = 200
    const bins = Uint8Array.from({ length: rows * 4 }, (_, i) =>
      (i * 7919) % 13 === 12 ? missingBin : (i * 7919) % 13,
    )
    const table = { rows, columns: Array.from({ length: 4 }, () => column('number', 12)), bins }
    const wanted = Uint32Array.of(0, 1, 2, 3)
    const node = (of: number[], unit: boolean) => ({
      rows: Uint32Array.from(of),
      gradient: Float64Array.from(of, (i) => i % 11),
      hessian: unit ? null : Float64Array.from(of, (i) => 1 + (i % 3)),
    })
    const all = Array.from({ length: rows }, (_, i) => i)
    for (const unit of [true, false]) {
      const histograms = makeHistograms(4, 3)
      fillHistogram(histograms, 0, table, wanted, node(all, unit))
      fillHistogram(histograms, 1, table, wanted, node(all.slice(0, 70), unit))
      fillHistogram(histograms, 2, table, wanted, node(all.slice(70), unit))
      subtractHistogram(histograms, table, wanted, 0, 1)
      const size = 4 * 768
      expect(histograms.sums.slice(0, size)).toEqual(histograms.sums.slice(2 * size, 3 * size))
      expect(histograms.sums.slice(0, size).some((sum) => sum > 0)).toBe(true)
    }
  })
})

describe('losses', () => {
  const table = { rows: 3, columns: [], bins: new Uint8Array(0) }
  const rows = Uint32Array.of(0, 1, 2)
  const weight = Float64Array.of(1, 2, 0.5)
  const base = { table, rows: null, weight, offset: null }
  const problems: readonly BoostingProblem[] = [
    { ...base, loss: 'squared', outputs: 2, y: Float64Array.of(1, -2, 0.3, 4, 5, 6) },
    { ...base, loss: 'logistic', outputs: 1, y: Float64Array.of(1, 0, 0.4) },
    { ...base, loss: 'softmax', outputs: 3, y: Float64Array.of(2, 0, 1) },
  ]

  test('gradient and hessian are the slopes that finite differences find', () => {
    for (const problem of problems) {
      const cells = 3 * problem.outputs
      const scores = Float64Array.from({ length: cells }, (_, i) => Math.sin(i * 1.7) * 2)
      const gradient = new Float64Array(cells)
      const hessian = problem.loss === 'squared' ? Float64Array.from([...weight, ...weight]) : new Float64Array(cells)
      fillGradients(problem, rows, scores, gradient, hessian)
      const total = 3.5
      for (let i = 0; i < cells; i++) {
        const lossWith = (step: number) =>
          total *
          lossAt(
            problem,
            rows,
            scores.map((s, at) => (at === i ? s + step : s)),
          )
        expect(gradient[i]).toBeCloseTo(-(lossWith(1e-5) - lossWith(-1e-5)) / 2e-5, 7)
        expect(hessian[i]).toBeCloseTo((lossWith(1e-3) - 2 * lossWith(0) + lossWith(-1e-3)) / 1e-6, 5)
      }
    }
  })

  test('losses stay finite at extreme scores', () => {
    const [, logistic, softmax] = problems
    if (logistic === undefined || softmax === undefined) throw new Error('there are three losses')
    expect(lossAt(logistic, rows, Float64Array.of(-800, 800, 0))).toBeCloseTo((800 + 2 * 800 + 0.5 * Math.log(2)) / 3.5)
    expect(Number.isFinite(lossAt(softmax, rows, Float64Array.of(900, -900, 0, 0, 900, 0, 0, 0, 0)))).toBe(true)
  })
})
