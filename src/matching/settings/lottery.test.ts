import { describe, expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { parseId } from '#platform/ids.ts'
import { compileCatalogue } from '../catalogue.ts'
import { aService } from '../matching.factory.ts'
import { orderAmongEquals, type Ordered } from '../order.ts'

/** Three, one and two of a first tier; two of a second. */
const types = [
  ...(['mentoring', 'mentoring', 'mentoring', 'wage_subsidy', 'work_experience', 'work_experience'] as const),
  ...(['language_training', 'language_training'] as const),
]
// Ids that stand still: each run draws the same.
const idOf = (n: number) => parseId<'service'>(`018f0000-0000-7000-8000-${String(n * 7919).padStart(12, '0')}`)!
const catalogue = compileCatalogue(types.map((serviceType, n) => aService({ id: idOf(n + 1), serviceType })))
const tiers = Uint32Array.from(catalogue.kinds, ({ type }) => (type === 'language_training' ? 2 : 1))
const everywhere = [...catalogue.services.keys()]
const seeds = makeRandom(20260304, 1)

function draw(places: readonly number[]): Ordered {
  return orderAmongEquals(places, { catalogue, tiers, order: { by: 'lottery', seed: seeds.below(2 ** 32 - 1) } })
}

function typeAt(place: number): string | null {
  return catalogue.services[place]!.serviceType
}

describe('the chance that is kept', () => {
  test('is how often each service stands first in its tier', () => {
    const draws = 6000
    const firsts = new Float64Array(everywhere.length)
    const kept = new Float64Array(everywhere.length)
    for (let n = 0; n < draws; n++) {
      const { places, chances } = draw(everywhere)
      firsts[places[0]!]!++
      firsts[places.find((place) => typeAt(place) === 'language_training')!]!++
      places.forEach((place, at) => {
        kept[place] = chances![at]!
      })
    }
    expect(Array.from(kept, (chance) => Math.round(1 / chance)).toSorted((a, b) => a - b)).toEqual([
      2, 2, 3, 6, 6, 9, 9, 9,
    ])
    const distance = firsts.reduce((sum, count, at) => sum + (count - draws * kept[at]!) ** 2 / (draws * kept[at]!), 0)
    // Five and one degrees of freedom: 22.5 is passed once in a thousand by what agrees.
    expect(distance).toBeLessThan(22.5)
  })

  test('holds whatever else is open to the client, and weighs back what differs between clients', () => {
    // Who has more open to them works more often anyway; being shown the subsidy first adds 0.1.
    const subsidy = everywhere.find((place) => typeAt(place) === 'wage_subsidy')!
    const others = everywhere.filter((place) => typeAt(place) === 'mentoring' || typeAt(place) === 'work_experience')
    const random = makeRandom(20260304, 2)
    const sums = { shown: [0, 0, 0, 0], other: [0, 0, 0, 0] }
    for (let n = 0; n < 20_000; n++) {
      const open = random.uniform() < 0.5 ? [subsidy, others[0]!] : [subsidy, ...others]
      const { places, chances } = draw(open)
      const isFirst = places[0] === subsidy
      const chance = chances![places.indexOf(subsidy)]!
      const works = random.uniform() < (open.length > 2 ? 0.6 : 0.2) + (isFirst ? 0.1 : 0) ? 1 : 0
      const weight = isFirst ? 1 / chance : 1 / (1 - chance)
      const sum = isFirst ? sums.shown : sums.other
      ;[weight, weight * works, 1, works].forEach((part, at) => (sum[at]! += part))
    }
    const weighed = sums.shown[1]! / sums.shown[0]! - sums.other[1]! / sums.other[0]!
    const plain = sums.shown[3]! / sums.shown[2]! - sums.other[3]! / sums.other[2]!
    expect(Math.abs(weighed - 0.1)).toBeLessThan(0.03)
    expect(Math.abs(plain - 0.1)).toBeGreaterThan(0.04)
  })

  test('is given of a lottery alone: the stable order draws nothing', () => {
    const order = { by: 'stable', seed: 7 } as const
    expect(orderAmongEquals(everywhere, { catalogue, tiers, order }).chances).toBeNull()
  })
})

describe('a drawn order', () => {
  test('never puts what is clearly less before what is clearly more', () => {
    for (let n = 0; n < 200; n++)
      expect(draw(everywhere).places.slice(-2).map(typeAt)).toEqual(['language_training', 'language_training'])
  })

  test('moves no two others when a service goes', () => {
    for (let seed = 0; seed < 200; seed++) {
      const order = { by: 'lottery', seed } as const
      const gone = seed % 6
      const whole = orderAmongEquals(everywhere, { catalogue, tiers, order }).places
      const left = orderAmongEquals(
        everywhere.filter((place) => place !== gone),
        { catalogue, tiers, order },
      ).places
      for (const type of ['mentoring', 'work_experience', 'language_training'])
        expect(left.filter((place) => typeAt(place) === type)).toEqual(
          whole.filter((place) => typeAt(place) === type && place !== gone),
        )
    }
  })
})
