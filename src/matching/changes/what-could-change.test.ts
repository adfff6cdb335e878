import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkRequirement,
  definitionOf,
  factCodes,
  factNature,
  factsOf,
  type Facts,
  type FactValue,
  type Rule,
} from '#directory/index.ts'
import { factsAfter } from './raise.ts'
import { whatCouldChange, type AskingService } from './what-could-change.ts'

const lore = { definitionOf, natureOf: factNature }
const look = (facts: Facts, services: readonly AskingService[], gains: Readonly<Record<string, number>> = {}) =>
  whatCouldChange({ facts, services, gains: new Map(Object.entries(gains)), checkRequirement, factsOf, ...lore })

const asks = (name: string, rules: readonly Rule[], type: string | null = null): AskingService => {
  return { id: name, name, type, rules }
}
const b1: Rule = { kind: 'language', atLeast: 'B1' }

describe('what could change', () => {
  test('is the smallest step of a level that opens a service, and then larger ones that open more', () => {
    const services = [asks('weld', [b1]), asks('care', [b1]), asks('office', [{ kind: 'language', atLeast: 'B2' }])]
    const { changes } = look({ language_level: 'A2' }, services)
    expect(changes.map(({ fact, steps }) => [fact, steps.map(({ to, opens }) => [to, opens.length])])).toEqual([
      [
        'language_level',
        [
          ['B1', 2],
          ['B2', 3],
        ],
      ],
    ])
    expect(changes[0]!.steps[0]).toMatchObject({ from: 'A2', helpedBy: ['language_training'], closes: 0 })
  })

  test('a service with two facts in the way is opened by neither alone', () => {
    const both: Rule[] = [b1, { kind: 'yes_no', fact: 'driving_licence', is: true }]
    expect(look({ language_level: 'A2', driving_licence: false }, [asks('drive', both)]).changes).toEqual([])
    expect(look({ language_level: 'B1', driving_licence: false }, [asks('drive', both)]).changes).toMatchObject([
      { fact: 'driving_licence', steps: [{ to: true }] },
    ])
  })

  test('an either-or is opened by whichever part can move', () => {
    const either: Rule = { kind: 'any_of', rules: [b1, { kind: 'age', to: 25 }] }
    expect(look({ language_level: 'A2', age: 40 }, [asks('start', [either])]).changes).toMatchObject([
      { fact: 'language_level', steps: [{ to: 'B1' }] },
    ])
  })

  test('a step that closes what is open now says so', () => {
    const basic = asks('basic', [{ kind: 'schooling', atMost: 'primary' }])
    const craft = asks('craft', [{ kind: 'schooling', atLeast: 'lower_secondary' }])
    expect(look({ schooling: 'primary' }, [basic, craft]).changes).toMatchObject([{ steps: [{ closes: 1 }] }])
  })

  test('missing papers are asked for together, the fewest first', () => {
    const papers = asks('desk', [{ kind: 'documents', all: ['cv', 'identity', 'work_permit'] }])
    expect(look({ documents: ['identity'] }, [papers]).changes).toMatchObject([
      { steps: [{ to: ['cv', 'work_permit'], helpedBy: ['job_search_support', 'legal_advice'] }] },
    ])
  })

  test('what makes more gain reachable comes first, and nothing needs an estimate', () => {
    const services = [
      asks('a', [b1], 'mentoring'),
      asks('b', [b1], 'mentoring'),
      asks('c', [{ kind: 'yes_no', fact: 'driving_licence', is: true }], 'work_experience'),
    ]
    const facts: Facts = { language_level: 'A2', driving_licence: false }
    const order = (gains: Readonly<Record<string, number>>) =>
      look(facts, services, gains).changes.map(({ fact }) => fact)
    expect(order({ mentoring: 0.05, work_experience: 0.2 })).toEqual(['driving_licence', 'language_level'])
    expect(order({})).toEqual(['language_level', 'driving_licence'])
  })

  test('a question counts the services that its answer alone decides', () => {
    const two: Rule[] = [b1, { kind: 'yes_no', fact: 'driving_licence', is: true }]
    const { asks: found, changes } = look({ driving_licence: true }, [asks('a', [b1]), asks('b', two), asks('c', [])])
    expect(changes).toEqual([])
    expect(found).toEqual([{ fact: 'language_level', services: 2 }])
  })
})

const level = fc.constantFrom('none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2')
const school = fc.constantFrom('none', 'primary', 'lower_secondary', 'upper_secondary', 'post_secondary', 'degree')
const paper = fc.constantFrom('cv', 'identity', 'work_permit', 'school_certificate')
const simpleRule = fc.oneof(
  fc.record({ kind: fc.constant('language'), atLeast: level }),
  fc.record({ kind: fc.constant('schooling'), atLeast: school }),
  fc.record({ kind: fc.constant('schooling'), atMost: school }),
  fc.record({ kind: fc.constant('age'), from: fc.integer({ min: 16, max: 60 }) }),
  fc.record({ kind: fc.constant('months_unemployed'), atLeast: fc.integer({ min: 0, max: 24 }) }),
  fc.record({ kind: fc.constant('documents'), all: fc.uniqueArray(paper, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('work_permission'), accepts: fc.constant(['yes', 'limited']) }),
  fc.record({
    kind: fc.constant('yes_no'),
    fact: fc.constantFrom('disability', 'driving_licence', 'caring_duties', 'has_internet', 'born_abroad'),
    is: fc.boolean(),
  }),
) as fc.Arbitrary<Rule>
const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  simpleRule,
  fc.record({ kind: fc.constant('any_of' as const), rules: fc.array(simpleRule, { minLength: 1, maxLength: 3 }) }),
)
const someFacts: fc.Arbitrary<Facts> = fc.record(
  {
    age: fc.integer({ min: 16, max: 64 }),
    ...{ language_level: level, schooling: school, months_unemployed: fc.integer({ min: 0, max: 36 }) },
    work_permission: fc.constantFrom('yes', 'limited', 'no', 'applied_for'),
    documents: fc.uniqueArray(paper, { maxLength: 4 }),
    ...{ disability: fc.boolean(), driving_licence: fc.boolean(), caring_duties: fc.boolean() },
    ...{ has_internet: fc.boolean(), born_abroad: fc.boolean() },
  },
  { requiredKeys: [] },
)
const someServices = fc
  .array(fc.array(anyRule, { maxLength: 3 }), { maxLength: 8 })
  .map((all) => all.map((rules, at) => asks(`service ${at}`, rules)))

describe('whatever the rules and the facts', () => {
  const isOpen = (rules: readonly Rule[], facts: Facts) =>
    rules.every((rule) => checkRequirement(rule, facts).answer === 'meets')

  test('a change opens by the plain checker just what it says, which is not open now', () => {
    fc.assert(
      fc.property(someFacts, someServices, (facts, services) => {
        for (const { steps } of look(facts, services).changes) {
          for (const step of steps) {
            const after = factsAfter(facts, [step], lore)
            const opened = services.filter(({ rules }) => isOpen(rules, after) && !isOpen(rules, facts))
            expect(step.opens.map(({ id }) => id).toSorted()).toEqual(opened.map(({ id }) => id).toSorted())
            const closed = services.filter(({ rules }) => !isOpen(rules, after) && isOpen(rules, facts))
            expect(step.closes).toBe(closed.length)
          }
        }
      }),
    )
  })

  test('no protected or fixed fact is ever suggested, nor a circumstance that no help arranges', () => {
    fc.assert(
      fc.property(someFacts, someServices, (facts, services) => {
        for (const { fact } of look(facts, services).changes) {
          expect(definitionOf(fact).isProtected).not.toBe(true)
          expect(factNature(fact)).not.toBe('fixed')
          expect(fact).not.toBe('caring_duties')
        }
      }),
    )
  })

  test('no protected answer is asked for here, and what is asked decides just so many services', () => {
    fc.assert(
      fc.property(someFacts, someServices, (facts, services) => {
        for (const { fact, services: count } of look(facts, services).asks) {
          expect(definitionOf(fact).isProtected).not.toBe(true)
          expect(facts[fact]).toBeUndefined()
          const others = ({ rules }: AskingService) =>
            rules.filter((rule) => checkRequirement(rule, facts).answer !== 'meets')
          const decided = services.filter((service) => {
            const open = others(service)
            return open.length > 0 && open.every((rule) => factsOf(rule).includes(fact))
          })
          expect(count).toBe(decided.length)
        }
      }),
    )
  })

  test('nothing depends on the order of the services', () => {
    fc.assert(
      fc.property(someFacts, someServices, (facts, services) => {
        expect(look(facts, services.toReversed())).toEqual(look(facts, services))
      }),
    )
  })

  test('a step never takes away what is known', () => {
    fc.assert(
      fc.property(someFacts, someServices, (facts, services) => {
        for (const { steps } of look(facts, services).changes) {
          const after = factsAfter(facts, steps.toReversed(), lore)
          for (const code of factCodes) {
            const [had, has] = [facts[code], after[code]]
            if (Array.isArray(had)) expect(has).toEqual(expect.arrayContaining(had as FactValue[]))
            else if (had !== undefined) expect(has).toBeDefined()
          }
        }
      }),
    )
  })
})
