import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { growCausalForest } from './causal-forest.ts'
import { inverseMills } from './effect-solver.ts'
import { predictEffects, predictEffectsOutOfBag } from './predict-effects.ts'
import { drawSample } from './sample.factory.ts'

const saved = new URL('./predict-effects.characterisation.json', import.meta.url)

describe('predicting effects', () => {
  test('the saved predictions of a small forest still hold', () => {
    const input = drawSample(300, 21)
    const forest = growCausalForest(input, { seed: 3, minNode: 8 }, { from: 0, to: 160 })
    const out = { effects: new Float64Array(600), variance: new Float64Array(600), alike: new Float64Array(900) }
    predictEffectsOutOfBag(forest, input, out)
    const few = (values: Float64Array) => Array.from(values.filter((_, i) => i % 60 === 0))
    const now = { effects: few(out.effects), variance: few(out.variance), alike: few(out.alike) }
    if (process.env['UPDATE_CHARACTERISATION'] === '1') writeFileSync(saved, `${JSON.stringify(now, null, 2)}\n`)
    const then = JSON.parse(readFileSync(saved, 'utf8')) as typeof now
    for (const key of ['effects', 'variance', 'alike'] as const) {
      then[key].forEach((value, i) => expect(now[key][i]).toBeCloseTo(value, 4))
    }
  })

  test('in a forest of one leaf a tree, the effects are the slopes of least squares', () => {
    const input = { ...drawSample(500, 22), columns: [] }
    const forest = growCausalForest(input, { seed: 1, honest: false }, { from: 0, to: 1 })
    const effects = new Float64Array(1000)
    predictEffects(forest, input.table, { effects })
    // The residuals of the normal equations must vanish on the rows of the tree: its leaf counts them.
    const counted = forest.leaves.slice(-3).reduce((sum, n) => sum + n, 0)
    expect(counted).toBeGreaterThan(200)
    const [w1, w2] = [forest.leaves[2]!, forest.leaves[3]!]
    const [y, w1y, w2y] = [forest.leaves[1]!, forest.leaves[4]!, forest.leaves[5]!]
    const [w11, w12, w22] = [forest.leaves[6]!, forest.leaves[7]!, forest.leaves[8]!]
    const [a, b] = [effects[0]!, effects[500]!]
    expect((w11 - w1 * w1) * a + (w12 - w1 * w2) * b).toBeCloseTo(w1y - w1 * y, 4)
    expect((w12 - w1 * w2) * a + (w22 - w2 * w2) * b).toBeCloseTo(w2y - w2 * y, 4)
  })

  test('how sure an effect is cannot be told of one cluster, nor where nobody could take anything else', () => {
    const input = drawSample(200, 26)
    const lone = { ...input, cluster: new Int32Array(200) }
    const certain = {
      ...input,
      eHat: Float64Array.from(input.eHat, (_, at) => Number(input.arm[at % 200] === Math.floor(at / 200))),
    }
    for (const one of [lone, certain]) {
      const forest = growCausalForest(one, { seed: 1 }, { from: 0, to: 32 })
      const variance = new Float64Array(400)
      predictEffects(forest, input.table, { effects: new Float64Array(400), variance })
      expect(variance.every(Number.isNaN)).toBe(true)
    }
    const variance = new Float64Array(400)
    const forest = growCausalForest(input, { seed: 1 }, { from: 0, to: 32 })
    predictEffects(forest, input.table, { effects: new Float64Array(400), variance })
    expect(variance.every((value) => value > 0)).toBe(true)
  })

  test('a strong pull brings every effect to what it is pulled to; several strengths are answered at once', () => {
    const input = drawSample(600, 23)
    const forest = growCausalForest(input, { seed: 1 }, { from: 0, to: 16 })
    const towards = Float64Array.of(7, -3)
    const both = new Float64Array(2400)
    const weak = new Float64Array(1200)
    predictEffects(forest, input.table, { effects: both }, { towards, strengths: [0.5, 1e9] })
    predictEffects(forest, input.table, { effects: weak }, { towards, strengths: [0.5] })
    expect(both.subarray(0, 1200)).toEqual(weak)
    expect(both[1200]).toBeCloseTo(7, 3)
    expect(both[1800]).toBeCloseTo(-3, 3)
  })

  test('where nobody took an arm, its effect is what is usual', () => {
    const input = drawSample(2000, 24)
    // Whoever lies above 0.5 in the first column never took arm 2, and its chance there is none.
    const cut = (i: number) => input.values[0]![i]! > 0.5
    const arm = input.arm.map((a, i) => (a === 2 && cut(i) ? 0 : a))
    const eHat = input.eHat.map((e, i) => (cut(i % 2000) ? (i < 2000 ? e + 0.25 : i < 4000 ? e : 0) : e))
    const forest = growCausalForest(
      { ...input, arm, eHat, columns: [0] },
      { seed: 2, minNode: 20, minArm: 0 },
      { from: 0, to: 40 },
    )
    const out = { effects: new Float64Array(4000), alike: new Float64Array(6000) }
    predictEffects(forest, input.table, out, { towards: Float64Array.of(0, 9), strengths: [0.01] })
    const far = input.values[0]!.findIndex((x) => x > 0.95)
    expect(out.alike[4000 + far]).toBe(0)
    expect(out.alike[2000 + far]).toBeGreaterThan(1)
    expect(out.effects[2000 + far]).toBeCloseTo(9, 1)
  })

  test('variances are positive, and shrink as people grow more', () => {
    const middle = (rows: number) => {
      const input = drawSample(rows, 25)
      const forest = growCausalForest(input, { seed: 1, minNode: rows / 20 }, { from: 0, to: 200 })
      const seen = drawSample(60, 26)
      const variance = new Float64Array(120)
      predictEffects(forest, seen.table, { effects: new Float64Array(120), variance })
      expect(variance.every((v) => v > 0)).toBe(true)
      return [...variance].sort((a, b) => a - b)[60]!
    }
    expect(middle(3000)).toBeLessThan(0.4 * middle(300))
  })

  test('the mean of a normal cut off at nought is right on both sides', () => {
    // φ(r) / Φ(r) by the trapezium rule.
    const byHand = (r: number) => {
      const density = (x: number) => Math.exp((-x * x) / 2)
      let area = 0
      for (let i = 0; i < 12_000; i++) area += 5e-4 * (density(r - i / 1000) + density(r - (i + 1) / 1000))
      return Math.exp((-r * r) / 2) / area
    }
    for (const r of [-6, -2.001, -1.999, -0.5, 0, 1, 3]) expect(inverseMills(r) / byHand(r)).toBeCloseTo(1, 2)
    expect(inverseMills(-2.0001)).toBeCloseTo(inverseMills(-1.9999), 3)
  })

  test('outputs and tables of another size are refused', () => {
    const input = drawSample(100, 27)
    const forest = growCausalForest(input, { seed: 1 }, { from: 0, to: 8 })
    expect(() => predictEffects(forest, input.table, { effects: new Float64Array(10) })).toThrow(RangeError)
    expect(() => predictEffects(forest, { ...input.table, columns: [] }, { effects: new Float64Array(200) })).toThrow(
      RangeError,
    )
    const other = drawSample(50, 27)
    expect(() => predictEffectsOutOfBag(forest, other, { effects: new Float64Array(100) })).toThrow(RangeError)
  })
})
