import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRandom, transportOf } from '#numerics/index.ts'
import { solveTransport, type TransportPairs } from './transport.tasks.ts'

interface Case {
  readonly pairs: readonly {
    readonly person: number
    readonly service: number
    readonly worth: number
    readonly minutes: number
  }[]
  readonly people: number
  readonly places: readonly number[]
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    people: fc.integer({ min: 1, max: 6 }),
    places: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
  })
  .chain(({ people, places }) =>
    fc
      .array(
        fc.option(fc.record({ worth: fc.integer({ min: 0, max: 4 }), minutes: fc.integer({ min: 0, max: 3 }) }), {
          nil: null,
        }),
        { minLength: people * places.length, maxLength: people * places.length },
      )
      .map((cells) => ({
        ...{ people, places },
        pairs: cells.flatMap((cell, at) =>
          cell ? [{ person: Math.floor(at / places.length), service: at % places.length, ...cell }] : [],
        ),
      })),
  )

/** Worth, then how many, then short ways: the best by trying every way. */
function bestOf({ pairs, people, places }: Case, person = 0, left = places): readonly [number, number, number] {
  if (person === people) return [0, 0, 0]
  const ways = pairs.filter((pair) => pair.person === person && left[pair.service]! > 0)
  const after = (spent: number) => left.map((count, service) => (service === spent ? count - 1 : count))
  return [
    bestOf({ pairs, people, places }, person + 1, left),
    ...ways.map(({ service, worth, minutes }): readonly [number, number, number] => {
      const [sum, placed, way] = bestOf({ pairs, people, places }, person + 1, after(service))
      return [sum + worth, placed + 1, way - minutes]
    }),
  ].toSorted((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2])[0]!
}

const sharedOf = ({ pairs, people, places }: Case): TransportPairs => ({
  people,
  person: Uint32Array.from(pairs, ({ person }) => person),
  service: Uint32Array.from(pairs, ({ service }) => service),
  places: Float64Array.from(places),
})

const wishOf = ({ pairs }: Case, seed = 1) => ({
  seed,
  objectives: [
    Float64Array.from(pairs, ({ worth }) => worth),
    new Float64Array(pairs.length).fill(1),
    Float64Array.from(pairs, ({ minutes }) => -minutes),
  ],
})

describe('places for people, solved', () => {
  test('no other way is better: more worth, then more people, then shorter ways', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const { chosen, sums } = await solveTransport(sharedOf(each), wishOf(each))
        expect([...sums]).toEqual([...bestOf(each)])
        each.places.forEach((places, service) =>
          expect(chosen.filter((at) => at === service).length).toBeLessThanOrEqual(places),
        )
        chosen.forEach((service, person) => {
          if (service >= 0)
            expect(each.pairs.some((pair) => pair.person === person && pair.service === service)).toBe(true)
        })
      }),
      { numRuns: 60 },
    )
  })

  test('its prices prove it: no answer can be worth more than they allow', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const { sums, prices } = await solveTransport(sharedOf(each), wishOf(each))
        const best = Array.from({ length: each.people }, (_, person) =>
          each.pairs
            .filter((pair) => pair.person === person)
            .reduce((most, { worth, service }) => Math.max(most, worth - prices[service]!), 0),
        )
        const bound = [...best, ...each.places.map((count, service) => count * prices[service]!)]
        expect(bound.reduce((sum, part) => sum + part, 0)).toBe(sums[0])
      }),
      { numRuns: 60 },
    )
  })

  test('one objective after another is the same as all in one sum with weights far apart', async () => {
    const random = makeRandom(5, 1)
    const places = Array.from({ length: 15 }, () => random.below(8))
    const pairs = Array.from({ length: 120 }, (_, person) =>
      places.flatMap((_, service) =>
        random.uniform() < 0.5 ? [{ person, service, worth: 20 * random.below(3), minutes: 5 * random.below(4) }] : [],
      ),
    ).flat()
    const each = { people: 120, places, pairs }
    const { sums } = await solveTransport(sharedOf(each), wishOf(each))
    // All in one sum, in which nothing of a later objective outweighs the smallest part of an earlier one.
    const atOnce = Float64Array.from(pairs, ({ worth, minutes }) => 1e6 * worth + 5000 - minutes)
    const inOne = await solveTransport(sharedOf(each), { objectives: [atOnce], seed: 1 })
    expect(1e6 * sums[0]! + 5000 * sums[1]! + sums[2]!).toBe(inOne.sums[0])
    expect(sums[1]).toBe(places.reduce((sum, count) => sum + count, 0))
  })

  const equals: Case = {
    people: 8,
    places: [3],
    pairs: Array.from({ length: 8 }, (_, person) => ({ person, service: 0, worth: 5, minutes: 10 })),
  }

  test('among equals the seed decides, and the same seed decides the same', async () => {
    const chosenBy = async (seed: number) =>
      (await solveTransport(sharedOf(equals), wishOf(equals, seed))).chosen.join()
    expect(await chosenBy(4)).toBe(await chosenBy(4))
    const seen = new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(chosenBy)))
    expect(seen.size).toBeGreaterThan(1)
  })

  test('with nobody, with no pair and with no places nobody is placed', async () => {
    for (const empty of [
      { people: 0, places: [2], pairs: [] },
      { people: 3, places: [2], pairs: [] },
      { ...equals, places: [0] },
    ])
      expect((await solveTransport(sharedOf(empty), wishOf(empty))).chosen.every((service) => service === -1)).toBe(
        true,
      )
  })

  test('what names nobody, or places that are not whole, are refused', () => {
    const one = { people: 1, person: Uint32Array.of(0), service: Uint32Array.of(0), places: Float64Array.of(1) }
    expect(() => transportOf({ ...one, person: Uint32Array.of(1) })).toThrow('not there')
    expect(() => transportOf({ ...one, service: Uint32Array.of(1) })).toThrow('not there')
    expect(() => transportOf({ ...one, places: Float64Array.of(0.5) })).toThrow('whole')
    expect(() => transportOf({ ...one, service: Uint32Array.of(0, 0) })).toThrow('one person and one service')
  })
})
