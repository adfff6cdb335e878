import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRandom } from '../rng.ts'
import { fitRidgeLogistic } from '../ridge-logistic.ts'
import { fitRidgeLinear, predictLinear } from './ridge-linear.ts'
import {
  fitRidgeSoftmax,
  fitSoftmaxPath,
  scoresToChances,
  softmaxChances,
  softmaxObjective,
  type SoftmaxProblem,
} from './ridge-softmax.ts'

function some(rows: number, classes: number, seed = 1): SoftmaxProblem {
  const random = makeRandom(seed, 0)
  const x = new Float64Array(rows * 4)
  x.fill(1, 0, rows)
  for (let i = rows; i < x.length; i++) x[i] = random.normal()
  const y = Uint8Array.from({ length: rows }, (_, i) => {
    const pull = x[rows + i]! + 0.5 * x[2 * rows + i]!
    return Math.min(classes - 1, Math.max(0, Math.round(pull + random.normal() + (classes - 1) / 2)))
  })
  return { x, rows, columns: 4, y, classes, weight: null }
}

const ridge = (penalty: number) => Float64Array.of(0, penalty, penalty, penalty)

describe('softmax regression', () => {
  test('chances are between 0 and 1 and sum to one, however extreme the scores', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (extreme, plain) => {
          const chances = Float64Array.from([0, 1, 2].flatMap((k) => [extreme[k]!, plain[k]!]))
          scoresToChances(chances, 2, 3)
          for (let i = 0; i < 2; i++) {
            expect(chances[i]! + chances[2 + i]! + chances[4 + i]!).toBeCloseTo(1, 12)
          }
          expect(chances.every((p) => p >= 0 && p <= 1)).toBe(true)
        },
      ),
    )
  })

  test('the gradient is the slope that finite differences find, with weights too', () => {
    const problem = { ...some(40, 3), weight: Float64Array.from({ length: 40 }, (_, i) => (i % 3) + 0.5) }
    const b = Float64Array.from({ length: 12 }, (_, j) => Math.sin(j * 2.3))
    const gradient = new Float64Array(12)
    const scores = new Float64Array(120)
    const penalty = ridge(2)
    softmaxObjective(problem, penalty, b, gradient, scores)
    for (let j = 0; j < 12; j++) {
      const at = (step: number) =>
        softmaxObjective(
          problem,
          penalty,
          b.map((v, i) => (i === j ? v + step : v)),
          new Float64Array(12),
          scores,
        )
      expect(gradient[j]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5)
    }
  })

  test('with two classes it is the logistic regression of half the penalty', () => {
    const problem = some(300, 2)
    const { coefficients, converged } = fitRidgeSoftmax(problem, ridge(6), { tolerance: 1e-9 })
    expect(converged).toBe(true)
    const logistic = fitRidgeLogistic({ ...problem, y: Float64Array.from(problem.y), offset: null }, ridge(3))
    for (let j = 0; j < 4; j++) {
      expect(coefficients[4 + j]! - coefficients[j]!).toBeCloseTo(logistic.coefficients[j]!, 5)
    }
  })

  test('mean chances equal the shares of the classes', () => {
    const problem = some(500, 4)
    const { coefficients } = fitRidgeSoftmax(problem, ridge(3), { tolerance: 1e-8 })
    const chances = softmaxChances(coefficients, problem.x, 500, 4)
    for (let k = 0; k < 4; k++) {
      const share = problem.y.reduce((sum, v) => sum + (v === k ? 1 : 0), 0)
      expect(chances.subarray(k * 500, (k + 1) * 500).reduce((sum, p) => sum + p, 0)).toBeCloseTo(share, 3)
    }
  })

  test('relabelled classes swap their coefficients, and doubled weights with doubled penalty change nothing', () => {
    const problem = some(400, 3)
    const tight = { tolerance: 1e-9 }
    const { coefficients } = fitRidgeSoftmax(problem, ridge(5), tight)
    const relabelled = fitRidgeSoftmax({ ...problem, y: problem.y.map((k) => (k + 1) % 3) }, ridge(5), tight)
    const doubled = fitRidgeSoftmax({ ...problem, weight: new Float64Array(400).fill(2) }, ridge(10), tight)
    for (let k = 0; k < 3; k++) {
      for (let j = 0; j < 4; j++) {
        expect(relabelled.coefficients[((k + 1) % 3) * 4 + j]).toBeCloseTo(coefficients[k * 4 + j]!, 6)
        expect(doubled.coefficients[k * 4 + j]).toBeCloseTo(coefficients[k * 4 + j]!, 6)
      }
    }
  })

  test('a path from penalty to penalty ends where each fit alone does', () => {
    const problem = some(300, 3)
    const path = fitSoftmaxPath(problem, [ridge(100), ridge(10), ridge(1)], { tolerance: 1e-9 })
    const alone = fitRidgeSoftmax(problem, ridge(1), { tolerance: 1e-9 })
    expect(path.length).toBe(3)
    path[2]?.coefficients.forEach((v, j) => expect(v).toBeCloseTo(alone.coefficients[j]!, 6))
    expect(path[0]!.coefficients[1]! ** 2).toBeLessThan(alone.coefficients[1]! ** 2)
  })

  test('a class nobody has, one class alone and huge columns stay finite', () => {
    const problem = some(60, 3)
    const cases = [
      { ...problem, classes: 4 },
      { ...problem, y: new Uint8Array(60) },
      { ...problem, x: problem.x.map((v, i) => (i < 60 ? v : v * 1e4)) },
    ]
    for (const degenerate of cases) {
      const fit = fitRidgeSoftmax(degenerate, ridge(1), { maxSteps: 40 })
      expect(fit.coefficients.every(Number.isFinite)).toBe(true)
      const chances = softmaxChances(fit.coefficients, degenerate.x, 60, 4)
      expect(chances.every((p) => p >= 0 && p <= 1)).toBe(true)
    }
  })

  test('what cannot be learned is refused with its reason', () => {
    const problem = some(20, 3)
    expect(() => fitRidgeSoftmax({ ...problem, x: problem.x.map(() => NaN) }, ridge(1))).toThrow(/no number/)
    expect(() => fitRidgeSoftmax({ ...problem, classes: 2 }, ridge(1))).toThrow(/class/)
    expect(() => fitRidgeSoftmax(problem, Float64Array.of(1))).toThrow(/penalty/)
    expect(() => fitRidgeSoftmax({ ...problem, weight: new Float64Array(20) }, ridge(1))).toThrow(/nothing/)
  })
})

describe('ridge least squares', () => {
  test('solves its normal equations, offset and weights included', () => {
    const { x, rows, columns } = some(80, 3)
    const y = Float64Array.from({ length: rows }, (_, i) => Math.sin(i))
    const weight = y.map((_, i) => 1 + (i % 2))
    const offset = y.map((_, i) => 0.1 * i)
    const problem = { x, rows, columns, y, weight, offset }
    const [b] = fitRidgeLinear(problem, [ridge(4)])
    const fitted = predictLinear(problem, b!)
    for (let j = 0; j < columns; j++) {
      let slope = 0
      for (let i = 0; i < rows; i++) slope += weight[i]! * x[j * rows + i]! * (y[i]! - fitted[i]!)
      expect(slope).toBeCloseTo(ridge(4)[j]! * b![j]!, 8)
    }
    expect(() => fitRidgeLinear({ ...problem, y: y.map(() => NaN) }, [ridge(1)])).toThrow(/no number/)
  })
})
