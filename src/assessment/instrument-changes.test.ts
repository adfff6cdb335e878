import { describe, expect, it } from 'vitest'
import { changesBetween } from './instrument-changes.ts'
import { aQuestionnaire, anInstrument, coded, fills, group, question, type Json } from './instrument.factory.ts'
import { parseInstrument } from './questionnaire.ts'
import { everyTranslationStatus, translationStatus } from './translation-status.ts'

const shortly = (before: readonly Json[], after: readonly Json[]) =>
  changesBetween(anInstrument(before, facts), anInstrument(after, facts)).map(({ linkId, kind, parts, carries }) => [
    linkId,
    kind,
    parts,
    carries,
  ])
const facts = { caring: { kind: 'yes_no' } } as const

describe('between two versions', () => {
  it('the same questions differ in nothing', () => {
    const items = [group('g', [question('boolean', 'a'), question('choice', 'b')])]
    expect(shortly(items, items)).toEqual([])
  })

  it('what was added, removed and changed is named, with whether answers carry over', () => {
    const before = [
      group('g', [
        question('boolean', 'a'),
        question('string', 'b'),
        question('choice', 'c'),
        question('boolean', 'gone'),
      ]),
    ]
    const after = [
      group('g', [
        question('boolean', 'new'),
        question('boolean', 'a', { text: 'Asked anew', extension: [fills('caring')] }),
        question('integer', 'b'),
        question('choice', 'c', { answerOption: [coded('a')], required: true }),
      ]),
    ]
    expect(shortly(before, after)).toEqual([
      ['new', 'added', [], false],
      ['a', 'changed', ['words', 'facts'], true],
      ['b', 'changed', ['type'], false],
      ['c', 'changed', ['options', 'rules'], true],
      ['gone', 'removed', [], false],
    ])
  })

  it('an item has moved when another holds it, not when it has new neighbours; its condition is its own', () => {
    const before = [group('g', [question('boolean', 'a')]), group('h', [question('boolean', 'b')])]
    const after = [
      group('g', [question('boolean', 'b'), question('boolean', 'a')]),
      group('h', [question('boolean', 'c', { enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }] })]),
    ]
    expect(shortly(before, after)).toEqual([
      ['b', 'changed', ['place'], true],
      ['c', 'added', [], false],
    ])
  })
})

describe('the status of a translation', () => {
  const translated = (language: string, content: string) => ({
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/translation',
        extension: [
          { url: 'lang', valueCode: language },
          { url: 'content', valueString: content },
        ],
      },
    ],
  })
  const parsed = parseInstrument(
    aQuestionnaire(
      [
        group('g', [
          question('choice', 'a', {
            _text: translated('ar', 'لماذا؟'),
            answerOption: [{ valueString: 'Yes', _valueString: translated('ar', 'نعم') }, { valueString: 'No' }],
          }),
        ]),
      ],
      { description: 'About it' },
    ),
    {},
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  const instrument = parsed.value

  it('counts every text that is read, and lists those without words in the language', () => {
    expect(everyTranslationStatus(instrument)).toEqual([
      {
        language: 'ar',
        texts: 6,
        translated: 2,
        missing: [
          { linkId: null, part: 'title', text: 'A test' },
          { linkId: null, part: 'description', text: 'About it' },
          { linkId: 'g', part: 'words', text: 'Group g' },
          { linkId: 'a', part: 'option', text: 'No' },
        ],
      },
    ])
  })

  it('of a language nobody began is everything, and a regional one is served by its root', () => {
    expect(translationStatus(instrument, 'so')).toMatchObject({ texts: 6, translated: 0 })
    expect(translationStatus(instrument, 'ar-EG').translated).toBe(2)
  })
})
