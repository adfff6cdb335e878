import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binTable, cutColumn, makeRandom } from '#numerics/index.ts'
import { boundChances, leastChance } from './bounds.ts'
import { recalibrate } from './calibration.ts'
import { layOutDesign, widthOf, writeDesign } from './design.ts'
import { dealFolds, foldsFor } from './folds.ts'
import { averageOfMembers, meanLoss, type Jury } from './judging.ts'

describe('folds', () => {
  test('every fold holds its share of every arm', () => {
    const arm = Uint8Array.from({ length: 103 }, (_, i) => (i < 80 ? 0 : i < 100 ? 1 : 2))
    const fold = dealFolds({ arm, cluster: null }, 5, 3)
    for (const [k, rows] of [
      [0, 80],
      [1, 20],
      [2, 3],
    ] as const) {
      for (let f = 0; f < 5; f++) {
        const own = arm.filter((value, i) => value === k && fold[i] === f).length
        expect(Math.abs(own - rows / 5)).toBeLessThan(1)
      }
    }
    expect(dealFolds({ arm, cluster: null }, 5, 3)).toEqual(fold)
    expect(dealFolds({ arm, cluster: null }, 5, 4)).not.toEqual(fold)
  })

  test('a cluster is never cut in two, and folds are of like size', () => {
    const cluster = Int32Array.from({ length: 200 }, (_, i) => Math.floor(Math.sqrt(i)))
    const fold = dealFolds({ arm: new Uint8Array(200), cluster }, 4, 1)
    for (let place = 0; place < 15; place++) {
      expect(new Set(fold.filter((_, i) => cluster[i] === place)).size).toBe(1)
    }
    for (let f = 0; f < 4; f++) expect(Math.abs(fold.filter((own) => own === f).length - 50)).toBeLessThan(10)
  })

  test('there are no more folds than rows or clusters', () => {
    expect(foldsFor(3, null, 5)).toBe(3)
    expect(
      foldsFor(
        100,
        Int32Array.from({ length: 100 }, (_, i) => i % 4),
        5,
      ),
    ).toBe(4)
    expect(foldsFor(100, null, 5)).toBe(5)
  })
})

describe('bounds', () => {
  test('rows sum to one, none is below the floor, and those far above keep their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), (raw) => {
        const whole = raw.reduce((sum, v) => sum + v, 0)
        const chances = Float64Array.from(raw, (v) => v / whole)
        const before = chances.slice()
        const told = boundChances(chances, 1, 0.05)
        expect(chances.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 9)
        chances.forEach((v, k) => {
          expect(v).toBeGreaterThanOrEqual(0.05)
          expect(told[k]).toEqual({ lowestPropensity: before[k], bounded: before[k]! < 0.05 ? 1 : 0 })
          chances.forEach((other, j) => {
            if (before[k]! > before[j]!) expect(v).toBeGreaterThanOrEqual(other)
          })
        })
      }),
    )
  })

  test('the floor falls with more rows and refuses to leave no room', () => {
    expect(leastChance(2)).toBe(0.05)
    expect(leastChance(2000)).toBeCloseTo(0.0147, 4)
    expect(leastChance(20_000)).toBeCloseTo(0.0036, 4)
    expect(leastChance(1e7)).toBe(0.0025)
    expect(() => boundChances(new Float64Array(4).fill(0.25), 1, 0.3)).toThrow(RangeError)
  })
})

describe('calibration', () => {
  const random = makeRandom(6, 0)
  const rows = 3000
  const truth = Float64Array.from({ length: rows }, () => 0.1 + 0.8 * random.uniform())
  const target = truth.map((p) => (random.uniform() < p ? 1 : 0))
  const of = (predicted: Float64Array) => ({
    kind: 'yes_no' as const,
    predicted,
    target,
    weight: null,
    rows: Uint32Array.from({ length: rows }, (_, i) => i),
    fold: Uint8Array.from({ length: rows }, (_, i) => i % 5),
    folds: 5,
  })

  test('predictions that were too sure are brought back', () => {
    const tooSure = truth.map((p) => p ** 2 / (p ** 2 + (1 - p) ** 2))
    const better = recalibrate(of(tooSure))
    const miss = (p: Float64Array) => p.reduce((sum, v, i) => sum + (v - truth[i]!) ** 2, 0)
    expect(better).not.toBeNull()
    expect(miss(better!)).toBeLessThan(0.1 * miss(tooSure))
  })

  test('nothing is touched where few rows could tell', () => {
    expect(recalibrate({ ...of(truth), rows: Uint32Array.from({ length: 80 }, (_, i) => i) })).toBeNull()
  })

  test('constant predictions stay finite', () => {
    const after = recalibrate(of(new Float64Array(rows).fill(0.9)))
    expect(after === null || after.every(Number.isFinite)).toBe(true)
  })
})

describe('the average of members', () => {
  const random = makeRandom(2, 0)
  const rows = 2000
  const jury = (kind: Jury['kind'], target: Float64Array): Jury => ({
    kind,
    target,
    weight: null,
    rows: Uint32Array.from({ length: rows }, (_, i) => i),
  })

  test('foretells at least as well as each member, weights sum to one', () => {
    const truth = Float64Array.from({ length: rows }, () => random.uniform())
    const noisy = (spread: number) =>
      truth.map((p) => Math.min(0.99, Math.max(0.01, p + spread * (random.uniform() - 0.5))))
    const cases = [
      jury(
        'yes_no',
        truth.map((p) => (random.uniform() < p ? 1 : 0)),
      ),
      jury(
        'number',
        truth.map((p) => p + 0.1 * random.normal()),
      ),
    ]
    const members = [noisy(0.5), noisy(0.6), new Float64Array(rows).fill(0.5)]
    for (const judge of cases) {
      const weights = averageOfMembers(judge, members)
      expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 9)
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
      const average = truth.map((_, i) => members.reduce((sum, m, at) => sum + weights[at]! * m[i]!, 0))
      const best = Math.min(...members.map((member) => meanLoss(judge, member)))
      expect(meanLoss(judge, average)).toBeLessThan(best - 1e-4)
    }
  })

  test('a member that knows nothing gets no weight beside one that knows all', () => {
    const truth = Float64Array.from({ length: rows }, () => random.normal())
    const weights = averageOfMembers(jury('number', truth), [truth, truth.map(() => random.normal())])
    expect(weights[0]).toBeCloseTo(1, 9)
  })
})

describe('the design', () => {
  test('columns are standardised, what is not known stands at the mean and is said so', () => {
    const rows = 500
    const random = makeRandom(3, 0)
    const columns = [
      {
        kind: 'number' as const,
        levels: 0,
        values: Float64Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? NaN : 7 + 3 * random.normal())),
      },
      {
        kind: 'category' as const,
        levels: 3,
        values: Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0 : 1)),
      },
      { kind: 'number' as const, levels: 0, values: new Float64Array(rows).fill(NaN) },
    ]
    const table = binTable(
      columns.map((column) => cutColumn(column)),
      columns.map((column) => column.values),
      rows,
    )
    const all = Uint32Array.from({ length: rows }, (_, i) => i)
    const layout = layOutDesign(table, all)
    // The number, its square, whether it is known; two levels; the third level and the empty column vary nowhere.
    expect([...layout.source]).toEqual([0, 0, 0, 1, 1])
    const x = writeDesign(layout, table, null)
    for (let j = 0; j < widthOf(layout); j++) {
      const column = x.subarray(j * rows, (j + 1) * rows)
      const mean = column.reduce((sum, v) => sum + v, 0) / rows
      expect(mean).toBeCloseTo(j === 0 ? 1 : 0, 9)
      if (j > 2) expect(column.reduce((sum, v) => sum + v * v, 0) / rows).toBeCloseTo(1, 9)
    }
    expect(x[rows]).toBe(0)
    expect(x[3 * rows]).toBeGreaterThan(0)
    expect(x[3 * rows + 1]).toBeLessThan(0)
    expect(writeDesign(layout, table, Uint32Array.of(3, 4))[2]).toBe(x[rows + 3])
  })
})
