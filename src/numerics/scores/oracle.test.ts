// The same figures by another road: see ../oracle/doubly-robust-scores.py.

import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  averageEffects,
  bestLinearPredictor,
  calibrationTest,
  doublyRobustScores,
  effectScores,
  effectsInOverlap,
  effectsOnTreated,
  normalQuantile,
  normalTail,
  studentQuantile,
  studentTail,
  targetingCurve,
  type Estimate,
} from '../index.ts'

const figure = z.tuple([z.number(), z.number()])
const figures = z.array(figure)
const cells = z.array(z.number())
const oracle = z
  .object({
    distributions: z.object({
      normalTail: figures,
      normalQuantile: figures,
      studentTail: z.array(z.tuple([z.number(), z.number(), z.number()])),
    }),
    rows: z.object({
      arm: cells,
      y: z.array(z.number().nullable()),
      outcome: cells,
      propensity: cells,
      observedWeight: cells,
      weight: cells,
      cluster: cells,
      columns: cells,
      predicted: cells,
    }),
    scores: cells,
    effects: figures,
    overlap: figures,
    treated: figures,
    line: z.object({ rows: figures, clusters: figures }),
    calibration: z.object({ rows: figures, clusters: figures }),
    targeting: z.object({ rate: z.number(), points: figures }),
  })
  .parse(JSON.parse(fs.readFileSync(`${import.meta.dirname}/../oracle/doubly-robust-scores.json`, 'utf8')))

const rows = oracle.rows.arm.length
const weight = Float64Array.from(oracle.rows.weight)
const cluster = Int32Array.from(oracle.rows.cluster)
const propensity = Float64Array.from(oracle.rows.propensity)
const problem = {
  arm: Uint8Array.from(oracle.rows.arm),
  y: Float64Array.from(oracle.rows.y, (value) => value ?? NaN),
  outcome: Float64Array.from(oracle.rows.outcome),
  propensity,
  observedWeight: Float64Array.from(oracle.rows.observedWeight),
}
const scores = doublyRobustScores(problem)
const effect = effectScores(scores, rows, 1)
const predicted = Float64Array.from(oracle.rows.predicted)

function expectFigures(found: readonly Estimate[], wanted: readonly (readonly [number, number])[]) {
  expect(found).toHaveLength(wanted.length)
  found.forEach(({ estimate, se }, at) => {
    expect(estimate).toBeCloseTo(wanted[at]![0], 9)
    expect(se).toBeCloseTo(wanted[at]![1], 9)
  })
}

describe('tails and quantiles', () => {
  const isNear = (found: number, wanted: number, digits: number) =>
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(digits * Math.max(Math.abs(wanted), 1e-320))

  test('of the normal, far out too', () => {
    for (const [at, tail] of oracle.distributions.normalTail) isNear(normalTail(at), tail, 2e-12)
    for (const [p, at] of oracle.distributions.normalQuantile) isNear(normalQuantile(p), at, 1e-12)
    expect([normalTail(Infinity), normalTail(-Infinity), normalTail(NaN)]).toEqual([0, 1, NaN])
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity])
    expect(() => normalQuantile(1.1)).toThrow(RangeError)
  })

  test('of Student’s t, and its quantile turns them back', () => {
    for (const [t, freedom, tail] of oracle.distributions.studentTail) {
      isNear(studentTail(t, freedom), tail, 1e-9)
      isNear(studentTail(-t, freedom), 1 - tail, 1e-9)
      expect(studentQuantile(1 - tail, freedom)).toBeCloseTo(t, 4)
    }
    isNear(studentQuantile(0.975, 7), 2.3646242515927844, 1e-11)
    isNear(studentQuantile(0.975, Infinity), 1.959963984540054, 1e-12)
    expect(Math.abs(studentTail(1.96, 999_999) - studentTail(1.96, 1_000_001))).toBeLessThan(1e-6)
    expect([studentTail(Infinity, 3), studentTail(-Infinity, 3)]).toEqual([0, 1])
    expect(() => studentTail(1, 0)).toThrow(RangeError)
  })
})

describe('weighted, clustered rows with missing outcomes', () => {
  test('scores', () => {
    scores.forEach((score, at) => expect(score).toBeCloseTo(oracle.scores[at]!, 10))
  })

  test('average effects, effects in the overlap and on the treated', () => {
    expectFigures(averageEffects({ scores, rows, weight, cluster }), oracle.effects)
    expectFigures(effectsInOverlap({ scores, rows, weight, cluster }, propensity), oracle.overlap)
    expectFigures(effectsOnTreated(problem, { weight, cluster }), oracle.treated)
  })

  test('best straight line, each row and each cluster left out', () => {
    const columns = Float64Array.from(oracle.rows.columns)
    expectFigures(bestLinearPredictor(effect, columns, { weight }), oracle.line.rows)
    expectFigures(bestLinearPredictor(effect, columns, { weight, cluster }), oracle.line.clusters)
  })

  test('calibration test', () => {
    const byRow = calibrationTest(effect, predicted, { weight })
    expectFigures([byRow.mean, byRow.differential], oracle.calibration.rows)
  })

  test('targeting curve and the area under it, equal priorities side by side', () => {
    const shares = oracle.targeting.points.map(([share]) => share)
    const curve = targetingCurve(effect, predicted, { weight, seed: 1, draws: 2, shares })
    expect(curve.rate.estimate).toBeCloseTo(oracle.targeting.rate, 7)
    curve.points.forEach(({ gain }, at) => expect(gain).toBeCloseTo(oracle.targeting.points[at]![1], 10))
  })
})
