import { describe, expect, test } from 'vitest'
import { checkRequirement, type Rule } from '#directory/index.ts'
import { makeRandom } from '#numerics/index.ts'
import { parseId } from '#platform/ids.ts'
import { compileCatalogue } from '../catalogue.ts'
import { anEstimate, aPerson, aService, measures } from '../matching.factory.ts'
import { recommend } from '../recommend.ts'

// Ids that stand still: each run draws the same.
const idOf = (n: number) => parseId<'service'>(`018f0000-0000-7000-8000-${String(n * 7919).padStart(12, '0')}`)!
const adults: Rule = { kind: 'age', from: 25 }
/** Three, one and two that help alike, of which the first three ask for adults; two that clearly help less. */
const services = (
  [
    ...['mentoring', 'mentoring', 'mentoring', 'wage_subsidy', 'work_experience', 'work_experience'],
    ...['language_training', 'language_training'],
  ] as const
).map((serviceType, n) =>
  aService({ id: idOf(n + 1), name: `S${n}`, serviceType, rules: serviceType === 'mentoring' ? [adults] : [] }),
)
const estimates = [
  ...['mentoring', 'wage_subsidy', 'work_experience'].map((type) => anEstimate(type, 0.2)),
  anEstimate('language_training', -0.2),
]
const seeds = makeRandom(20260304, 1)

function rank({ age = 40, offered = services, seed = seeds.below(2 ** 32 - 1) } = {}) {
  const made = recommend({
    ...{ person: aPerson({ facts: { age } }), catalogue: compileCatalogue(offered), estimates, unsupported: [] },
    ...{ isByModel: true, providers: [], findings: [], differences: [], checkRequirement, ...measures },
    order: { by: 'lottery', seed },
  })
  return made.services.filter(({ standing }) => standing === 'eligible')
}

describe('the chance that is kept', () => {
  test('is how often each service stands first in its tier', () => {
    const draws = 5000
    const firsts = new Map<string, number>()
    let kept = new Map<string, number>()
    for (let n = 0; n < draws; n++) {
      const open = rank()
      for (const tier of [1, 2]) {
        const first = open.find((service) => service.tier === tier)!.name
        firsts.set(first, (firsts.get(first) ?? 0) + 1)
      }
      kept = new Map(open.map(({ name, chance }) => [name, chance!]))
    }
    const ones = [...kept.values()].map((chance) => Math.round(1 / chance))
    expect(ones.toSorted((a, b) => a - b)).toEqual([2, 2, 3, 6, 6, 9, 9, 9])
    let distance = 0
    for (const [name, chance] of kept) distance += ((firsts.get(name) ?? 0) - draws * chance) ** 2 / (draws * chance)
    // Chi-square of five and one degrees of freedom: 22.5 is passed once in a thousand by what agrees.
    expect(distance).toBeLessThan(22.5)
  })

  test('weighs back what differs between clients', () => {
    // Adults have more open to them, so the subsidy leads less often, and work more often anyway; to stand first adds 0.1.
    const random = makeRandom(20260304, 2)
    const sums = { first: [0, 0, 0, 0], behind: [0, 0, 0, 0] }
    for (let n = 0; n < 10_000; n++) {
      const isAdult = random.uniform() < 0.5
      const open = rank({ age: isAdult ? 40 : 20, offered: services.slice(0, 6) })
      const { rank: place, chance } = open.find(({ type }) => type === 'wage_subsidy')!
      const isFirst = place === 1
      const works = random.uniform() < (isAdult ? 0.6 : 0.2) + (isFirst ? 0.1 : 0) ? 1 : 0
      const weight = isFirst ? 1 / chance! : 1 / (1 - chance!)
      const sum = isFirst ? sums.first : sums.behind
      ;[weight, weight * works, 1, works].forEach((part, at) => (sum[at]! += part))
    }
    const weighed = sums.first[1]! / sums.first[0]! - sums.behind[1]! / sums.behind[0]!
    const plain = sums.first[3]! / sums.first[2]! - sums.behind[3]! / sums.behind[2]!
    expect(Math.abs(weighed - 0.1)).toBeLessThan(0.03)
    expect(Math.abs(plain - 0.1)).toBeGreaterThan(0.04)
  })

  test('is nothing for what stands behind services with places, and whole for what stands alone', () => {
    const [mentor, , , subsidy] = services
    const full = { ...mentor!, placesFree: 0, placesAsOf: new Date('2026-03-01') }
    for (let n = 0; n < 50; n++)
      expect(rank({ offered: [full, subsidy!] }).map(({ name, chance }) => [name, chance])).toEqual([
        ['S3', 1],
        ['S0', 0],
      ])
  })
})

describe('a drawn order', () => {
  test('never puts what is clearly less before what is clearly more', () => {
    for (let n = 0; n < 100; n++)
      expect(
        rank()
          .slice(-2)
          .map(({ type }) => type),
      ).toEqual(['language_training', 'language_training'])
  })

  test('of one seed moves no two others when a service goes', () => {
    for (let seed = 0; seed < 60; seed++) {
      const gone = services[seed % services.length]!
      const left = rank({ seed, offered: services.filter((service) => service !== gone) }).map(({ id }) => id)
      const whole = rank({ seed }).filter(({ id }) => id !== gone.id)
      for (const type of ['mentoring', 'work_experience', 'language_training']) {
        const own = whole.flatMap((service) => (service.type === type ? service.id : []))
        expect(left.filter((id) => own.includes(id))).toEqual(own)
      }
    }
  })
})
