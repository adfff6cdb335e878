import { beforeAll, describe, expect, test } from 'vitest'
import { binTable, cutColumn, expit, makeRandom } from '#numerics/index.ts'
import { fitNuisances } from './fit-nuisances.ts'
import { joinNuisances } from './join.ts'
import type { NuisanceInput, Nuisances } from './nuisances.ts'
import { predictSupport } from './support-model.ts'
import { nuisanceTasks, planNuisances, runNuisanceTask } from './tasks.ts'

/** People with two numbers (one not known for some) and a category, three arms of which the second goes to those with a
 *  high first number and helps those of level 2. Truth beside. */
function people(rows: number, seed = 1) {
  const random = makeRandom(seed, 0)
  const draw = (f: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => f(i))
  const a = draw(() => random.normal())
  const b = draw(() => random.normal())
  const c = draw(() => random.below(3))
  const propensity = new Float64Array(rows * 3)
  const chance = new Float64Array(rows * 3)
  const arm = new Uint8Array(rows)
  const y = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const scores = [0, a[i]! - 0.5, -1.5 + 0.5 * b[i]!].map(Math.exp)
    const whole = scores[0]! + scores[1]! + scores[2]!
    for (let k = 0; k < 3; k++) {
      propensity[k * rows + i] = scores[k]! / whole
      chance[k * rows + i] = expit(0.8 * a[i]! - 0.3 * b[i]! + (k === 1 && c[i] === 2 ? 1.5 : 0) - 0.2 * k)
    }
    const u = random.uniform()
    arm[i] = u < propensity[i]! ? 0 : u < propensity[i]! + propensity[rows + i]! ? 1 : 2
    y[i] = random.uniform() < chance[arm[i]! * rows + i]! ? 1 : 0
  }
  const columns = [
    { kind: 'number' as const, levels: 0, values: a.map((v, i) => (i % 17 === 0 ? NaN : v)) },
    { kind: 'number' as const, levels: 0, values: b },
    { kind: 'category' as const, levels: 3, values: c },
  ]
  const table = binTable(
    columns.map((column) => cutColumn(column, 64)),
    columns.map((column) => column.values),
    rows,
  )
  const input: NuisanceInput = {
    table,
    arms: 3,
    arm,
    y,
    outcome: 'yes_no',
    weight: null,
    cluster: null,
    propensity: null,
  }
  return { input, propensity, chance }
}

const rootMeanSquare = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(Array.from(a).reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length)
const loss = (nuisances: Nuisances, what: string, learner: string) =>
  nuisances.report.find((r) => r.what === what)?.losses.find((l) => l.learner === learner)?.loss ?? NaN

describe('nuisances', () => {
  const { input, propensity, chance } = people(2000)
  const options = { seed: 5, trees: 20 }
  let fitted: Nuisances
  beforeAll(() => {
    fitted = fitNuisances(input, options)
  })

  test('lie near the chances that made the data, and nearer than averages do', () => {
    expect(rootMeanSquare(fitted.propensity, propensity)).toBeLessThan(0.05)
    expect(rootMeanSquare(fitted.outcome, chance)).toBeLessThan(0.09)
    expect(loss(fitted, 'outcome', 'used')).toBeLessThan(loss(fitted, 'outcome', 'average') - 0.03)
    expect(loss(fitted, 'propensity', 'used')).toBeLessThan(loss(fitted, 'propensity', 'average') - 0.05)
  })

  test('what is used foretells no worse than the best learner alone', () => {
    for (const what of ['outcome', 'propensity']) {
      const best = Math.min(...['average', 'regression', 'boosting', 'forest'].map((l) => loss(fitted, what, l)))
      // Bounding comes after choosing, and may cost a little.
      expect(loss(fitted, what, 'used')).toBeLessThanOrEqual(best + 5e-5)
    }
  })

  test('propensities of a row sum to one and none is below the floor', () => {
    for (let i = 0; i < 2000; i++) {
      const row = [0, 1, 2].map((k) => fitted.propensity[k * 2000 + i]!)
      expect(row.reduce((sum, e) => sum + e, 0)).toBeCloseTo(1, 9)
      expect(Math.min(...row)).toBeGreaterThanOrEqual(fitted.floor)
    }
  })

  test('pieces done in another order join to the same to the last bit', () => {
    const plan = planNuisances(input, options)
    const results = nuisanceTasks(input, plan)
      .reverse()
      .map((task) => runNuisanceTask(input, plan, task))
    const again = joinNuisances(input, plan, results)
    expect(again.outcome).toEqual(fitted.outcome)
    expect(again.propensity).toEqual(fitted.propensity)
    expect(again.support).toEqual(fitted.support)
  })

  test('a row is foretold from other folds alone: its own outcome does not move its prediction by a learner', () => {
    const plan = planNuisances(input, options)
    const row = plan.fold.indexOf(2)
    const flipped = { ...input, y: input.y.map((value, i) => (i === row ? 1 - value : value)) }
    for (const learner of ['regression', 'boosting'] as const) {
      const task = { what: 'outcome' as const, learner, fold: 2 }
      expect(runNuisanceTask(flipped, plan, task)).toEqual(runNuisanceTask(input, plan, task))
      const other = { ...task, fold: 1 }
      expect(runNuisanceTask(flipped, plan, other)).not.toEqual(runNuisanceTask(input, plan, other))
    }
  })

  test('support of somebody new is the chance of each arm for people alike', () => {
    const other = people(1000, 9)
    const chances = predictSupport(fitted.support, rebinned(other.input, input))
    expect(rootMeanSquare(chances, other.propensity)).toBeLessThan(0.06)
    for (let i = 0; i < 1000; i++) expect(chances[i]! + chances[1000 + i]! + chances[2000 + i]!).toBeCloseTo(1, 9)
  })

  test('known propensities are used as they are', () => {
    const known = fitNuisances({ ...input, propensity }, { ...options, learners: ['regression'] })
    expect(known.propensity).toEqual(propensity)
    expect(known.report.find((r) => r.what === 'propensity')?.chosen).toBe('known')
    expect(known.arms.map((arm) => arm.bounded)).toEqual([0, 0, 0])
    expect(known.support.regression).not.toBeNull()
  })

  test('relabelled arms give the same answers under their new names', () => {
    const swap = (k: number) => [0, 2, 1][k]!
    const relabelled = { ...input, arm: input.arm.map(swap) }
    const again = fitNuisances(relabelled, { ...options, learners: ['regression'] })
    const before = fitNuisances(input, { ...options, learners: ['regression'] })
    for (let k = 0; k < 3; k++) {
      const own = before.outcome.subarray(k * 2000, (k + 1) * 2000)
      const renamed = again.outcome.subarray(swap(k) * 2000, (swap(k) + 1) * 2000)
      expect(rootMeanSquare(own, renamed)).toBeLessThan(1e-4)
    }
  })
})

/** The rows of one table binned by the cuts of another: both were made by the same rule, so centres are read back. */
function rebinned(of: NuisanceInput, by: NuisanceInput) {
  const { rows } = of.table
  const values = of.table.columns.map((column, j) =>
    Float64Array.from({ length: rows }, (_, i) => column.centres[of.table.bins[j * rows + i]!] ?? NaN),
  )
  return binTable(by.table.columns, values, rows)
}

describe('nuisances where outcomes were lost', () => {
  test('rows without an outcome are foretold, do not train, and those like them weigh more', () => {
    const { input, chance } = people(1500, 3)
    // Those with a high first number are lost more often.
    const random = makeRandom(8, 0)
    const bins = input.table.bins
    const y = input.y.map((value, i) => (random.uniform() < (bins[i]! > 40 ? 0.6 : 0.1) ? NaN : value))
    const fitted = fitNuisances({ ...input, y }, { seed: 2, learners: ['regression', 'boosting'] })
    expect(fitted.outcome.every(Number.isFinite)).toBe(true)
    expect(rootMeanSquare(fitted.outcome, chance)).toBeLessThan(0.1)
    const mean = (rows: number[]) => rows.reduce((sum, i) => sum + fitted.observedWeight[i]!, 0) / rows.length
    const known = Array.from(y.keys()).filter((i) => !Number.isNaN(y[i]))
    expect(mean(known.filter((i) => bins[i]! > 40))).toBeGreaterThan(1.4 * mean(known.filter((i) => bins[i]! <= 40)))
    expect(mean(known)).toBeCloseTo(1, 1)
    y.forEach((value, i) => {
      if (Number.isNaN(value)) expect(fitted.observedWeight[i]).toBe(0)
    })
    expect(fitted.report.map((r) => r.what)).toEqual(['outcome', 'propensity', 'observed'])
  })

  test('without lost outcomes every row weighs one', () => {
    const { input } = people(120)
    expect(fitNuisances(input, { seed: 1 }).observedWeight).toEqual(new Float64Array(120).fill(1))
  })
})

describe('nuisances of an outcome that is a number', () => {
  test('lie near what made the data', () => {
    const { input, chance } = people(1500, 4)
    const random = makeRandom(4, 1)
    const truth = chance.map((p) => 1000 * p)
    const y = input.y.map((_, i) => truth[input.arm[i]! * 1500 + i]! + 100 * random.normal())
    const fitted = fitNuisances({ ...input, outcome: 'number', y }, { seed: 1, trees: 20 })
    // One row in 17 lacks the first number, which alone costs 42.
    expect(rootMeanSquare(fitted.outcome, truth)).toBeLessThan(57)
  })
})

describe('nuisances on degenerate data', () => {
  const options = { seed: 1, trees: 10 }

  test('a constant outcome is foretold nearly as it is', () => {
    const { input } = people(400)
    for (const constant of [0, 1]) {
      const fitted = fitNuisances({ ...input, y: new Float64Array(400).fill(constant) }, options)
      fitted.outcome.forEach((p) => expect(Math.abs(p - constant)).toBeLessThan(0.05))
    }
    const number = fitNuisances({ ...input, outcome: 'number', y: new Float64Array(400).fill(7) }, options)
    number.outcome.forEach((m) => expect(m).toBeCloseTo(7, 3))
  })

  test('an arm with three rows, all in one cluster or not, gets finite answers', () => {
    const { input } = people(400)
    const arm = input.arm.map((k, i) => (i < 3 ? 2 : k === 2 ? 0 : k))
    for (const cluster of [null, Int32Array.from(arm, (_, i) => (i < 3 ? 0 : 1 + (i % 40)))]) {
      const fitted = fitNuisances({ ...input, arm, cluster }, options)
      expect(fitted.outcome.every((p) => p > 0 && p < 1)).toBe(true)
      expect(fitted.propensity.every((e) => e >= fitted.floor && e < 1)).toBe(true)
      expect(fitted.arms[2]!.bounded).toBeGreaterThan(100)
    }
  })

  test('a table of which nothing is known falls back on averages', () => {
    const { input } = people(400)
    const table = { ...input.table, bins: new Uint8Array(input.table.bins.length).fill(255) }
    const fitted = fitNuisances({ ...input, table }, options)
    expect(loss(fitted, 'outcome', 'used')).toBeLessThanOrEqual(loss(fitted, 'outcome', 'average') + 1e-9)
    expect(
      Math.max(...fitted.propensity.subarray(0, 400)) - Math.min(...fitted.propensity.subarray(0, 400)),
    ).toBeLessThan(0.1)
  })

  test('two rows give an answer', () => {
    const { input } = people(2)
    const fitted = fitNuisances({ ...input, arms: 2, arm: Uint8Array.of(0, 1), y: Float64Array.of(0, 1) }, options)
    expect([...fitted.outcome, ...fitted.propensity].every((v) => v > 0 && v < 1)).toBe(true)
  })

  test('what cannot be learned is refused with its reason', () => {
    const { input } = people(60)
    const refused = (change: Partial<NuisanceInput>) => () => planNuisances({ ...input, ...change }, options)
    expect(refused({ arms: 4 })).toThrow(/arm 3 has no rows/)
    expect(refused({ arms: 2 })).toThrow(/not one of those compared/)
    expect(refused({ y: input.y.map(() => NaN) })).toThrow(/no outcome is known/)
    expect(refused({ y: input.y.map((v) => v + 0.5) })).toThrow(/neither 1 nor 0/)
    expect(refused({ outcome: 'number', y: input.y.map(() => Infinity) })).toThrow(/infinite/)
    expect(refused({ weight: new Float64Array(60).fill(-1) })).toThrow(/weight/)
    expect(refused({ weight: new Float64Array(60) })).toThrow(/has no rows/)
    expect(refused({ propensity: new Float64Array(180).fill(0.5) })).toThrow(/sum to one/)
    expect(refused({ cluster: new Int32Array(3) })).toThrow(/one cluster a row/)
    expect(refused({ cluster: new Int32Array(60) })).toThrow(/all rows lie in one cluster/)
  })
})
