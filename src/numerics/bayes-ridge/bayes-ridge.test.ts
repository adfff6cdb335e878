import { expect, test } from 'vitest'
import { type BinnedTable } from '../bins/bins.ts'
import { choleskyFactor, choleskySolve } from '../cholesky.ts'
import { binSample, drawSample } from '../forest/sample.factory.ts'
import { makeRandom, shuffled } from '../rng.ts'
import { solveArrow } from './arrow.ts'
import { planBasis, shapes, termsOfRow, type Basis } from './basis.ts'
import {
  fitBayesRidge,
  predictRidgeEffects,
  predictRidgeOutcomes,
  predictRidgeVariances,
  type BayesRidge,
  type VarianceRule,
} from './bayes-ridge.ts'
import { gatherMoments, type Moments } from './moments.ts'

const rows = 240
const alike: VarianceRule = { sharing: 'all', borrow: 0 }
const free: VarianceRule = { sharing: 'column_and_arm', borrow: 0 }

interface People {
  readonly table: BinnedTable
  readonly arm: Uint8Array
  readonly arms: number
  readonly y: Float64Array
}

/** Outcomes less their mean, over their deviation: as the regression expects them. */
function drawPeople(count: number, seed: number): People {
  const { table, arm, arms, y } = drawSample(count, seed)
  const mean = y.reduce((sum, value) => sum + value, 0) / count
  const deviation = Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count)
  return { table, arm, arms, y: y.map((value) => (value - mean) / deviation) }
}

function momentsOf(people: People, basis: Basis, weight: Float64Array | null = null): Moments[] {
  return gatherMoments({ ...people, basis, weight, fold: new Uint8Array(people.y.length), folds: 1 })
}

const people = drawPeople(rows, 4)
const basis = planBasis(people.table, { steps: 3, weight: null, rows: null })
const size = basis.terms + 1
const moments = momentsOf(people, basis)

function fitted(byArm: readonly Moments[], rule: VarianceRule = alike, rounds = 20): BayesRidge {
  return fitBayesRidge(byArm, basis, { rule, rounds })
}

/** The whole design: terms once for everyone, and once more in the arm's own block. rows × (arms · size), row-major. */
function wholeDesign({ table, arm, arms }: People): Float64Array {
  const width = arms * size
  const design = new Float64Array(table.rows * width)
  for (let row = 0; row < table.rows; row++) {
    termsOfRow(basis, table, row, design.subarray(row * width, row * width + size), null)
    if (arm[row]! > 0) design.copyWithin(row * width + arm[row]! * size, row * width, row * width + size)
  }
  return design
}

function effectsOf(fit: BayesRidge, table = people.table, atMean: Uint8Array | null = null) {
  const effects = new Float64Array(table.rows * (fit.arms - 1))
  const variances = effects.slice()
  predictRidgeEffects(fit, basis, table, { atMean, effects })
  predictRidgeVariances(fit.covariance.slice(1), basis, table, { atMean, variances })
  return { effects, variances }
}

function furthest(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length)
  return Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0)
}

test('solved block by block, the posterior is that of the whole system solved at once', () => {
  const width = people.arms * size
  const random = makeRandom(4, 1)
  const precision = Float64Array.from({ length: width }, () => Math.exp(4 * random.uniform()))
  const noise = 0.7
  const design = wholeDesign(people)
  const whole = new Float64Array(width * width)
  const right = new Float64Array(width)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      const x = design[row * width + i]! / noise
      if (x === 0) continue
      right[i]! += x * people.y[row]!
      for (let j = 0; j < width; j++) whole[i * width + j]! += x * design[row * width + j]!
    }
  }
  for (let i = 0; i < width; i++) whole[i * width + i]! += precision[i]!
  expect(choleskyFactor(whole, width)).toBe(true)
  choleskySolve(whole, width, right)
  const inverse = Array.from({ length: width }, (_, i) => {
    const column = new Float64Array(width)
    column[i] = 1
    choleskySolve(whole, width, column)
    return column
  })
  const logDeterminant = inverse.reduce((sum, _, i) => sum + 2 * Math.log(whole[i * width + i]!), 0)

  const found = solveArrow(moments, precision, noise)
  expect(furthest(found.mean, right)).toBeLessThan(1e-10)
  expect(found.logDeterminant).toBeCloseTo(logDeterminant, 8)
  found.covariance.forEach((block, arm) => {
    const expected = Array.from({ length: size }, (_, i) => [
      ...inverse[arm * size + i]!.subarray(arm * size, (arm + 1) * size),
    ])
    expect(furthest(block, expected.flat())).toBeLessThan(1e-10)
  })
})

test('the evidence is the density of the outcomes, coefficients integrated out', () => {
  const fit = fitted(moments, { sharing: 'column', borrow: 1 })
  const width = people.arms * size
  const design = wholeDesign(people)
  const spread = new Float64Array(rows * rows)
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? fit.noise : 0
      for (let i = 0; i < width; i++) sum += (design[a * width + i]! * design[b * width + i]!) / fit.precision[i]!
      spread[b * rows + a] = spread[a * rows + b] = sum
    }
  }
  expect(choleskyFactor(spread, rows)).toBe(true)
  const solved = people.y.slice()
  choleskySolve(spread, rows, solved)
  let density = -0.5 * rows * Math.log(2 * Math.PI)
  for (let i = 0; i < rows; i++) density -= Math.log(spread[i * rows + i]!) + 0.5 * people.y[i]! * solved[i]!
  expect(fit.evidence).toBeCloseTo(density, 5)
})

test('each round finds outcomes more likely, or as likely', () => {
  const found = [1, 2, 4, 8, 16].map((rounds) => fitted(moments, alike, rounds).evidence)
  for (let i = 1; i < found.length; i++) expect(found[i]).toBeGreaterThan(found[i - 1]! - 0.01)
})

test('effects are the differences of the outcomes fitted under the arms', () => {
  const fit = fitted(moments)
  const outcomes = new Float64Array(rows * people.arms)
  predictRidgeOutcomes(fit, basis, people.table, { atMean: null, out: outcomes })
  const differences = outcomes.subarray(rows).map((value, at) => value - outcomes[at % rows]!)
  expect(furthest(effectsOf(fit).effects, differences)).toBeLessThan(1e-12)
})

test('variances of effects are the terms’ quadratic form in the arm’s covariance', () => {
  const fit = fitted(moments)
  const { variances } = effectsOf(fit)
  const x = new Float64Array(size)
  for (let row = 0; row < rows; row += 40) {
    termsOfRow(basis, people.table, row, x, null)
    for (let k = 1; k < people.arms; k++) {
      let expected = 0
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) expected += x[i]! * x[j]! * fit.covariance[k]![i * size + j]!
      expect(variances[(k - 1) * rows + row]).toBeCloseTo(expected, 12)
    }
  }
})

test('a column at its mean moves no effect and no doubt, to the last bit', () => {
  const fit = fitted(moments, free)
  const atMean = Uint8Array.of(1, 0, 1, 0)
  const changed = people.table.bins.map((byte, at) => {
    const column = Math.floor(at / rows)
    return atMean[column] === 1 ? (byte + 1) % people.table.columns[column]!.bins : byte
  })
  const before = effectsOf(fit, people.table, atMean)
  expect(effectsOf(fit, { ...people.table, bins: changed }, atMean)).toStrictEqual(before)
  expect(effectsOf(fit, { ...people.table, bins: changed })).not.toStrictEqual(effectsOf(fit))
})

test('a row that counts twice is a row that is there twice', () => {
  const isTwice = (i: number) => i % 3 === 0
  const weight = Float64Array.from({ length: rows }, (_, i) => (isTwice(i) ? 2 : 1))
  const order = [...Array(rows).keys()].flatMap((i) => (isTwice(i) ? [i, i] : [i]))
  const bins = Uint8Array.from({ length: order.length * 4 }, (_, at) => {
    const column = Math.floor(at / order.length)
    return people.table.bins[column * rows + order[at % order.length]!]!
  })
  const repeated: People = {
    table: { ...people.table, rows: order.length, bins },
    arm: Uint8Array.from(order, (i) => people.arm[i]!),
    arms: people.arms,
    y: Float64Array.from(order, (i) => people.y[i]!),
  }
  const one = fitted(momentsOf(people, basis, weight))
  const other = fitted(momentsOf(repeated, basis))
  expect(furthest(one.mean, other.mean)).toBeLessThan(1e-8)
  expect(one.evidence).toBeCloseTo(other.evidence, 6)
})

test('services under other names have the same effects', () => {
  const names = Uint8Array.of(0, 2, 1)
  const renamed = momentsOf({ ...people, arm: people.arm.map((arm) => names[arm]!) }, basis)
  for (const rule of [alike, free]) {
    const before = effectsOf(fitted(moments, rule)).effects
    const after = effectsOf(fitted(renamed, rule)).effects
    expect(furthest(after.subarray(rows), before.subarray(0, rows))).toBeLessThan(1e-8)
    expect(furthest(after.subarray(0, rows), before.subarray(rows))).toBeLessThan(1e-8)
  }
})

test('an arm without rows keeps its prior: no effect, and all the doubt', () => {
  const [control, first, second] = moments
  const nobody = {
    size,
    gram: first!.gram.map(() => 0),
    cross: first!.cross.map(() => 0),
    squares: 0,
    weight: 0,
    rows: 0,
  }
  const fit = fitted([control!, nobody, second!])
  const { effects, variances } = effectsOf(fit)
  expect(furthest(effects.subarray(0, rows), new Float64Array(rows))).toBeLessThan(1e-12)
  const own = fit.precision.subarray(size, 2 * size)
  own.forEach((precision, i) => expect(fit.covariance[1]![i * size + i]! * precision).toBeCloseTo(1, 9))
  expect(Math.min(...variances.subarray(0, rows))).toBeGreaterThan(1 / own[0]! - 1e-12)
})

test('where services do the same for everyone, what they add for whom fades', () => {
  const many = drawPeople(1500, 5)
  const wide = planBasis(many.table, { steps: 3, weight: null, rows: null })
  const order = shuffled(1500, makeRandom(5, 1))
  const byChance = { ...many, arm: Uint8Array.from(order, (i) => many.arm[i]!) }
  const effective = (of: People) => fitBayesRidge(momentsOf(of, wide), wide, { rule: alike, rounds: 40 }).effective
  expect(effective(many)).toBeGreaterThan(5)
  expect(effective(byChance)).toBeLessThan(2)
})

test('a change of scale that keeps the order moves effects by the lines alone', () => {
  const { values } = drawSample(rows, 4)
  const bent = binSample(values.map((column, c) => (c < 2 ? column.map((value) => value ** 3) : column)))
  expect(bent.bins).toStrictEqual(people.table.bins)
  const other = planBasis(bent, { steps: 3, weight: null, rows: null })
  const onlySteps = (fit: BayesRidge, of: Basis) => {
    const means = fit.mean.slice()
    for (let at = 0; at < means.length; at++) {
      const term = (at % size) - 1
      if (term >= 0 && of.termShape[term] === shapes.line) means[at] = 0
    }
    return { ...fit, mean: means }
  }
  const fit = fitted(moments)
  const out = new Float64Array(rows * 2)
  const steps = onlySteps(fit, basis)
  predictRidgeEffects(steps, other, bent, { atMean: null, effects: out })
  expect(out).toStrictEqual(effectsOf(steps).effects)
})

test('variances found before are a start: a fit from its own end stays there', () => {
  const fit = fitted(moments, alike, 200)
  const again = fitBayesRidge(moments, basis, { rule: alike, rounds: 1, from: fit })
  expect(again.mean).toStrictEqual(fit.mean)
  expect(again.evidence).toBe(fit.evidence)
})

test('sums of another basis are refused', () => {
  const narrow = planBasis(people.table, { steps: 1, weight: null, rows: null })
  expect(() => fitBayesRidge(moments, narrow, { rule: alike, rounds: 1 })).toThrow('the moments are of another basis')
})
