import { describe, expect, test } from 'vitest'
import { growCausalForest, joinCausalForests, type CausalForest, type CausalForestInput } from './causal-forest.ts'
import { predictEffects, predictEffectsOutOfBag, type EffectsPull } from './predict-effects.ts'
import { binSample, drawSample, type Sample } from './sample.factory.ts'

const options = { seed: 5, minNode: 10 }
const grow = (input: CausalForestInput, trees = 40, more = {}) =>
  growCausalForest(input, { ...options, ...more }, { from: 0, to: trees })

function effectsOf(forest: CausalForest, table: CausalForestInput['table'], pull?: EffectsPull): Float64Array {
  const effects = new Float64Array(table.rows * (forest.arms - 1))
  predictEffects(forest, table, { effects }, pull)
  return effects
}

// Pulled to what the test says: the forest's own overall effects know everybody.
const pull = { towards: Float64Array.of(0, 0), strengths: [0.1] }

function outOfBag(forest: CausalForest, input: CausalForestInput): Float64Array {
  const effects = new Float64Array(input.table.rows * (forest.arms - 1))
  predictEffectsOutOfBag(forest, input, { effects }, pull)
  return effects
}

const largestGap = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
const rootMeanSquare = (a: Float64Array, b: Float64Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length)

describe('the causal forest', () => {
  test('recovers effects that a split and a category make, for people it has not seen', () => {
    const forest = grow(drawSample(3000, 1), 200, { minNode: 20, columnsTried: 3 })
    const seen = drawSample(1000, 2)
    // Everybody the average: 0.5 for the first effect, 0.43 for the second.
    const average = seen.effects.map((_, i) => (i < 1000 ? 0.5 : -0.25))
    expect(rootMeanSquare(average, seen.effects)).toBeGreaterThan(0.45)
    expect(rootMeanSquare(effectsOf(forest, seen.table), seen.effects)).toBeLessThan(0.2)
  })

  test('is the same whatever ranges it is grown in', () => {
    const input = drawSample(400, 3)
    const part = (from: number, to: number) => growCausalForest(input, options, { from, to })
    const whole = part(0, 20)
    expect(joinCausalForests([part(8, 20), part(0, 7), part(7, 8)])).toEqual(whole)
    expect(() => joinCausalForests([part(0, 7), part(8, 20)])).toThrow(RangeError)
  })

  test('is the same when a number changes its scale', () => {
    const input = drawSample(500, 4)
    const rescaled = binSample(
      input.values.map((column, c) => (c === 2 ? column : column.map((x) => Math.exp(3 * x) - 7))),
    )
    expect(grow({ ...input, table: rescaled })).toEqual(grow(input))
  })

  test('other names for the arms change the places of the effects alone', () => {
    const input = drawSample(800, 5)
    const { rows } = input.table
    const renamed = Uint8Array.from(input.arm, (arm) => [0, 2, 1][arm]!)
    const eHat = Float64Array.from(
      input.eHat,
      (_, i) => input.eHat[[0, 2, 1][Math.floor(i / rows)]! * rows + (i % rows)]!,
    )
    const own = effectsOf(grow(input), input.table)
    const turned = effectsOf(grow({ ...input, arm: renamed, eHat }), input.table)
    const back = own.map((_, i) => turned[(i + rows) % (2 * rows)]!)
    // Sums are taken in another order, so records differ in their last single-precision digit.
    expect(largestGap(own, back)).toBeLessThan(1e-4)
  })

  test('a column that may not split cannot change an effect', () => {
    const input = { ...drawSample(500, 6), columns: [0, 1, 2] }
    const forest = grow(input)
    const flipped = binSample(input.values.map((column, c) => (c === 3 ? column.map((x) => 1 - x) : column)))
    expect(effectsOf(forest, flipped)).toEqual(effectsOf(forest, input.table))
    expect(grow({ ...input, table: flipped })).toEqual(forest)
  })

  test('where no column may split, everybody gets the average', () => {
    const input = { ...drawSample(500, 6), columns: [] }
    const effects = effectsOf(grow(input), input.table)
    expect(new Set(effects.subarray(0, 500)).size).toBe(1)
    expect(effects[0]).toBeCloseTo(0.5, 0)
  })

  test('a held-out prediction knows nothing of its own outcome, nor of its cluster', () => {
    const input = drawSample(300, 7)
    const cluster = Int32Array.from({ length: 300 }, (_, i) => Math.floor(i / 3))
    const changed = { ...input, y: input.y.map((y, i) => (i === 31 ? 1000 : y)) }
    const before = outOfBag(grow({ ...input, cluster }, 80, { bagSize: 2 }), { ...input, cluster })
    const after = outOfBag(grow({ ...changed, cluster }, 80, { bagSize: 2 }), { ...changed, cluster })
    // What the pull is measured by is a mean over all leaves, which others' splits move by a hair.
    for (const row of [30, 31, 32, 330, 331, 332]) expect(after[row]).toBeCloseTo(before[row]!, 8)
    expect(largestGap(after, before)).toBeGreaterThan(0.1)
  })

  test('held-out predictions of a range are those of all rows', () => {
    const input = drawSample(700, 8)
    const forest = grow(input)
    const parts = new Float64Array(1400)
    for (const [from, to] of [
      [0, 333],
      [333, 700],
    ] as const)
      predictEffectsOutOfBag(forest, input, { effects: parts }, pull, { from, to })
    expect(parts).toEqual(outOfBag(forest, input))
  })

  test('rows of weight zero are as if they were not there', () => {
    const input = drawSample(400, 9)
    const weight = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 0 : 2))
    const other = input.y.map((y, i) => (i % 4 === 0 ? -1e6 : y))
    expect(grow({ ...input, weight, y: other })).toEqual(grow({ ...input, weight }))
  })

  test('equal weights, whatever their size, change nothing', () => {
    const input = drawSample(400, 9)
    const weight = new Float64Array(400).fill(17)
    expect(effectsOf(grow({ ...input, weight }), input.table)).toEqual(effectsOf(grow(input), input.table))
  })

  test('a column of which nothing is known never splits', () => {
    const input = drawSample(400, 10)
    const blank = binSample(input.values.map((column, c) => (c === 0 ? column.map(() => NaN) : column)))
    const forest = grow({ ...input, table: blank })
    const splits = forest.nodes.filter((_, i) => i % 2 === 0).filter((split) => split >= 0)
    expect(splits.length).toBeGreaterThan(0)
    expect(splits.every((split) => split >> 17 !== 0)).toBe(true)
  })

  test('an outcome that is the same for all has effects of nothing, and no splits', () => {
    const input = drawSample(300, 11)
    const same = { ...input, y: new Float64Array(300).fill(3), yHat: new Float64Array(300).fill(3) }
    const forest = grow(same)
    expect(forest.nodes.length).toBe(2 * forest.trees)
    expect(largestGap(effectsOf(forest, input.table), new Float64Array(600))).toBe(0)
  })

  test('two people are enough to answer, if not to tell', () => {
    const two = firstRows(drawSample(50, 12), [0, 1])
    const input = { ...two, arm: Uint8Array.of(0, 1), arms: 2, eHat: new Float64Array(4).fill(0.5) }
    const effects = effectsOf(grow(input), input.table)
    expect(effects.every(Number.isFinite)).toBe(true)
    const variance = new Float64Array(2)
    predictEffects(grow(input), input.table, { effects, variance })
    expect(variance.every((v) => Number.isNaN(v) || v >= 0)).toBe(true)
  })

  test.each([
    ['one arm', (s: Sample) => ({ ...s, arms: 1 })],
    ['an arm that nobody took', (s: Sample) => ({ ...s, arm: s.arm.map((a) => (a === 2 ? 1 : a)) })],
    ['an arm past the last', (s: Sample) => ({ ...s, arm: s.arm.map((a, i) => (i === 0 ? 3 : a)) })],
    ['an outcome that is no number', (s: Sample) => ({ ...s, y: s.y.map((y, i) => (i === 0 ? NaN : y)) })],
    ['an infinite expectation', (s: Sample) => ({ ...s, yHat: s.yHat.map((y, i) => (i === 0 ? Infinity : y)) })],
    ['weights of zero', (s: Sample) => ({ ...s, weight: new Float64Array(s.y.length) })],
    ['a negative weight', (s: Sample) => ({ ...s, weight: s.y.map((_, i) => (i === 0 ? -1 : 1)) })],
    ['too few chances', (s: Sample) => ({ ...s, eHat: s.eHat.subarray(1) })],
    ['a column that is not there', (s: Sample) => ({ ...s, columns: [4] })],
  ])('refuses %s', (_name, broken) => {
    expect(() => grow(broken(drawSample(60, 13)))).toThrow(RangeError)
  })
})

/** Some rows of a sample, binned anew. */
function firstRows(sample: Sample, rows: readonly number[]): Sample {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!)
  const values = sample.values.map(pick)
  return {
    ...sample,
    values,
    table: binSample(values),
    y: pick(sample.y),
    yHat: pick(sample.yHat),
    arm: Uint8Array.from(rows, (row) => sample.arm[row]!),
    eHat: new Float64Array(rows.length * 3).fill(1 / 3),
  }
}
