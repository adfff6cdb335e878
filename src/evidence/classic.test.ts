import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FactCode, Facts } from '#directory/index.ts'
import { expit } from '#numerics/index.ts'
import { chancesAndDifferences, estimateChances, plainChances } from './classic-estimate.ts'
import { armCoefficients, fitClassicOnce } from './classic-fit.ts'
import { arrange, fitClassic } from './classic.ts'
import { cellOf, planColumns } from './columns.ts'
import { enough, hasEnough } from './episode.ts'
import { datasetOf, inventEpisodes, trueChance } from './episodes.factory.ts'

const episodes = inventEpisodes(3000, 11)
const model = fitClassic(datasetOf(episodes), { seed: 3, draws: 60 })
const person: Facts = {
  ...inventEpisodes(1, 99)[0]!.facts,
  language_level: 'A1',
  months_unemployed: 5,
  schooling: 'degree',
}

describe('an estimate', () => {
  test('is a chance with and without each type, with an interval around their difference', () => {
    const estimates = estimateChances(model, person)
    expect(estimates.map(({ type }) => type).sort()).toEqual(['language_training', 'vocational_training'])
    for (const { chanceWith, chanceWithout, gain, low, high, similar } of estimates) {
      expect(gain).toBeCloseTo(chanceWith - chanceWithout, 12)
      for (const chance of [chanceWith, chanceWithout]) expect(chance > 0 && chance < 1).toBe(true)
      expect(low).toBeLessThan(gain)
      expect(high).toBeGreaterThan(gain)
      expect(similar).toBeGreaterThan(0)
    }
  })

  test('tells by the same draws how much more one type adds than another: less doubt than both have apart', () => {
    const { estimates, differences } = chancesAndDifferences(model, person)
    expect(differences).toHaveLength(1)
    const [{ type, other, low, high }] = differences as [(typeof differences)[number]]
    const [one, two] = [type, other].map((name) => estimates.find((estimate) => estimate.type === name)!)
    expect(low).toBeLessThan(one!.gain - two!.gain)
    expect(high).toBeGreaterThan(one!.gain - two!.gain)
    expect(high - low).toBeLessThan(Math.hypot(one!.high - one!.low, two!.high - two!.low))
  })

  test('finds whom a type helps: little of the language, or much of it', () => {
    const gainAt = (level: string) =>
      estimateChances(model, { ...person, language_level: level }).find(({ type }) => type === 'language_training')!
        .gain
    expect(gainAt('none')).toBeGreaterThan(gainAt('C2') + 0.1)
  })

  test('comes near the truth on average over people like the past ones', () => {
    const people = inventEpisodes(400, 77)
    const errors = people.map(({ facts }) => {
      const [none, ...others] = plainChances(model, facts)
      return others.map((chance, k) => {
        const type = model.arms[k + 1]!
        return chance - none! - (trueChance(facts, type) - trueChance(facts, 'none'))
      })
    })
    for (const k of [0, 1]) {
      const mean = errors.reduce((sum, error) => sum + error[k]!, 0) / errors.length
      expect(Math.abs(mean)).toBeLessThan(0.05)
    }
  })

  test('is the same with the same seed, and the plain fit does not hang on the seed of the draws', () => {
    const again = fitClassic(datasetOf(episodes), { seed: 3, draws: 60 })
    expect(again.numbers).toEqual(model.numbers)
    expect(estimateChances(again, person)).toEqual(estimateChances(model, person))
  })

  test('says something of a person of whom nothing is known: the mean stands in', () => {
    for (const { chanceWith } of estimateChances(model, {})) expect(chanceWith > 0.2 && chanceWith < 0.8).toBe(true)
  })
})

describe('protected facts', () => {
  const flips: [FactCode, Facts[FactCode]][] = [
    ['age', 22],
    ['age', 63],
    ['sex', 'male'],
    ['sex', 'female'],
    ['born_abroad', true],
    ['born_abroad', false],
  ]

  test('flip test: changing one leaves every estimate, interval and count, and so the order, as it is', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(...flips), (seed, [code, value]) => {
        const { facts } = inventEpisodes(1, seed)[0]!
        const flipped = { ...facts, [code]: value }
        expect(estimateChances(model, flipped)).toEqual(estimateChances(model, facts))
        const unknown = Object.fromEntries(Object.entries(facts).filter(([name]) => name !== code))
        expect(estimateChances(model, unknown)).toEqual(estimateChances(model, facts))
      }),
      { numRuns: 60 },
    )
  })

  test('a need that tells of health changes no chance either', () => {
    const withHealth = { ...person, needs: ['health', 'skills'] }
    const without = { ...person, needs: ['skills'] }
    expect(plainChances(model, withHealth)).toEqual(plainChances(model, without))
  })

  test('are averaged over past clients: sixteen points stand for all of them', () => {
    const dataset = datasetOf(episodes)
    const columns = planColumns(dataset.facts)
    const data = arrange(dataset, columns, {
      arms: model.arms.length,
      armOf: (row) => model.arms.indexOf(dataset.types[dataset.taken[row]!]!),
      seed: 3,
    })
    const fit = fitClassicOnce(data, new Float64Array(data.rows).fill(1), {
      shrinkage: 'pooled',
      start: null,
      pull: null,
    })
    const ranking = columns.filter((column) => !column.isProtected).length
    const { mean, deviation } = fit.scaling
    const standardised = (row: number, j: number) => {
      const cell = data.cells[j * data.rows + row]!
      return Number.isNaN(cell) ? 0 : (cell - mean[j]!) / deviation[j]!
    }
    // Row 0 as the client: their own ranking facts with everybody's protected ones, by the formula itself.
    const b = armCoefficients(fit, 1)
    let own = b[0]!
    for (let j = 0; j < ranking; j++) own += b[1 + j]! * standardised(0, j)
    let sum = 0
    for (let row = 0; row < data.rows; row++) {
      let log = own
      for (let j = ranking; j < data.columns; j++) log += b[1 + j]! * standardised(row, j)
      sum += expit(log)
    }
    expect(plainChances(model, episodes[placed(0)]!.facts)[1]).toBeCloseTo(sum / data.rows, 3)

    /** Which episode became this row: the one whose numbers are the same. */
    function placed(at: number): number {
      return episodes.findIndex((_, row) =>
        columns.every((column, j) => {
          const number = dataset.facts.columns[column.fact]!.values[row]!
          return Object.is(
            cellOf(column, dataset.facts.columns[column.fact]!.definition.kind, number),
            data.cells[j * data.rows + at],
          )
        }),
      )
    }
  })

  test('still enter the models, to take out confounding', () => {
    expect(model.card.protectedColumns).toEqual(expect.arrayContaining(['age', 'born_abroad', 'needs: health']))
    expect(model.card.rankingColumns).not.toContain('age')
  })
})

describe('too few episodes', () => {
  test('a type needs a hundred known outcomes, and twenty of each kind', () => {
    const arm = { type: 'x', episodes: 500, known: enough.known, working: enough.ofEach }
    expect(hasEnough(arm)).toBe(true)
    expect(hasEnough({ ...arm, known: 99, working: 50 })).toBe(false)
    expect(hasEnough({ ...arm, working: 19 })).toBe(false)
    expect(hasEnough({ ...arm, working: 81 })).toBe(false)
  })

  test('a type with too few has no estimate, the others keep theirs', () => {
    const rare = episodes.slice(0, 60).map((one) => ({ ...one, taken: 'mentoring' }))
    const fitted = fitClassic(datasetOf([...episodes, ...rare]), { seed: 3, draws: 2 })
    expect(fitted.arms).not.toContain('mentoring')
    expect(fitted.arms).toContain('vocational_training')
    expect(fitted.card.counts.find(({ type }) => type === 'mentoring')?.episodes).toBe(60)
  })

  test('without enough who took nothing there is nothing to compare with: no estimates at all', () => {
    const taken = episodes.filter((one) => one.taken !== 'none')
    const fitted = fitClassic(datasetOf(taken), { seed: 3, draws: 2 })
    expect(fitted.arms).toEqual([])
    expect(estimateChances(fitted, person)).toEqual([])
  })

  test('an empty dataset gives a model that says so', () => {
    const fitted = fitClassic(datasetOf([]), { seed: 1, draws: 5 })
    expect(fitted.arms).toEqual([])
    expect(fitted.card.episodes).toBe(0)
  })
})

test('people lost touch with are weighted for: their loss by months unemployed moves the estimates little', () => {
  const whole = inventEpisodes(6000, 21)
  const lossy = inventEpisodes(6000, 21, 0.5)
  expect(lossy.filter(({ working }) => working === null).length).toBeGreaterThan(1500)
  const complete = fitClassic(datasetOf(whole), { seed: 1, draws: 1 })
  const weighted = fitClassic(datasetOf(lossy), { seed: 1, draws: 1 })
  const average = (fitted: typeof complete) =>
    whole.slice(0, 300).reduce((sum, { facts }) => sum + plainChances(fitted, facts)[0]!, 0) / 300
  expect(Math.abs(average(weighted) - average(complete))).toBeLessThan(0.03)
})

test('the draws step from the fit to where a whole new fit would be', () => {
  const dataset = datasetOf(episodes)
  const columns = planColumns(dataset.facts)
  const armOf = (row: number) => model.arms.indexOf(dataset.types[dataset.taken[row]!]!)
  const data = arrange(dataset, columns, { arms: model.arms.length, armOf, seed: 3 })
  const counts = new Float64Array(data.rows).map((_, i) => (i * 7919) % 3)
  const once = new Float64Array(data.rows).fill(1)
  const start = fitClassicOnce(data, once, { shrinkage: 'pooled', start: null, pull: null })
  const stepped = fitClassicOnce(data, counts, { shrinkage: 'pooled', start, pull: null })
  const whole = fitClassicOnce(data, counts, { shrinkage: 'pooled', start: null, pull: null })
  for (let arm = 0; arm < data.arms; arm++) {
    const [a, b] = [armCoefficients(stepped, arm), armCoefficients(whole, arm)]
    a.forEach((value, j) => expect(Math.abs(value - b[j]!)).toBeLessThan(0.03))
  }
})

test('the interval is wider for fewer episodes', () => {
  const few = fitClassic(datasetOf(episodes.slice(0, 900)), { seed: 3, draws: 60 })
  const width = (fitted: typeof model) =>
    estimateChances(fitted, person).reduce((sum, { low, high }) => sum + high - low, 0)
  expect(width(few)).toBeGreaterThan(width(model))
})
