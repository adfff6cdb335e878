import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutDisabled } from './answers.ts'
import { anInstrument, anyAnswered, group, question } from './instrument.factory.ts'
import { answersOf, responseOf } from './response.ts'

const facts = { status: 'completed', authored: new Date('2026-03-04T10:00:00Z'), language: 'en' } as const

describe('answers travel as a FHIR QuestionnaireResponse', () => {
  it('come back as they went, for any instrument and any answers', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument, answers }) => {
        const kept = withoutDisabled(instrument, answers)
        for (const some of [answers, kept]) {
          const json: unknown = JSON.parse(JSON.stringify(responseOf(instrument, some, facts)))
          expect(answersOf(instrument, json)).toEqual({ ok: true, value: some })
        }
      }),
    )
  })

  it('are nested as the instrument nests its items, questions under questions inside the answer', () => {
    const instrument = anInstrument([group('g', [question('string', 'a', { item: [question('boolean', 'b')] })])])
    const answers = new Map([
      ['a', [{ kind: 'text' as const, text: 'x' }]],
      ['b', [{ kind: 'yes_no' as const, yes: true }]],
    ])
    expect(responseOf(instrument, answers, facts)).toEqual({
      resourceType: 'QuestionnaireResponse',
      questionnaire: 'urn:test:instrument|1',
      status: 'completed',
      authored: '2026-03-04T10:00:00.000Z',
      language: 'en',
      item: [
        {
          linkId: 'g',
          item: [
            { linkId: 'a', answer: [{ valueString: 'x', item: [{ linkId: 'b', answer: [{ valueBoolean: true }] }] }] },
          ],
        },
      ],
    })
  })

  const instrument = anInstrument([question('choice', 'c'), question('integer', 'n')])
  const response = (item: unknown, rest = {}) => ({
    resourceType: 'QuestionnaireResponse',
    questionnaire: 'urn:test:instrument|1',
    status: 'completed',
    item,
    ...rest,
  })

  it.each([
    ['another resource', { resourceType: 'Patient' }, [{ code: 'not_response', linkId: null }]],
    [
      'another instrument',
      response([], { questionnaire: 'urn:other|1' }),
      [{ code: 'other_instrument', linkId: null }],
    ],
    [
      'unknown questions',
      response([{ linkId: 'x', answer: [{ valueInteger: 1 }] }]),
      [{ code: 'unknown_question', linkId: 'x' }],
    ],
    ['other types', response([{ linkId: 'n', answer: [{ valueString: '1' }] }]), [{ code: 'answer', linkId: 'n' }]],
    [
      'unknown options',
      response([{ linkId: 'c', answer: [{ valueCoding: { code: 'z' } }] }]),
      [{ code: 'answer', linkId: 'c' }],
    ],
    [
      'several answers to one question',
      response([{ linkId: 'n', answer: [{ valueInteger: 1 }, { valueInteger: 2 }] }]),
      [{ code: 'too_many', linkId: 'n' }],
    ],
  ])('%s are refused', (_name, json, problem) => {
    expect(answersOf(instrument, json)).toEqual({ ok: false, problem })
  })

  it('any JSON is read or refused, and never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => typeof answersOf(instrument, response(json)).ok === 'boolean'))
  })
})
