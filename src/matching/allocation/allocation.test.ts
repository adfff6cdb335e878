import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from '#platform/ids.ts'
import { chancesByLot, orderByLot, orderByWaiting, pairsFor, placeInOrder, type Suitor } from './allocation.ts'
import { figuresOf, groupsOf, worseOffOf } from './comparison.ts'

function suitor(said: Partial<Suitor> = {}): Suitor {
  return {
    ...{ clientId: newId<'client'>(), siteId: newId<'site'>(), restrictedTo: null },
    recommendationId: newId<'recommendation'>(),
    ...{ waitingDays: 10, chanceWithout: 0.4, options: [{ service: 0, gain: 0.1, minutes: 20 }] },
    ...said,
  }
}

const waits = (...days: number[]) => days.map((waitingDays) => suitor({ waitingDays }))

describe('first come', () => {
  test('gives the places to those who have waited longest', () => {
    const suitors = waits(5, 90, 30, 60)
    const given = placeInOrder(suitors, [2], orderByWaiting(suitors, 1))
    expect(given.map((option) => option !== null)).toEqual([false, true, false, true])
  })

  test('draws among those who have waited alike, the same by the same seed', () => {
    const suitors = waits(...Array.from({ length: 12 }, () => 30))
    expect(orderByWaiting(suitors, 7)).toEqual(orderByWaiting(suitors, 7))
    expect(orderByWaiting(suitors, 7)).not.toEqual(orderByWaiting(suitors, 8))
  })

  test('each takes the place of the most gain that is left, and of equal ones the nearest', () => {
    const options = [
      { service: 0, gain: 0.1, minutes: 40 },
      { service: 1, gain: 0.1, minutes: 15 },
      { service: 2, gain: 0.05, minutes: 5 },
    ]
    const given = placeInOrder([suitor({ options }), suitor({ options }), suitor({ options })], [1, 1, 1], [0, 1, 2])
    expect(given.map((option) => option?.service)).toEqual([1, 0, 2])
  })
})

describe('a lottery', () => {
  test('over one service gives everybody the same chance: places by people', () => {
    expect(chancesByLot(waits(1, 2, 3, 4), [1], 3)).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(chancesByLot([...waits(1), suitor({ options: [] })], [4], 3)).toEqual([1, 0])
  })

  test('over several services states chances that sum to the places given', () => {
    const both = [0, 1].map((service) => ({ service, gain: null, minutes: 10 }))
    const suitors = [suitor({ options: both }), suitor({ options: both }), suitor({ options: [both[0]!] })]
    const chances = chancesByLot(suitors, [1, 1], 5)
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(2, 10)
    expect(Math.abs(chances[0]! - chances[1]!)).toBeLessThan(0.08)
    expect(chances[2]!).toBeLessThan(chances[0]!)
  })

  test('is drawn again by its seed', () => {
    expect(orderByLot(20, 9)).toEqual(orderByLot(20, 9))
    expect(orderByLot(20, 9)).not.toEqual(orderByLot(20, 10))
  })
})

describe('pairs by estimate', () => {
  const people = [
    suitor({ chanceWithout: 0.2, options: [{ service: 0, gain: 0.05, minutes: 10 }] }),
    suitor({ chanceWithout: 0.6, options: [{ service: 0, gain: 0.1, minutes: 10 }] }),
    suitor({ chanceWithout: 0.4, options: [{ service: 0, gain: -0.02, minutes: 10 }] }),
    suitor({ chanceWithout: null, options: [{ service: 0, gain: null, minutes: null }] }),
  ]

  test('send nobody where the estimate is below nothing, and count what has none as nothing', () => {
    const { person, objectives } = pairsFor(people, 0)
    expect([...person]).toEqual([0, 1, 3])
    expect([...objectives[0]!]).toEqual([50, 100, 0])
  })

  test('with more weight to the worse off a small gain at a low chance outweighs a large one at a high chance', () => {
    const [plain, weighed] = [0, 2].map((aversion) => pairsFor(people, aversion).objectives[0]!)
    expect(plain![0]!).toBeLessThan(plain![1]!)
    expect(weighed![0]!).toBeGreaterThan(weighed![1]!)
  })
})

describe('figures', () => {
  test('add gains, and tell waits, ways and the worse-off third', () => {
    const suitors = [
      suitor({ chanceWithout: 0.1, waitingDays: 50 }),
      suitor({ chanceWithout: 0.5, waitingDays: 20 }),
      suitor({ chanceWithout: 0.6, waitingDays: 80 }),
    ]
    const given = placeInOrder(suitors, [2], [0, 1, 2])
    expect(worseOffOf(suitors)).toEqual(new Set([0]))
    expect(figuresOf('first_come', suitors, given)).toEqual({
      ...{ rule: 'first_come', placed: 2, added: 0.2, medianWait: 20, longestLeft: 80, medianMinutes: 20 },
      worseOffPlaced: 1,
    })
  })

  test('no group of fewer than ten stands by itself, and no count from one to four is shown', () => {
    const values = fc.array(
      fc.record({
        sex: fc.constantFrom('female', 'male', 'unknown'),
        born_abroad: fc.constantFrom('yes', 'no'),
        disability: fc.constantFrom('yes', 'no', 'unknown'),
        age_band: fc.constantFrom('under_25', '25_34', '35_44', '45_54', '55_and_over'),
        isPlaced: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(values, (people) => {
        const option = { service: 0, gain: null, minutes: null }
        const given = people.map(({ isPlaced }) => (isPlaced ? option : null))
        const groups = groupsOf(new Map([['gain', given] as const, ['lottery', given.toReversed()] as const]), people)
        for (const { inQuestion, placed } of groups) {
          for (const count of [inQuestion, placed, inQuestion !== null && placed !== null ? inQuestion - placed : null])
            if (count !== null) expect(count === 0 || count >= 5).toBe(true)
          if (inQuestion !== null) expect(inQuestion).toBeGreaterThanOrEqual(10)
        }
      }),
      { numRuns: 60 },
    )
  })
})
