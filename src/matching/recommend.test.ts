import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRequirement, type Facts, type Rule } from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import { compileCatalogue, type OfferedService } from './catalogue.ts'
import { choose } from './choice.ts'
import { aPerson, anEstimate, aService, measures, today } from './matching.factory.ts'
import { stableOrder, type Order } from './order.ts'
import { recommend } from './recommend.ts'

function rank(
  services: readonly OfferedService[],
  estimates: readonly Estimate[] = [],
  facts: Facts = {},
  order: Order = stableOrder('a client'),
) {
  return recommend({
    ...{ person: aPerson({ facts }), catalogue: compileCatalogue(services), estimates, unsupported: [] },
    ...{ isByModel: true, providers: [], findings: [], differences: [], order, checkRequirement, ...measures },
  })
}

const names = (made: ReturnType<typeof rank>) => made.services.map(({ name }) => name)
const course = aService({ name: 'Course', serviceType: 'vocational_training' })
const subsidy = aService({ name: 'Subsidy', serviceType: 'wage_subsidy' })
const adults: Rule = { kind: 'age', from: 25 }
const german: Rule = { kind: 'language', atLeast: 'B1' }

describe('the order', () => {
  test('is by estimated gain where one is clearly more', () => {
    const estimates = [anEstimate('vocational_training', -0.1), anEstimate('wage_subsidy', 0.11)]
    const made = rank([course, subsidy], estimates)
    expect(names(made)).toEqual(['Subsidy', 'Course'])
    expect(made.services.map(({ tier }) => tier)).toEqual([1, 2])
  })

  test('of what cannot be told apart is of one tier, and no provider is first for every client', () => {
    const estimates = [anEstimate('vocational_training', 0.1), anEstimate('wage_subsidy', 0.08)]
    const other = aService({ name: 'Other course', serviceType: 'vocational_training' })
    const firsts = new Set(
      Array.from({ length: 40 }, (_, n) => {
        const made = rank([course, subsidy, other], estimates, {}, stableOrder(`client ${n}`))
        expect(made.services.map(({ tier }) => tier)).toEqual([1, 1, 1])
        // What is estimated to add more stands first all the same, and is not called more.
        expect(names(made)[2]).toBe('Subsidy')
        return names(made)[0]
      }),
    )
    expect(firsts.size).toBe(2)
  })

  test('puts a type without an estimate after what may help and before what is clearly less', () => {
    const advice = aService({ name: 'Advice', serviceType: 'legal_advice' })
    const estimates = [anEstimate('vocational_training', -0.2), anEstimate('wage_subsidy', 0.11)]
    expect(names(rank([course, advice, subsidy], estimates))).toEqual(['Subsidy', 'Advice', 'Course'])
  })

  test('is not moved by how well a service fits', () => {
    const estimates = [anEstimate('vocational_training', 0.1), anEstimate('wage_subsidy', 0.08)]
    const handy = { ...subsidy, placesFree: 4, placesAsOf: new Date('2026-03-01'), nextStart: today, costCents: 0 }
    expect(names(rank([handy, course], estimates))).toEqual(names(rank([subsidy, course], estimates)))
  })

  test('within a tier keeps a type together, and those without places behind the others', () => {
    const many = Array.from({ length: 6 }, (_, n) =>
      aService({ name: `M${n}`, serviceType: 'mentoring', placesFree: n < 2 ? 0 : 3 }),
    )
    const made = rank([...many, subsidy], [anEstimate('mentoring', 0.05), anEstimate('wage_subsidy', 0.05)])
    expect(names(made).slice(-2).sort()).toEqual(['M0', 'M1'])
    const types = made.services.slice(0, -2).map(({ type }) => type)
    expect(types.indexOf('wage_subsidy') % 4).toBe(0)
  })

  test('by lottery is kept with how likely each was to be first, and these add up to one', () => {
    const many = Array.from({ length: 3 }, (_, n) => aService({ name: `M${n}`, serviceType: 'mentoring' }))
    const services = [...many, subsidy]
    const estimates = [anEstimate('mentoring', 0.05), anEstimate('wage_subsidy', 0.05)]
    const wins = new Map<string, number>()
    const draws = 3000
    for (let seed = 0; seed < draws; seed++) {
      const made = rank(services, estimates, {}, { by: 'lottery', seed })
      expect(made.services.reduce((sum, { chance }) => sum + (chance ?? 0), 0)).toBeCloseTo(1)
      wins.set(names(made)[0]!, (wins.get(names(made)[0]!) ?? 0) + 1)
    }
    // Each type is as likely as the other, and each service as another of its type. Three standard errors.
    expect(wins.get('Subsidy')! / draws).toBeCloseTo(1 / 2, 1)
    for (const { name } of many) expect(wins.get(name)! / draws).toBeCloseTo(1 / 6, 1)
  })

  test('does not hang on the order in which services come', () => {
    const services = Array.from({ length: 12 }, (_, n) =>
      aService({
        name: `S${n % 5}`,
        serviceType: n % 2 ? 'wage_subsidy' : 'mentoring',
        placesFree: n % 3,
        placesAsOf: new Date('2026-03-01'),
      }),
    )
    const first = rank(services, [anEstimate('wage_subsidy', 0.03)]).services.map(({ id }) => id)
    fc.assert(
      fc.property(fc.shuffledSubarray(services, { minLength: 12 }), (shuffled) => {
        expect(rank(shuffled, [anEstimate('wage_subsidy', 0.03)]).services.map(({ id }) => id)).toEqual(first)
      }),
      { numRuns: 30 },
    )
  })
})

describe('requirements', () => {
  const estimates = [anEstimate('wage_subsidy', 0.2)]
  const asking = { ...subsidy, rules: [adults, german] }

  test('a rule that is not met closes a service, and says so; one not known asks its question', () => {
    const made = rank([asking, course], estimates, { age: 20 })
    expect(made.services.map(({ name, standing, rank: place }) => [name, standing, place])).toEqual([
      ['Course', 'eligible', 1],
      ['Subsidy', 'not_eligible', null],
    ])
    expect(made.services[1]!.unmet).toHaveLength(1)
    const open = rank([asking], estimates, { age: 40 }).services[0]!
    expect(open.standing).toBe('not_known')
    expect(open.open).toEqual(['language_level'])
  })

  test('nothing that is offered is left out, whatever its rules', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(course, subsidy, asking), { maxLength: 20 }),
        fc.integer({ min: 16, max: 60 }),
        (list, age) => {
          const services = list.map((service, n) => ({ ...service, id: aService().id, name: `${service.name} ${n}` }))
          const made = rank(services, estimates, { age })
          expect(made.services.map(({ id }) => id).sort()).toEqual(services.map(({ id }) => id).sort())
          const ranks = made.services.flatMap((service) => service.rank ?? [])
          expect(ranks).toEqual(ranks.map((_, place) => place + 1))
        },
      ),
    )
  })

  test('flip test: with the same services open, a protected fact leaves the order as it is', () => {
    const order = (age: number, sex: string) =>
      names(rank([asking, course, subsidy], estimates, { age, sex, language_level: 'C1' }))
    expect(order(30, 'female')).toEqual(order(58, 'male'))
  })
})

describe('choosing', () => {
  const made = rank([course, subsidy], [anEstimate('wage_subsidy', 0.1)])
  const first = made.services[0]!
  const second = made.services[1]!

  test('the first needs no reason', () => {
    const choice = choose(made, { serviceId: first.id, reason: 'too_far', words: null })
    expect(choice.ok && choice.value.reason).toBe(null)
  })

  test('any other needs one of the coded reasons', () => {
    expect(choose(made, { serviceId: second.id, reason: '', words: 'because' })).toEqual({
      ok: false,
      problem: 'reason_missing',
    })
    const choice = choose(made, { serviceId: second.id, reason: 'client_prefers', words: 'because' })
    expect(choice.ok && choice.value).toMatchObject({ reason: 'client_prefers', words: 'because' })
  })

  test('a service that was not ranked cannot be chosen', () => {
    expect(choose(made, { serviceId: aService().id, reason: 'other', words: null })).toEqual({
      ok: false,
      problem: 'not_in_ranking',
    })
  })
})
