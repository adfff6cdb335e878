import { describe, expect, it } from 'vitest'
import type { FactCode, FactDefinition } from '#directory/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Answer } from './answers.ts'
import { anInstrument, coded, fills, question, type Json } from './instrument.factory.ts'
import { deriveProfile, withKnownFacts, type AnsweredInstrument } from './profile.ts'
import { dataAbsentReason } from './fhir.ts'

const definitions = {
  needs: { kind: 'codes', values: ['childcare', 'debt', 'skills'] },
  documents: { kind: 'codes', values: ['cv', 'identity'] },
  languages: { kind: 'codes' },
  schooling: { kind: 'level', values: ['none', 'primary'] },
  months_unemployed: { kind: 'integer' },
  children: { kind: 'integer' },
  caring_duties: { kind: 'yes_no' },
  receives_benefit: { kind: 'yes_no' },
} as const satisfies Record<string, FactDefinition>
const known = definitions as Partial<Record<FactCode, FactDefinition>> as Record<FactCode, FactDefinition>

const day = (text: string) => text as CalendarDay
const today = day('2026-03-20')
const option = (...keys: string[]): readonly Answer[] => keys.map((key) => ({ kind: 'option', key }))

function answering(
  item: readonly Json[],
  answers: Readonly<Record<string, readonly Answer[]>>,
  answeredOn = '2026-03-01',
): AnsweredInstrument {
  return {
    assessmentId: `of ${answeredOn}`,
    instrument: anInstrument(item, definitions),
    answers: new Map(Object.entries(answers)),
    answeredOn: day(answeredOn),
  }
}

function factsOf(item: readonly Json[], answers: Readonly<Record<string, readonly Answer[]>>) {
  return deriveProfile([answering(item, answers)], known, today).facts
}

describe('answers become facts by what the instrument declares', () => {
  it('numbers, yes or no, and codes are taken as they are', () => {
    const item = [
      question('integer', 'n', { extension: [fills('children')] }),
      question('boolean', 'y', { extension: [fills('receives_benefit')] }),
      question('choice', 's', { answerOption: [coded('none'), coded('primary')], extension: [fills('schooling')] }),
    ]
    const answers = {
      n: [{ kind: 'number', number: 2 }],
      y: [{ kind: 'yes_no', yes: false }],
      s: option('primary'),
    } as const
    expect(factsOf(item, answers)).toEqual({ children: 2, receives_benefit: false, schooling: 'primary' })
  })

  it('months are counted from a day, and from the first of a month where only that is known', () => {
    const month = { url: 'http://hl7.org/fhir/StructureDefinition/entryFormat', valueString: 'YYYY-MM' }
    const since = fills('months_unemployed', { as: 'months_since' })
    const of = (date: string, extension: Json[]) =>
      factsOf([question('date', 'd', { extension })], { d: [{ kind: 'date', date }] }).months_unemployed
    expect(of('2025-12-21', [since])).toBe(2)
    expect(of('2025-12-20', [since])).toBe(3)
    expect(of('2025-12', [since, month])).toBe(3)
    expect(of('2027-01-01', [since])).toBe(0)
  })

  it('a number above zero can say yes', () => {
    const item = [question('integer', 'n', { extension: [fills('caring_duties', { as: 'more_than_zero' })] })]
    expect(factsOf(item, { n: [{ kind: 'number', number: 0 }] })).toEqual({ caring_duties: false })
  })

  it('options and questions add codes to one list, each named once, with all its sources', () => {
    const item = [
      question('choice', 'a', {
        repeats: true,
        answerOption: [coded('x', { extension: [fills('needs', { value: 'debt' })] }), coded('y')],
      }),
      question('boolean', 'b', { extension: [fills('needs', { as: 'when_yes', value: 'childcare' })] }),
      question('boolean', 'c', { extension: [fills('needs', { as: 'when_yes', value: 'debt' })] }),
    ]
    const yes: readonly Answer[] = [{ kind: 'yes_no', yes: true }]
    const profile = deriveProfile([answering(item, { a: option('x', 'y'), b: yes, c: yes })], known, today)
    expect(profile.facts).toEqual({ needs: ['debt', 'childcare'] })
    expect(profile.sources.needs?.map(({ linkId }) => linkId)).toEqual(['a', 'b', 'c'])
  })

  it('a question that only adds to a list says nothing when it adds nothing', () => {
    const item = [
      question('choice', 'a', {
        answerOption: [coded('x', { extension: [fills('needs', { value: 'debt' })] }), coded('y')],
      }),
      question('boolean', 'b', { extension: [fills('needs', { as: 'when_yes', value: 'childcare' })] }),
    ]
    expect(factsOf(item, { a: option('y'), b: [{ kind: 'yes_no', yes: false }] })).toEqual({})
  })

  it('"none of these" is an empty list where the question asks for the whole list', () => {
    const none = coded('none', {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive', valueBoolean: true }],
    })
    const item = [
      question('choice', 'd', { repeats: true, answerOption: [coded('cv'), none], extension: [fills('documents')] }),
    ]
    expect(factsOf(item, { d: option('none') })).toEqual({ documents: [] })
  })

  it('what was not answered, or withheld, stays unknown', () => {
    const declined = { valueCoding: { system: dataAbsentReason, code: 'asked-declined', display: 'Rather not' } }
    const item = [
      question('choice', 's', { answerOption: [coded('primary'), declined], extension: [fills('schooling')] }),
    ]
    expect(factsOf(item, { s: option('asked-declined') })).toEqual({})
    expect(factsOf(item, {})).toEqual({})
  })

  it('the answer of a question that does not show says nothing', () => {
    const item = [
      question('boolean', 'a'),
      question('integer', 'n', {
        extension: [fills('children')],
        enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }],
      }),
    ]
    expect(factsOf(item, { a: [{ kind: 'yes_no', yes: false }], n: [{ kind: 'number', number: 2 }] })).toEqual({})
  })
})

describe('where two answers tell the same fact', () => {
  const item = [
    question('integer', 'n', { extension: [fills('children')] }),
    question('integer', 'm', { extension: [fills('children')] }),
  ]
  const said = (number: number): readonly Answer[] => [{ kind: 'number', number }]

  it('the later assessment counts, and says where from', () => {
    const profile = deriveProfile(
      [answering(item, { n: said(1) }, '2026-01-05'), answering(item, { n: said(2) }, '2026-02-05')],
      known,
      today,
    )
    expect(profile).toEqual({
      facts: { children: 2 },
      sources: { children: [{ assessmentId: 'of 2026-02-05', linkId: 'n', answeredOn: '2026-02-05' }] },
    })
  })

  it('in one assessment the first question counts', () => {
    expect(factsOf(item, { n: said(3), m: said(4) })).toEqual({ children: 3 })
  })

  it('the record of the client wins over both', () => {
    const profile = withKnownFacts(deriveProfile([answering(item, { n: said(1) })], known, today), {
      children: 5,
      age: 30,
    })
    expect(profile).toEqual({ facts: { children: 5, age: 30 }, sources: {} })
  })
})
