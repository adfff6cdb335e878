import { describe, expect, test } from 'vitest'
import { definitionOf, factCodes, type Facts } from '#directory/index.ts'
import { makeRandom, expit } from '#numerics/index.ts'
import { estimateChances } from '../classic-estimate.ts'
import { fitClassic } from '../classic.ts'
import { learnedFacts } from '../columns.ts'
import { startFactTable } from '../fact-table.ts'
import { packProspects, unpackProspects } from './prospects-bytes.ts'
import { fewestSimilar, fitProspects, prospectsOf, type WithoutService } from './prospects.ts'

const levels = ['none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2']
const aPerson = (month: number, language: number, other: Partial<Facts> = {}): Facts => ({
  months_unemployed: month,
  language_level: levels[language]!,
  ...{ driving_licence: true, children: 1, digital_skills: 'everyday', caring_duties: false, earlier_spells: 1 },
  ...other,
})
const truth = (month: number, language: number) => expit(1.2 - 0.12 * month + 0.2 * (language - 3))

/** Who took nothing: chances fall with months without work, pay rises with the language. */
function drawn(rows: number, isPaid = true): WithoutService {
  const random = makeRandom(7, 0)
  const table = startFactTable(learnedFacts(factCodes.map((code) => [code, definitionOf(code)] as const)))
  const working: number[] = []
  const cents: number[] = []
  for (let row = 0; row < rows; row++) {
    const [month, language] = [random.below(24), random.below(7)]
    const isDisabled = random.uniform() < 0.3
    const disability = { disability: isDisabled, needs: isDisabled ? ['health', 'skills'] : ['skills'] }
    table.add(aPerson(month, language, { ...disability, age: 20 + random.below(40) }))
    const isWorking = random.uniform() < truth(month, language) * (isDisabled ? 0.6 : 1)
    const isLost = random.uniform() < 0.05
    working.push(isLost ? NaN : Number(isWorking))
    cents.push(isWorking && !isLost && isPaid ? 150_000 + 10_000 * language + random.below(40_000) : NaN)
  }
  return {
    workingAt365: Float64Array.from(working),
    workingAt180: Float64Array.from(working, (one) => (one === 1 ? Number(random.uniform() < 0.6) : one)),
    earningsCents: Float64Array.from(cents),
    facts: table.table(),
  }
}

const learned = drawn(1500)
const model = fitProspects(learned, { seed: 1, draws: 60 })
const average = (month: number, language: number) => truth(month, language) * (0.7 + 0.3 * 0.6)

describe('what may be expected without help', () => {
  test('is near what became of people like this one, on both days, with an interval around it', () => {
    for (const [month, language] of [
      [2, 5],
      [12, 3],
      [20, 1],
    ] as const) {
      const { at180, at365 } = prospectsOf(model, aPerson(month, language))
      expect(Math.abs(at365!.chance - average(month, language))).toBeLessThan(0.09)
      expect(Math.abs(at180!.chance - 0.6 * average(month, language))).toBeLessThan(0.09)
      for (const one of [at180!, at365!]) {
        expect(one.low).toBeLessThan(one.chance)
        expect(one.high).toBeGreaterThan(one.chance)
        expect(one.similar).toBeGreaterThanOrEqual(fewestSimilar)
      }
    }
  })

  test('likely pay is the middle half of similar people who worked, in cents a month', () => {
    const { earnings } = prospectsOf(model, aPerson(6, 6))
    expect(earnings!.low).toBeLessThan(earnings!.middle)
    expect(earnings!.middle).toBeLessThan(earnings!.high)
    expect(earnings!.middleLow).toBeLessThanOrEqual(earnings!.middle)
    expect(earnings!.middleHigh).toBeGreaterThanOrEqual(earnings!.middle)
    expect(earnings!.middle).toBeGreaterThan(prospectsOf(model, aPerson(6, 0)).earnings!.middle)
    expect(earnings!.people).toBeGreaterThanOrEqual(fewestSimilar)
  })

  test('no protected answer has a say in any figure or count', () => {
    const open = aPerson(8, 3, { needs: ['skills'] })
    const plain = prospectsOf(model, open)
    for (const other of [
      { disability: true },
      { disability: false, sex: 'female' },
      { age: 61 },
      { born_abroad: true },
      { needs: ['health', 'skills'] },
    ])
      expect(prospectsOf(model, { ...open, ...other })).toEqual(plain)
  })

  test('is near the classic estimate of the chance without a service', () => {
    const rows = learned.facts.rows
    // A second arm that helps nobody, so that the classic model has something beside none.
    const twice = startFactTable(learnedFacts(factCodes.map((code) => [code, definitionOf(code)] as const)))
    const random = makeRandom(9, 0)
    const all = Array.from({ length: rows * 2 }, () => [random.below(24), random.below(7)] as const)
    for (const [month, language] of all) twice.add(aPerson(month, language))
    const classic = fitClassic(
      {
        types: ['none', 'mentoring'],
        taken: Uint16Array.from(all, (_, row) => row % 2),
        working: Float64Array.from(all, ([month, language]) => Number(random.uniform() < average(month, language))),
        facts: twice.table(),
      },
      { seed: 1, draws: 20 },
    )
    for (const person of [aPerson(3, 5), aPerson(12, 3)]) {
      const [estimate] = estimateChances(classic, person)
      expect(Math.abs(prospectsOf(model, person).at365!.chance - estimate!.chanceWithout)).toBeLessThan(0.08)
    }
  })
})

describe('too few people to say', () => {
  test('is said of somebody of whom next to nothing is known', () => {
    expect(prospectsOf(model, { children: 2 })).toEqual({ at180: null, at365: null, earnings: null })
  })

  test('is said where few outcomes are known, and of pay where nobody told it', () => {
    const few = fitProspects(drawn(80), { seed: 1, draws: 10 })
    expect(prospectsOf(few, aPerson(6, 3))).toMatchObject({ at180: null, at365: null })
    const unpaid = fitProspects(drawn(400, false), { seed: 1, draws: 10 })
    const { at365, earnings } = prospectsOf(unpaid, aPerson(6, 3))
    expect(at365).not.toBe(null)
    expect(earnings).toBe(null)
  })

  test('is said where nobody took nothing', () => {
    const none = fitProspects(drawn(0), { seed: 1, draws: 10 })
    expect(prospectsOf(none, aPerson(6, 3))).toEqual({ at180: null, at365: null, earnings: null })
  })
})

describe('learning', () => {
  test('the same people and seed give the same figures', () => {
    const again = fitProspects(drawn(1500), { seed: 1, draws: 60 })
    expect(prospectsOf(again, aPerson(9, 2))).toEqual(prospectsOf(model, aPerson(9, 2)))
  })

  test('what is kept says the same once it is read again, and lost bytes are refused', () => {
    const kept = packProspects(model)
    const known = new Map<string, ReturnType<typeof definitionOf>>(factCodes.map((code) => [code, definitionOf(code)]))
    const read = { ...kept, layout: JSON.parse(JSON.stringify(kept.layout)) as unknown }
    const back = unpackProspects(read, (code) => known.get(code) ?? null)
    expect(prospectsOf(back, aPerson(9, 2))).toEqual(prospectsOf(model, aPerson(9, 2)))
    const cut = { ...read, numbers: kept.numbers.subarray(0, kept.numbers.length - 4) }
    expect(() => unpackProspects(cut, (code) => known.get(code) ?? null)).toThrow('lost earnings')
  })
})
