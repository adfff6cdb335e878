import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkRequirement, definitionOf, factCodes, type Facts } from '#directory/index.ts'
import { compileCatalogue } from './catalogue.ts'
import { packOffer, unpackOffer } from './kept-catalogue.bytes.ts'
import { aPerson, anEstimate, aService, measures } from './matching.factory.ts'
import { stableOrder } from './order.ts'
import { digestOf, rankOffer, type RankingInputs } from './rank-offer.run.ts'
import { standingOf } from './recommend.ts'

const someRules = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('age' as const), from: fc.integer({ min: 16, max: 60 }) }),
    fc.record({ kind: fc.constant('language' as const), atLeast: fc.constantFrom('A2' as const, 'B1' as const) }),
    fc.record({
      kind: fc.constant('schooling' as const),
      atLeast: fc.constantFrom('primary' as const, 'degree' as const),
    }),
    fc.record({ kind: fc.constant('yes_no' as const), fact: fc.constant('disability' as const), is: fc.boolean() }),
    fc.record({ kind: fc.constant('documents' as const), all: fc.constant(['identity', 'cv'] as const) }),
  ),
  { maxLength: 3 },
)

const someFacts: fc.Arbitrary<Facts> = fc.record(
  {
    age: fc.integer({ min: 16, max: 70 }),
    sex: fc.constantFrom('female', 'male', 'other'),
    born_abroad: fc.boolean(),
    disability: fc.boolean(),
    language_level: fc.constantFrom('none', 'A1', 'A2', 'B1', 'C1'),
    schooling: fc.constantFrom('none', 'primary', 'degree'),
    documents: fc.subarray(['identity', 'cv']),
  },
  { requiredKeys: [] },
)

const types = ['wage_subsidy', 'mentoring', 'legal_advice', null] as const
const someServices = fc
  .array(fc.record({ rules: someRules, type: fc.constantFrom(...types), places: fc.integer({ min: 0, max: 4 }) }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((list) =>
    list.map(({ rules, type, places }, n) =>
      aService({ name: `S${n}`, organizationName: `P${n % 4}`, serviceType: type, rules, placesFree: places }),
    ),
  )

const offerOf = (services: ReturnType<typeof aService>[]) => ({
  ...{ today: measures.today, timeZone: 'Europe/Zurich', catalogue: compileCatalogue(services), findings: [] },
  providers: [{ type: 'mentoring', provider: 'P1', clients: 40, difference: 0.03, low: -0.01, high: 0.07 }],
})

const inputsOf = (facts: Facts): RankingInputs => ({
  ...{ rankedBy: 'model', unsupported: [], person: aPerson({ facts }), differences: [] },
  estimates: [anEstimate('wage_subsidy', 0.2), anEstimate('mentoring', -0.05)],
  order: stableOrder('a client'),
})

test('rules that were compiled give each service the answers that its own rules give one by one', () => {
  fc.assert(
    fc.property(someServices, someFacts, (services, facts) => {
      const made = rankOffer(offerOf(services), inputsOf(facts))
      expect(made.services).toHaveLength(services.length)
      for (const { id, standing, requirements, unmet, open } of made.services) {
        const alone = services.find((service) => service.id === id)!
        expect({ standing, requirements, unmet, open }).toEqual(
          standingOf(alone, { person: aPerson({ facts }), checkRequirement }),
        )
      }
    }),
    { numRuns: 60 },
  )
})

test('a protected fact changes no order among services that are open either way', () => {
  const isProtected = factCodes.filter((code) => definitionOf(code).isProtected)
  expect(isProtected).toContain('disability')
  fc.assert(
    fc.property(someServices, someFacts, someFacts, (services, facts, others) => {
      for (const code of isProtected) {
        const flipped: Facts = { ...facts, ...(code in others ? { [code]: others[code] } : {}) }
        const offer = offerOf(services)
        const [before, after] = [facts, flipped].map((known) =>
          rankOffer(offer, inputsOf(known)).services.flatMap(({ id, rank }) => (rank === null ? [] : [id])),
        )
        const both = new Set(before).intersection(new Set(after))
        const order = (ids: readonly string[] = []) =>
          ids.filter((id) => both.has(id as (typeof services)[number]['id']))
        expect(order(after)).toEqual(order(before))
      }
    }),
    { numRuns: 60 },
  )
})

test('a fact that becomes known makes no rule that was met unmet or open', () => {
  fc.assert(
    fc.property(someServices, someFacts, someFacts, (services, facts, more) => {
      const learned = { ...more, ...facts }
      for (const service of services) {
        const answers = (known: Facts) =>
          standingOf(service, { person: aPerson({ facts: known }), checkRequirement }).requirements.map(
            ({ answer }) => answer,
          )
        const then = answers(learned)
        answers(facts).forEach((answer, at) => {
          if (answer !== 'not_known') expect(then[at]).toBe(answer)
        })
      }
    }),
    { numRuns: 60 },
  )
})

test('what was offered, kept and read again, ranks the same to the last step', () => {
  fc.assert(
    fc.property(someServices, someFacts, (services, facts) => {
      const offer = offerOf(services)
      const made = rankOffer(offer, inputsOf(facts))
      const { id, content } = packOffer(offer)
      const again = rankOffer(unpackOffer(content), inputsOf(facts))
      expect(JSON.stringify(again)).toBe(JSON.stringify(made))
      expect(digestOf(again)).toBe(digestOf(made))
      expect(packOffer(unpackOffer(content)).id).toBe(id)
    }),
    { numRuns: 40 },
  )
})
