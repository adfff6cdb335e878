import { describe, expect, test } from 'vitest'
import {
  growMeanForest,
  joinMeanForests,
  predictMeanForest,
  predictMeanForestOutOfBag,
  type MeanForestInput,
} from './mean-forest.ts'
import { binSample, drawSample } from './sample.factory.ts'

/** The arms of a sample as targets of nought and one. */
function armsOf(rows: number, seed: number): MeanForestInput {
  const { table, arm } = drawSample(rows, seed)
  const targets = new Float64Array(rows * 3)
  arm.forEach((a, i) => (targets[a * rows + i] = 1))
  return { table, targets, targetCount: 3, weight: null, cluster: null, columns: null }
}

function outcomeOf(rows: number, seed: number, noise = 1): MeanForestInput {
  const { table, y } = drawSample(rows, seed, noise)
  return { table, targets: y, targetCount: 1, weight: null, cluster: null, columns: null }
}

const grow = (input: MeanForestInput, to = 40, more = {}) =>
  growMeanForest(input, { seed: 4, ...more }, { from: 0, to })

describe('the mean forest', () => {
  test('comes near the mean it is after, for rows it has not seen', () => {
    const forest = grow(outcomeOf(4000, 1, 0.5), 150, { minNode: 10, columnsTried: 3 })
    const seen = drawSample(1000, 2)
    const out = new Float64Array(1000)
    predictMeanForest(forest, seen.table, out)
    const error = Math.sqrt(out.reduce((sum, value, i) => sum + (value - seen.yHat[i]!) ** 2, 0) / 1000)
    expect(error).toBeLessThan(0.15)
  })

  test('chances of classes lie between nought and one, and sum to one', () => {
    const input = armsOf(600, 3)
    const out = new Float64Array(1800)
    predictMeanForestOutOfBag(grow(input), input, out)
    for (let i = 0; i < 600; i++) {
      expect(out[i]! + out[600 + i]! + out[1200 + i]!).toBeCloseTo(1, 5)
      expect(Math.min(out[i]!, out[600 + i]!, out[1200 + i]!)).toBeGreaterThanOrEqual(0)
    }
  })

  test('classes counted are the same forest as targets summed', () => {
    const input = armsOf(500, 4)
    // Twice the target is no class any more, and standardises to the same label.
    const doubled = { ...input, targets: input.targets.map((value) => 2 * value) }
    const [counted, summed] = [new Float64Array(1500), new Float64Array(1500)]
    predictMeanForest(grow(input), input.table, counted)
    predictMeanForest(grow(doubled), input.table, summed)
    summed.forEach((value, i) => expect(value / 2).toBeCloseTo(counted[i]!, 5))
  })

  test('is the same whatever ranges it is grown in', () => {
    const input = outcomeOf(300, 5)
    const part = (from: number, to: number) => growMeanForest(input, { seed: 4 }, { from, to })
    expect(joinMeanForests([part(0, 5), part(5, 6), part(6, 20)])).toEqual(part(0, 20))
  })

  test('a held-out prediction knows nothing of its own target', () => {
    const input = outcomeOf(200, 6)
    const changed = { ...input, targets: input.targets.map((y, i) => (i === 50 ? y + 5 : y)) }
    const [before, after] = [new Float64Array(200), new Float64Array(200)]
    predictMeanForestOutOfBag(grow(input), input, before)
    predictMeanForestOutOfBag(grow(changed), changed, after)
    // Scaling by the deviation of all rows touches the last digits of the gains, not the splits.
    expect(after[50]).toBe(before[50])
    expect(after[51]).not.toBe(before[51])
  })

  test('trees that see fewer rows than half are fine too', () => {
    const input = outcomeOf(3000, 7)
    const forest = grow(input, 20, { rowsPerTree: 200, minNode: 5 })
    expect(forest.leafStart[20]! / 20).toBeLessThan(40)
    const out = new Float64Array(3000)
    predictMeanForestOutOfBag(forest, input, out)
    expect(out.every(Number.isFinite)).toBe(true)
  })

  test('missing answers, a constant target and a single row are answered', () => {
    const input = outcomeOf(200, 8)
    const { values } = drawSample(200, 8)
    const blank = binSample(values.map((column) => column.map(() => NaN)))
    const out = new Float64Array(200)
    predictMeanForest(grow({ ...input, table: blank }), blank, out)
    expect(new Set(out).size).toBe(1)
    predictMeanForest(grow({ ...input, targets: new Float64Array(200).fill(4) }), input.table, out)
    expect(out.every((value) => value === 4)).toBe(true)
    const one = binSample(values.map((column) => column.slice(0, 1)))
    const single = new Float64Array(1)
    predictMeanForest(grow({ ...input, table: one, targets: Float64Array.of(2) }), one, single)
    expect(single[0]).toBe(2)
  })

  test.each([
    ['NaN', (i: MeanForestInput) => ({ ...i, targets: i.targets.map((y, k) => (k === 0 ? NaN : y)) })],
    ['targets of another length', (i: MeanForestInput) => ({ ...i, targetCount: 2 })],
    ['weights of zero', (i: MeanForestInput) => ({ ...i, weight: new Float64Array(80) })],
    ['a cluster below nought', (i: MeanForestInput) => ({ ...i, cluster: new Int32Array(80).fill(-1) })],
  ])('refuses %s', (_name, broken) => {
    expect(() => grow(broken(outcomeOf(80, 9)))).toThrow(RangeError)
  })
})
