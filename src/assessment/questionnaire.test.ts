import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyItem } from './instrument.ts'
import {
  anyQuestionnaire,
  aQuestionnaire,
  anInstrument,
  coded,
  fills,
  group,
  question,
  scored,
  type Json,
} from './instrument.factory.ts'
import { parseInstrument } from './questionnaire.ts'

const facts = {
  needs: { kind: 'codes', values: ['childcare', 'skills'] },
  language_level: { kind: 'level', values: ['A1', 'A2'] },
  months_unemployed: { kind: 'integer' },
} as const

function problemsOf(item: readonly Json[], rest: Json = {}): string[] {
  const parsed = parseInstrument(aQuestionnaire(item, rest), facts)
  return parsed.ok
    ? []
    : parsed.problem.map(({ code, linkId, type, detail }) => [code, linkId, type, detail].join(' ').trim())
}

const yes = (question: string): Json => ({ question, operator: '=', answerBoolean: true })

describe('an instrument is read from a FHIR R4 Questionnaire', () => {
  it('takes every type that Waypost asks, with groups in groups', () => {
    const types = ['string', 'text', 'integer', 'decimal', 'boolean', 'date', 'choice', 'open-choice', 'display']
    const instrument = anInstrument([
      group('outer', [
        group(
          'inner',
          types.map((type) => question(type, type)),
        ),
      ]),
    ])
    expect([...everyItem(instrument.items)].map(({ item }) => item.type)).toEqual(['group', 'group', ...types])
  })

  it('keeps bounds, lengths, scores and options that stand alone', () => {
    const url = 'http://hl7.org/fhir/StructureDefinition/'
    const alone = coded('none', { extension: [{ url: `${url}questionnaire-optionExclusive`, valueBoolean: true }] })
    const instrument = anInstrument([
      question('integer', 'n', {
        extension: [
          { url: `${url}minValue`, valueInteger: 0 },
          { url: `${url}maxValue`, valueInteger: 9 },
        ],
      }),
      question('string', 's', { maxLength: 20 }),
      question('date', 'd', { extension: [{ url: `${url}entryFormat`, valueString: 'YYYY-MM' }] }),
      question('choice', 'c', {
        repeats: true,
        answerOption: [scored('a', 1.5), alone, { valueInteger: 7 }, { valueString: 'Seven' }],
      }),
    ])
    expect(instrument.items).toMatchObject([
      { minimum: 0, maximum: 9 },
      { maxLength: 20 },
      { precision: 'month' },
      {
        repeats: true,
        options: [{ key: 'a', score: 1.5 }, { key: 'none', isExclusive: true }, { key: '7' }, { key: 'Seven' }],
      },
    ])
  })

  it('reads the ordinal where R4 first put it, on the coding', () => {
    const extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: 3 }]
    const instrument = anInstrument([
      question('choice', 'c', { answerOption: [{ valueCoding: { code: 'x', extension } }] }),
    ])
    expect(instrument.items[0]).toMatchObject({ options: [{ key: 'x', score: 3 }] })
  })

  it('keeps translations of titles, questions and options', () => {
    const translated = (content: string) => ({
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/translation',
          extension: [
            { url: 'lang', valueCode: 'fr' },
            { url: 'content', valueString: content },
          ],
        },
      ],
    })
    const option = { valueCoding: { code: 'a', display: 'Work', _display: translated('Travail') } }
    const json = aQuestionnaire(
      [question('choice', 'q', { _text: translated('Pourquoi ?'), answerOption: [option] })],
      {
        _title: translated('Un essai'),
      },
    )
    const parsed = parseInstrument(json, facts)
    expect(parsed).toMatchObject({
      value: {
        title: { translations: { fr: 'Un essai' } },
        items: [
          { words: { translations: { fr: 'Pourquoi ?' } }, options: [{ words: { translations: { fr: 'Travail' } } }] },
        ],
      },
    })
  })

  it('names itself by its name where it has no address, and is version 1 and English where it does not say', () => {
    const parsed = parseInstrument(
      { resourceType: 'Questionnaire', name: 'Short', item: [question('string', 'a')] },
      facts,
    )
    expect(parsed).toMatchObject({ value: { url: 'urn:waypost:instrument:Short', version: '1', language: 'en' } })
  })
})

describe('what keeps an instrument out is listed whole, by item and type', () => {
  it.each([
    ['another resource', [], { resourceType: 'Patient' }, 'not_questionnaire   Patient'],
    ['no items', [], {}, 'no_items'],
    ['contained resources', [question('string', 'a')], { contained: [] }, 'contained'],
    ['modifier extensions', [question('string', 'a', { modifierExtension: [] })], {}, 'modifier_extension a string'],
    ['other types', [question('quantity', 'a')], {}, 'type a quantity quantity'],
    ['a question without words', [{ linkId: 'a', type: 'string' }], {}, 'text_missing a string'],
    ['no link id', [{ type: 'string', text: 'Who?' }], {}, 'link_id_missing  string Who?'],
    ['a link id twice', [question('string', 'a'), question('date', 'a')], {}, 'link_id_twice a date'],
    ['an empty group', [group('g', [])], {}, 'group_empty g group'],
    ['a repeating group', [group('g', [question('string', 'a')], { repeats: true })], {}, 'repeats g group'],
    ['a repeating text', [question('string', 'a', { repeats: true })], {}, 'repeats a string'],
    [
      'a value set',
      [{ linkId: 'a', type: 'choice', text: 'A', answerValueSet: 'urn:x' }],
      {},
      'value_set a choice urn:x',
    ],
    ['an initial value', [question('string', 'a', { initial: [{ valueString: 'x' }] })], {}, 'initial a string'],
    ['a choice without options', [question('choice', 'a', { answerOption: [] })], {}, 'options_missing a choice'],
    ['options of a text', [question('string', 'a', { answerOption: [coded('x')] })], {}, 'options_misplaced a string'],
    [
      'the same option twice',
      [question('choice', 'a', { answerOption: [coded('x'), coded('x')] })],
      {},
      'option_twice a choice x',
    ],
    [
      'an element that R4 does not know',
      [question('string', 'a', { disabledDisplay: 'hidden' })],
      {},
      'element a string disabledDisplay',
    ],
    ['a length that is none', [question('string', 'a', { maxLength: 0 })], {}, 'max_length a string 0'],
    ['a read-only question', [question('string', 'a', { readOnly: true })], {}, 'read_only a string'],
    [
      'a formula',
      [
        question('string', 'a', {
          extension: [{ url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression' }],
        }),
      ],
      {},
      'behaviour a string http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
    ],
    [
      'a condition on nothing',
      [question('string', 'a', { enableWhen: [yes('b')] })],
      {},
      'condition_target a string b',
    ],
    [
      'a condition on a group',
      [group('g', [question('string', 'a')]), question('string', 'b', { enableWhen: [yes('g')] })],
      {},
      'condition_target b string g',
    ],
    [
      'a condition of another type',
      [question('integer', 'n'), question('string', 'b', { enableWhen: [yes('n')] })],
      {},
      'condition_answer b string n = answerBoolean',
    ],
    [
      'a condition on an option that is not there',
      [
        question('choice', 'c'),
        question('string', 'b', { enableWhen: [{ question: 'c', operator: '=', answerCoding: { code: 'z' } }] }),
      ],
      {},
      'condition_answer b string c = answerCoding',
    ],
    [
      'an order where there is none',
      [
        question('boolean', 'y'),
        question('string', 'b', { enableWhen: [{ question: 'y', operator: '>', answerBoolean: true }] }),
      ],
      {},
      'condition_operator b string >',
    ],
    [
      'several conditions that do not say how they join',
      [question('boolean', 'y'), question('string', 'b', { enableWhen: [yes('y'), yes('y')] })],
      {},
      'condition_join b string',
    ],
    [
      'a fact that nobody knows',
      [question('string', 'a', { extension: [fills('shoe_size')] })],
      {},
      'fact_unknown a string shoe_size',
    ],
    [
      'a fact of another kind',
      [question('string', 'a', { extension: [fills('needs')] })],
      {},
      'fact_reading a string needs answer',
    ],
    [
      'options that are no value of the fact',
      [question('choice', 'a', { answerOption: [coded('A1'), coded('Z9')], extension: [fills('language_level')] })],
      {},
      'fact_value a choice language_level Z9',
    ],
  ])('%s', (_name, item, rest, problem) => {
    expect(problemsOf(item, rest)).toContain(problem)
  })

  it('refuses a circle of conditions, also through the group that holds a question', () => {
    const circle = [
      question('boolean', 'a', { enableWhen: [yes('b')] }),
      question('boolean', 'b', { enableWhen: [yes('a')] }),
    ]
    expect(problemsOf(circle)).toEqual(['condition_cycle a boolean a → b → a'])
    const inside = [group('g', [question('boolean', 'a')], { enableWhen: [yes('a')] })]
    expect(problemsOf(inside)).toEqual(['condition_cycle g group g → a → g'])
  })

  it('lists every problem, not only the first', () => {
    const item = [
      question('quantity', 'a'),
      question('time', 'b'),
      question('string', 'c', { enableWhen: [yes('nobody')] }),
    ]
    expect(problemsOf(item)).toEqual([
      'type a quantity quantity',
      'type b time time',
      'condition_target c string nobody',
    ])
  })

  it('says nothing of conditions on a question that was itself refused', () => {
    expect(problemsOf([question('quantity', 'a'), question('string', 'b', { enableWhen: [yes('a')] })])).toEqual([
      'type a quantity quantity',
    ])
  })
})

describe('whatever comes', () => {
  it('any well-made questionnaire is taken', () => {
    fc.assert(fc.property(anyQuestionnaire, (json) => parseInstrument(json, facts).ok))
  })

  it('any other JSON is refused with at least one problem, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const parsed = parseInstrument(json, facts)
        return !parsed.ok && parsed.problem.length > 0
      }),
    )
  })

  it('a questionnaire with any part of it replaced is taken or refused, and never throws', () => {
    fc.assert(
      fc.property(anyQuestionnaire, fc.nat(), fc.jsonValue(), (json, where, value) => {
        const parsed = parseInstrument(withPartReplaced(json, where, value), facts)
        return parsed.ok || parsed.problem.length > 0
      }),
    )
  })

  it('items nested beyond reason are refused', () => {
    let item: Json = question('string', 'deep')
    for (let depth = 0; depth < 2000; depth++) item = group(`g${depth}`, [item])
    expect(problemsOf([item]).some((problem) => problem.startsWith('too_deep'))).toBe(true)
  })
})

/** The JSON with its n-th value (counted in writing order) replaced. */
function withPartReplaced(json: unknown, where: number, value: unknown): unknown {
  const places = JSON.stringify(json).split(/(?<=[:,[])/).length
  let left = where % places
  return JSON.parse(JSON.stringify(json), (_key, part: unknown) => (left-- === 0 ? value : part))
}
