import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRequirement, type Facts, type Rule, type ServiceToMatch } from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import { choose } from './choice.ts'
import { aPerson, anEstimate, aService, measures } from './matching.factory.ts'
import { recommend } from './recommend.ts'

function rank(services: readonly ServiceToMatch[], estimates: readonly Estimate[] = [], facts: Facts = {}) {
  return recommend({ person: aPerson({ facts }), services, estimates, checkRequirement, ...measures })
}

const names = (made: ReturnType<typeof rank>) => made.services.map(({ name }) => name)
const course = aService({ name: 'Course', serviceType: 'vocational_training' })
const subsidy = aService({ name: 'Subsidy', serviceType: 'wage_subsidy' })
const adults: Rule = { kind: 'age', from: 25 }
const german: Rule = { kind: 'language', atLeast: 'B1' }

describe('the order', () => {
  test('is by estimated gain', () => {
    const estimates = [anEstimate('vocational_training', 0.04), anEstimate('wage_subsidy', 0.11)]
    expect(names(rank([course, subsidy], estimates))).toEqual(['Subsidy', 'Course'])
  })

  test('takes less than one of a hundred people as a tie, settled by fit, then by name', () => {
    const estimates = [anEstimate('vocational_training', 0.102), anEstimate('wage_subsidy', 0.098)]
    expect(names(rank([subsidy, course], estimates))).toEqual(['Course', 'Subsidy'])
    const withPlaces = { ...subsidy, placesFree: 4, placesAsOf: new Date('2026-03-01') }
    expect(names(rank([withPlaces, course], estimates))).toEqual(['Subsidy', 'Course'])
  })

  test('puts a type without an estimate where no gain would stand: above harm, below help', () => {
    const advice = aService({ name: 'Advice', serviceType: 'legal_advice' })
    const estimates = [anEstimate('vocational_training', -0.04), anEstimate('wage_subsidy', 0.11)]
    expect(names(rank([course, advice, subsidy], estimates))).toEqual(['Subsidy', 'Advice', 'Course'])
  })

  test('is by fit and name alone without any estimates', () => {
    const near = { ...course, placesFree: 2, placesAsOf: new Date('2026-03-01') }
    expect(names(rank([subsidy, aService({ name: 'Bridge' }), near]))).toEqual(['Course', 'Bridge', 'Subsidy'])
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
