import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  expit,
  fitRidgeLogistic,
  foldNewton,
  heldOutLosses,
  predictorsWithout,
  logLoss,
  makeRandom,
  stepWithout,
} from './index.ts'
import type { LogisticProblem } from './index.ts'

function problemOf(rowsOfX: readonly (readonly number[])[], y: readonly number[], more: Partial<LogisticProblem> = {}) {
  const rows = rowsOfX.length
  const columns = rowsOfX[0]!.length
  const x = new Float64Array(rows * columns)
  rowsOfX.forEach((row, i) => row.forEach((value, j) => (x[j * rows + i] = value)))
  return { x, rows, columns, y: Float64Array.from(y), weight: null, offset: null, ...more }
}

/** People with an intercept and three facts, of which the first and the second matter. */
function sample(rows: number, seed: number) {
  const random = makeRandom(seed, 0)
  const x = Array.from({ length: rows }, () => [1, random.normal(), random.normal(), random.normal()])
  const y = x.map((row) => (random.uniform() < expit(0.3 + 0.8 * row[1]! - 0.5 * row[2]!) ? 1 : 0))
  return { x, y }
}

const predictorOf = (row: readonly number[], b: Float64Array) => row.reduce((sum, value, j) => sum + value * b[j]!, 0)
const penaltyOf = (value: number, columns = 4) => new Float64Array(columns).fill(value).fill(1e-3, 0, 1)

describe('a fit', () => {
  test('of an intercept alone is the log odds of the share', () => {
    const { coefficients, converged } = fitRidgeLogistic(
      problemOf([[1], [1], [1], [1]], [1, 0, 0, 0]),
      new Float64Array(1),
    )
    expect(converged).toBe(true)
    expect(coefficients[0]).toBeCloseTo(Math.log(1 / 3), 12)
  })

  test('of two groups without a penalty is the log odds of each', () => {
    const x = Array.from({ length: 10 }, (_, i) => [1, i < 4 ? 0 : 1])
    const { coefficients } = fitRidgeLogistic(problemOf(x, [1, 0, 0, 0, 1, 1, 1, 1, 0, 0]), new Float64Array(2))
    expect(coefficients[0]).toBeCloseTo(Math.log(1 / 3), 10)
    expect(coefficients[0]! + coefficients[1]!).toBeCloseTo(Math.log(2), 10)
  })

  test('agrees with the oracle that oracle/ridge-logistic.py found by bisection', () => {
    const cases = JSON.parse(readFileSync(new URL('oracle/ridge-logistic.json', import.meta.url), 'utf8')) as {
      x: number[][]
      y: number[]
      weight: number[] | null
      offset: number[] | null
      penalty: number[]
      coefficients: number[]
    }[]
    for (const { x, y, weight, offset, penalty, coefficients } of cases) {
      const problem = problemOf(x, y, {
        weight: weight && Float64Array.from(weight),
        offset: offset && Float64Array.from(offset),
      })
      const fit = fitRidgeLogistic(problem, Float64Array.from(penalty))
      coefficients.forEach((b, j) => expect(fit.coefficients[j]).toBeCloseTo(b, 9))
    }
    expect(cases).toHaveLength(3)
  })

  test('leaves no slope: the derivative of the objective is zero at the solution', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (seed, penalty) => {
          const { x, y } = sample(60, seed)
          const b = fitRidgeLogistic(problemOf(x, y), penaltyOf(penalty)).coefficients
          for (let j = 0; j < 4; j++) {
            let slope = penaltyOf(penalty)[j]! * b[j]!
            x.forEach((row, i) => {
              slope += row[j]! * (expit(predictorOf(row, b)) - y[i]!)
            })
            expect(Math.abs(slope)).toBeLessThan(1e-6)
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  test('is the same in any order of the rows', () => {
    const { x, y } = sample(80, 3)
    const turned = problemOf([...x].reverse(), [...y].reverse())
    const one = fitRidgeLogistic(problemOf(x, y), penaltyOf(2)).coefficients
    const other = fitRidgeLogistic(turned, penaltyOf(2)).coefficients
    one.forEach((b, j) => expect(other[j]).toBeCloseTo(b, 10))
  })

  test('takes a weight of two as the same person twice, and a weight of none as nobody', () => {
    const { x, y } = sample(50, 4)
    const weight = Float64Array.from(x, (_, i) => i % 3)
    const repeated = x.flatMap((row, i) => Array.from({ length: i % 3 }, () => ({ row, y: y[i]! })))
    const one = fitRidgeLogistic(problemOf(x, y, { weight }), penaltyOf(1)).coefficients
    const other = fitRidgeLogistic(
      problemOf(
        repeated.map(({ row }) => row),
        repeated.map((person) => person.y),
      ),
      penaltyOf(1),
    ).coefficients
    one.forEach((b, j) => expect(other[j]).toBeCloseTo(b, 10))
  })

  test('in other units gives the slope in those units when the penalty changes with them', () => {
    const { x, y } = sample(70, 5)
    const thousands = x.map((row) => [row[0]!, row[1]! * 1000, row[2]!, row[3]!])
    const one = fitRidgeLogistic(problemOf(x, y), penaltyOf(4)).coefficients
    const penalty = penaltyOf(4)
    penalty[1] = 4e6
    const other = fitRidgeLogistic(problemOf(thousands, y), penalty).coefficients
    expect(other[1]! * 1000).toBeCloseTo(one[1]!, 8)
    expect(other[2]).toBeCloseTo(one[2]!, 8)
  })

  test('stays finite where a fact tells the outcome exactly, as long as there is a penalty', () => {
    const x = Array.from({ length: 30 }, (_, i) => [1, i - 15])
    const fit = fitRidgeLogistic(
      problemOf(
        x,
        x.map((row) => (row[1]! >= 0 ? 1 : 0)),
      ),
      penaltyOf(0.1, 2),
    )
    expect(fit.converged).toBe(true)
    expect(Math.abs(fit.coefficients[1]!)).toBeLessThan(10)
  })

  test('refuses wrong shapes and values that are no numbers, at the door', () => {
    const { x, y } = sample(10, 6)
    const problem = problemOf(x, y)
    expect(() => fitRidgeLogistic({ ...problem, rows: 9 }, penaltyOf(1))).toThrow('x is not rows by columns')
    expect(() => fitRidgeLogistic({ ...problem, y: new Float64Array(9) }, penaltyOf(1))).toThrow('y has another number')
    expect(() => fitRidgeLogistic(problem, penaltyOf(1, 3))).toThrow('another number of columns')
    expect(() => fitRidgeLogistic(problem, penaltyOf(-1))).toThrow('penalties are 0 or more')
    expect(() => fitRidgeLogistic({ ...problem, y: problem.y.map(() => 2) }, penaltyOf(1))).toThrow('between 0 and 1')
    const broken = { ...problem, x: problem.x.map((value, i) => (i === 7 ? NaN : value)) }
    expect(() => fitRidgeLogistic(broken, penaltyOf(1))).toThrow('no number')
    expect(() => fitRidgeLogistic(problemOf([[1], [1]], [1, 1]), new Float64Array(1), { maxSteps: 5000 })).toThrow()
  })
})

describe('held-out rows', () => {
  const { x, y } = sample(600, 8)
  const problem = problemOf(x, y)
  const bounds = Uint32Array.from([0, 120, 240, 360, 480, 600])
  const without = (fold: number) => {
    const kept = x.map((_, i) => i).filter((i) => i < bounds[fold]! || i >= bounds[fold + 1]!)
    return problemOf(
      kept.map((i) => x[i]!),
      kept.map((i) => y[i]!),
    )
  }

  test('are judged by one step that lands where a whole fit without them would', () => {
    const start = fitRidgeLogistic(problem, penaltyOf(10)).coefficients
    const folded = foldNewton(problem, start, bounds)
    for (const penalty of [3, 10, 30]) {
      for (let fold = 0; fold < 5; fold++) {
        const exact = fitRidgeLogistic(without(fold), penaltyOf(penalty)).coefficients
        const step = stepWithout(folded, penaltyOf(penalty), fold)
        exact.forEach((b, j) => expect(Math.abs(step[j]! - b)).toBeLessThan(0.02))
      }
    }
  })

  test('rank penalties as those whole fits do, with the same losses near the start', () => {
    const grid = [1, 3, 10, 30, 100, 300]
    const exact = grid.map((penalty) => {
      let sum = 0
      for (let fold = 0; fold < 5; fold++) {
        const b = fitRidgeLogistic(without(fold), penaltyOf(penalty)).coefficients
        for (let i = bounds[fold]!; i < bounds[fold + 1]!; i++) sum += logLoss(y[i]!, predictorOf(x[i]!, b))
      }
      return sum
    })
    const folded = foldNewton(problem, fitRidgeLogistic(problem, penaltyOf(10)).coefficients, bounds)
    const losses = [
      ...heldOutLosses(
        folded,
        grid.map((value) => penaltyOf(value)),
      ),
    ]
    const ranked = (values: readonly number[]) =>
      grid.toSorted((a, b) => values[grid.indexOf(a)]! - values[grid.indexOf(b)]!)
    expect(ranked(losses)).toEqual(ranked(exact))
    for (const k of [1, 2]) expect(Math.abs(losses[k]! / exact[k]! - 1)).toBeLessThan(1e-3)
  })

  test('are predicted by the step from the other folds', () => {
    const folded = foldNewton(problem, fitRidgeLogistic(problem, penaltyOf(10)).coefficients, bounds)
    const predictors = predictorsWithout(folded, penaltyOf(3))
    for (const fold of [0, 3]) {
      const b = stepWithout(folded, penaltyOf(3), fold)
      for (const row of [0, 130, 599]) expect(predictors[fold]![row]).toBeCloseTo(predictorOf(x[row]!, b), 12)
    }
  })

  test('are judged with an offset that was learned without them', () => {
    const offsetWithout = [0.1, -0.2, 0.3, 0, 0.05].map((shift) => new Float64Array(600).fill(shift))
    const start = fitRidgeLogistic(problem, penaltyOf(10)).coefficients
    const folded = foldNewton(problem, start, bounds, offsetWithout)
    for (let fold = 0; fold < 5; fold++) {
      const offset = new Float64Array(480).fill(offsetWithout[fold]![0]!)
      const exact = fitRidgeLogistic({ ...without(fold), offset }, penaltyOf(10)).coefficients
      stepWithout(folded, penaltyOf(10), fold).forEach((b, j) => expect(Math.abs(b - exact[j]!)).toBeLessThan(0.02))
    }
    expect(() => foldNewton(problem, start, bounds, offsetWithout.slice(1))).toThrow('one offset a row')
  })

  test('a pull elsewhere moves the solution there, fully where the penalty is strong', () => {
    const folded = foldNewton(problem, fitRidgeLogistic(problem, penaltyOf(10)).coefficients, bounds)
    const centre = Float64Array.from([0, 0, 0, 0.5])
    expect(stepWithout(folded, penaltyOf(1e9), -1, centre)[3]).toBeCloseTo(0.5, 5)
    expect(stepWithout(folded, penaltyOf(10), -1, centre)[3]).toBeGreaterThan(
      stepWithout(folded, penaltyOf(10), -1)[3]!,
    )
  })

  test('a step from the solution with all rows stays there', () => {
    const start = fitRidgeLogistic(problem, penaltyOf(10)).coefficients
    const step = stepWithout(foldNewton(problem, start, bounds), penaltyOf(10), -1)
    start.forEach((b, j) => expect(step[j]).toBeCloseTo(b, 8))
  })

  test('folds that do not cover the rows are refused', () => {
    expect(() => foldNewton(problem, new Float64Array(4), Uint32Array.from([0, 599]))).toThrow('cover')
  })
})

test('chances and losses neither overflow nor vanish at the ends', () => {
  expect(expit(800)).toBe(1)
  expect(expit(-800)).toBe(0)
  expect(logLoss(1, 800)).toBe(0)
  expect(logLoss(0, 800)).toBe(800)
  expect(logLoss(1, -800)).toBe(800)
})
