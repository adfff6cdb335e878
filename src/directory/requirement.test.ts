import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definitionOf, factCodes, facts as factList, languageLevels, schoolingLevels } from './fact.ts'
import type { FactCode, Facts, FactValue } from './fact.ts'
import { checkAll, checkRequirement, factsOf, type Rule } from './requirement.ts'
import { parseRequirement, yesNoFacts } from './rule-json.ts'

function aValue(code: FactCode): fc.Arbitrary<FactValue> {
  const { kind, values } = definitionOf(code)
  const options: readonly string[] = values ?? ['North', 'South', 'en']
  switch (kind) {
    case 'yes_no':
      return fc.boolean()
    case 'integer':
    case 'decimal':
      return fc.integer({ min: 0, max: 70 })
    case 'level':
    case 'code':
      return fc.constantFrom(...options)
    case 'codes':
      return fc.subarray([...options])
  }
}

const someFacts: fc.Arbitrary<Facts> = fc.record(
  Object.fromEntries(factCodes.map((code) => [code, aValue(code)])) as Record<FactCode, fc.Arbitrary<FactValue>>,
  { requiredKeys: [] },
)

function bounds(): fc.Arbitrary<[number, number]> {
  return fc
    .tuple(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 70 }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)])
}

const plainRule: fc.Arbitrary<Rule> = fc.oneof(
  bounds().map(([from, to]) => ({ kind: 'age' as const, from, to })),
  fc.subarray(['north', 'South ', 'East'], { minLength: 1 }).map((areas) => ({ kind: 'residence' as const, areas })),
  fc
    .subarray([...factList.work_permission.values], { minLength: 1 })
    .map((accepts) => ({ kind: 'work_permission' as const, accepts })),
  fc.constantFrom(...languageLevels).map((atLeast) => ({ kind: 'language' as const, atLeast })),
  fc.constantFrom(...schoolingLevels).map((atLeast) => ({ kind: 'schooling' as const, atLeast })),
  bounds().map(([atLeast, atMost]) => ({ kind: 'months_unemployed' as const, atLeast, atMost })),
  fc.subarray([...factList.documents.values], { minLength: 1 }).map((all) => ({ kind: 'documents' as const, all })),
  fc.subarray([...factList.needs.values], { minLength: 1 }).map((anyOf) => ({ kind: 'need' as const, anyOf })),
  fc.tuple(fc.constantFrom(...yesNoFacts), fc.boolean()).map(([fact, is]) => ({ kind: 'yes_no' as const, fact, is })),
)
const aRule: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 2, arbitrary: plainRule },
  fc.array(plainRule, { minLength: 2, maxLength: 4 }).map((rules) => ({ kind: 'any_of' as const, rules })),
)

describe('one rule', () => {
  test('an age between two bounds is met at both bounds', () => {
    const rule: Rule = { kind: 'age', from: 18, to: 24 }
    expect([17, 18, 24, 25].map((age) => checkRequirement(rule, { age }).answer)).toEqual([
      'does_not_meet',
      'meets',
      'meets',
      'does_not_meet',
    ])
  })

  test('a language level below the one asked for is told with the level that the client has', () => {
    const rule: Rule = { kind: 'language', atLeast: 'B1' }
    expect(checkRequirement(rule, { language_level: 'A2' })).toEqual({
      answer: 'does_not_meet',
      why: { rule, has: 'A2', parts: [] },
    })
    expect(checkRequirement(rule, { language_level: 'C1' }).answer).toBe('meets')
  })

  test('a fact that nobody has asked for leaves the rule unknown and names the fact', () => {
    expect(checkRequirement({ kind: 'residence', areas: ['North'] }, {})).toEqual({
      answer: 'not_known',
      facts: ['residence_area'],
    })
    expect(checkRequirement({ kind: 'documents', all: ['cv'] }, {})).toEqual({
      answer: 'not_known',
      facts: ['documents'],
    })
  })

  test('an empty list of documents is an answer: there are none', () => {
    expect(checkRequirement({ kind: 'documents', all: ['cv'] }, { documents: [] }).answer).toBe('does_not_meet')
  })

  test('places are compared without regard to case or blanks around', () => {
    expect(checkRequirement({ kind: 'residence', areas: ['Old Town'] }, { residence_area: ' old town' }).answer).toBe(
      'meets',
    )
  })

  test('schooling can be bounded above as well as below', () => {
    const rule: Rule = { kind: 'schooling', atMost: 'lower_secondary' }
    expect(checkRequirement(rule, { schooling: 'degree' }).answer).toBe('does_not_meet')
    expect(checkRequirement(rule, { schooling: 'none' }).answer).toBe('meets')
  })
})

describe('any of several rules', () => {
  const rule: Rule = {
    kind: 'any_of',
    rules: [
      { kind: 'age', to: 24 },
      { kind: 'months_unemployed', atLeast: 12 },
    ],
  }

  test('one that is met is enough, even when another is unknown', () => {
    expect(checkRequirement(rule, { age: 20 }).answer).toBe('meets')
  })

  test('it stays unknown while one might still be met, and asks only for what is open', () => {
    expect(checkRequirement(rule, { age: 40 })).toEqual({ answer: 'not_known', facts: ['months_unemployed'] })
  })

  test('it is not met only when none is, and says why for each', () => {
    const check = checkRequirement(rule, { age: 40, months_unemployed: 3 })
    expect(check.answer === 'does_not_meet' && check.why.parts.map((part) => part.has)).toEqual([40, 3])
  })
})

describe('whatever the rule and the facts', () => {
  test('learning one more fact never takes back a settled answer', () => {
    fc.assert(
      fc.property(aRule, someFacts, someFacts, (rule, known, more) => {
        const before = checkRequirement(rule, known).answer
        const after = checkRequirement(rule, { ...more, ...known }).answer
        return before === 'not_known' || before === after
      }),
    )
  })

  test('knowing every fact that an unknown answer could ask for settles it', () => {
    fc.assert(
      fc.property(aRule, someFacts, (rule, known) => {
        const check = checkRequirement(rule, known)
        return (
          check.answer !== 'not_known' ||
          check.facts.every((code) => factsOf(rule).includes(code) && known[code] === undefined)
        )
      }),
    )
  })

  test('the order of the rules in a group changes neither the answer nor what is asked', () => {
    fc.assert(
      fc.property(fc.array(plainRule, { minLength: 2, maxLength: 5 }), someFacts, (rules, known) => {
        const forward = checkRequirement({ kind: 'any_of', rules }, known)
        const backward = checkRequirement({ kind: 'any_of', rules: rules.toReversed() }, known)
        expect(backward.answer).toBe(forward.answer)
        if (forward.answer === 'not_known' && backward.answer === 'not_known') {
          expect([...backward.facts].sort()).toEqual([...forward.facts].sort())
        }
        expect(checkAll(rules.toReversed(), known).answer).toBe(checkAll(rules, known).answer)
      }),
    )
  })

  test('a rule is the same after it has been stored and read', () => {
    fc.assert(
      fc.property(aRule, (rule) => {
        const read = parseRequirement(JSON.parse(JSON.stringify(rule)))
        if (rule.kind === 'residence' || rule.kind === 'any_of') return read.ok
        expect(read).toEqual({ ok: true, value: rule })
        return true
      }),
    )
  })
})

describe('rules from elsewhere', () => {
  test('a Canadian benchmark is read as the step beside it', () => {
    expect(parseRequirement({ kind: 'language', clb: 5 })).toEqual({
      ok: true,
      value: { kind: 'language', atLeast: 'B1' },
    })
  })

  test.each([
    [{ kind: 'shoe_size', from: 3 }, 'kind'],
    [{ kind: 'age' }, ''],
    [{ kind: 'age', from: 30, to: 20 }, ''],
    [{ kind: 'age', form: 18 }, ''],
    [{ kind: 'language', atLeast: 'B3' }, 'atLeast'],
    [{ kind: 'documents', all: [] }, 'all'],
    [
      {
        kind: 'any_of',
        rules: [
          { kind: 'age', from: 18 },
          { kind: 'need', anyOf: ['luck'] },
        ],
      },
      'rules.1.anyOf.0',
    ],
    ['age', 'kind'],
  ])('%j is refused, and the report says where', (json, path) => {
    const read = parseRequirement(json)
    expect(read.ok ? null : read.problem.path).toBe(path)
  })
})
