import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enabledItems, withoutDisabled, type Answer, type Answers } from './answers.ts'
import { everyItem } from './instrument.ts'
import { anInstrument, anyAnswered, anyAnswersTo, group, question, type Json } from './instrument.factory.ts'
import { scoreOf } from './score.ts'

const yes = (question: string): Json => ({ question, operator: '=', answerBoolean: true })
const answered = (given: Readonly<Record<string, Answer>>): Answers =>
  new Map(Object.entries(given).map(([id, one]) => [id, [one]]))
const said = (is: boolean): Answer => ({ kind: 'yes_no', yes: is })

describe('a question shows when its conditions hold', () => {
  const instrument = anInstrument([
    question('boolean', 'work'),
    question('integer', 'hours', { enableWhen: [yes('work')] }),
    question('string', 'why', { enableWhen: [{ question: 'hours', operator: '<', answerInteger: 10 }] }),
    question('string', 'never', { enableWhen: [{ question: 'work', operator: 'exists', answerBoolean: false }] }),
    question('string', 'unless', { enableWhen: [{ question: 'work', operator: '!=', answerBoolean: true }] }),
  ])

  it('chains hold link by link', () => {
    const all = answered({ work: said(true), hours: { kind: 'number', number: 4 } })
    expect([...enabledItems(instrument, all)]).toEqual(['work', 'hours', 'why'])
  })

  it('the answer of a question that no longer shows opens nothing', () => {
    const stale = answered({ work: said(false), hours: { kind: 'number', number: 4 } })
    expect([...enabledItems(instrument, stale)]).toEqual(['work', 'unless'])
  })

  it('with no answer, only "there is none" and "it is not this" hold', () => {
    expect([...enabledItems(instrument, new Map())]).toEqual(['work', 'never', 'unless'])
  })

  it('several conditions join as the instrument says', () => {
    const joined = (enableBehavior: string) =>
      anInstrument([
        question('boolean', 'a'),
        question('boolean', 'b'),
        question('string', 'c', { enableWhen: [yes('a'), yes('b')], enableBehavior }),
      ])
    const one = answered({ a: said(true) })
    expect(enabledItems(joined('any'), one).has('c')).toBe(true)
    expect(enabledItems(joined('all'), one).has('c')).toBe(false)
  })

  it('with several answers, equal needs one that is, not equal that none is', () => {
    const chosen = anInstrument([
      question('choice', 'c', { repeats: true }),
      question('string', 'if-a', { enableWhen: [{ question: 'c', operator: '=', answerCoding: { code: 'a' } }] }),
      question('string', 'if-not-a', { enableWhen: [{ question: 'c', operator: '!=', answerCoding: { code: 'a' } }] }),
    ])
    const both: Answers = new Map([
      [
        'c',
        [
          { kind: 'option', key: 'b' },
          { kind: 'option', key: 'a' },
        ],
      ],
    ])
    expect([...enabledItems(chosen, both)]).toEqual(['c', 'if-a'])
  })

  it('a question under a question shows once that one is answered; a hint under it always', () => {
    const nested = anInstrument([
      question('string', 'name', { item: [question('display', 'hint'), question('string', 'spelt')] }),
    ])
    expect([...enabledItems(nested, new Map())]).toEqual(['name', 'hint'])
    expect(enabledItems(nested, answered({ name: { kind: 'text', text: 'Ana' } })).has('spelt')).toBe(true)
  })

  it('months are compared with days as far as both are known', () => {
    const dated = anInstrument([
      question('date', 'm', {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/entryFormat', valueString: 'YYYY-MM' }],
      }),
      question('string', 'later', { enableWhen: [{ question: 'm', operator: '>', answerDate: '2024-03-15' }] }),
    ])
    expect(enabledItems(dated, answered({ m: { kind: 'date', date: '2024-04' } })).has('later')).toBe(true)
    expect(enabledItems(dated, answered({ m: { kind: 'date', date: '2024-03' } })).has('later')).toBe(false)
  })
})

describe('in any instrument with any answers', () => {
  it('nothing shows inside something that does not', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument, answers }) => {
        const enabled = enabledItems(instrument, answers)
        for (const { item, parent } of everyItem(instrument.items)) {
          if (parent && enabled.has(item.linkId)) expect(enabled.has(parent.linkId)).toBe(true)
        }
      }),
    )
  })

  it('answers of items that do not show change neither what shows nor any score', () => {
    const pair = anyAnswered.chain(({ instrument, answers }) =>
      anyAnswersTo(instrument).map((others) => ({ instrument, answers, others })),
    )
    fc.assert(
      fc.property(pair, ({ instrument, answers, others }) => {
        const enabled = enabledItems(instrument, answers)
        const disturbed = new Map([...others].filter(([linkId]) => !enabled.has(linkId)))
        for (const [linkId, given] of answers) if (enabled.has(linkId)) disturbed.set(linkId, given)
        expect(enabledItems(instrument, disturbed)).toEqual(enabled)
        expect(scoreOf(instrument, disturbed)).toEqual(scoreOf(instrument, answers))
        expect(sorted(withoutDisabled(instrument, disturbed))).toEqual(sorted(withoutDisabled(instrument, answers)))
      }),
    )
  })

  it('taking them out twice is taking them out once', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument, answers }) => {
        const kept = withoutDisabled(instrument, answers)
        expect(withoutDisabled(instrument, kept)).toEqual(kept)
        expect(enabledItems(instrument, kept)).toEqual(enabledItems(instrument, answers))
      }),
    )
  })
})

describe('a group that does not show', () => {
  it('hides all that it holds', () => {
    const instrument = anInstrument([
      question('boolean', 'a'),
      group('g', [group('inner', [question('string', 's')])], { enableWhen: [yes('a')] }),
    ])
    expect([...enabledItems(instrument, answered({ a: said(false), s: { kind: 'text', text: 'x' } }))]).toEqual(['a'])
  })
})

function sorted(answers: Answers): unknown {
  return [...answers].toSorted(([a], [b]) => (a < b ? -1 : 1))
}
