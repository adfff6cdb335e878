import { describe, expect, it } from 'vitest'
import { anInstrument, coded, question } from '../instrument.factory.ts'
import { questionsOf } from '../instrument.ts'
import { ask } from './every-type.item.ts'
import { plainSay } from './say.factory.ts'

const of = (type: string, rest = {}) => ask(questionsOf(anInstrument([question(type, 'a', rest)]).items)[0]!)
const problem = (key: string, rest = {}) => ({ ok: false, problem: { key: `assessment.answer.${key}`, ...rest } })

describe('a choice', () => {
  it('takes one of its options and no other', () => {
    expect(of('choice').parse({ 'q-a': 'o:b' })).toEqual({ ok: true, value: [{ kind: 'option', key: 'b' }] })
    expect(of('choice').parse({ 'q-a': 'o:z' })).toEqual(problem('no_such_option'))
    expect(of('choice').parse({ 'q-a': ['o:a', 'o:b'] })).toEqual(problem('one_only'))
  })

  it('takes several where it repeats, each once', () => {
    const read = of('choice', { repeats: true }).parse({ 'q-a': ['o:a', 'o:c', 'o:a'] })
    expect(read).toEqual({
      ok: true,
      value: [
        { kind: 'option', key: 'a' },
        { kind: 'option', key: 'c' },
      ],
    })
  })

  it('can be taken back once it was answered', () => {
    const values = (given: string[]) =>
      of('choice').field({ given: given.map((key) => ({ kind: 'option', key })), typed: null, say: plainSay })
    expect(values([])).toMatchObject({ options: [{ value: 'o:a' }, { value: 'o:b' }, { value: 'o:c' }] })
    expect(values(['b'])).toMatchObject({ options: [{}, { isChosen: true }, {}, { value: '', isChosen: false }] })
  })

  it('of many options is a list to open', () => {
    const answerOption = Array.from({ length: 16 }, (_, index) => coded(`o${index}`))
    expect(of('choice', { answerOption }).field({ given: [], typed: null, say: plainSay })).toMatchObject({
      kind: 'select',
    })
  })

  it('refuses "none of these" together with one of them', () => {
    const none = coded('none', {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive', valueBoolean: true }],
    })
    const asked = of('choice', { repeats: true, answerOption: [coded('a'), none] })
    expect(
      asked.check([
        { kind: 'option', key: 'a' },
        { kind: 'option', key: 'none' },
      ]),
    ).toMatchObject({ key: 'assessment.answer.exclusive' })
    expect(asked.check([{ kind: 'option', key: 'none' }])).toBeNull()
  })
})

describe('an open choice', () => {
  it('takes the person’s own words, and asks for them when they are missing', () => {
    expect(of('open-choice').parse({ 'q-a': 'other', 'q-a-other': ' Beekeeping ' })).toEqual({
      ok: true,
      value: [{ kind: 'other', text: 'Beekeeping' }],
    })
    expect(of('open-choice').parse({ 'q-a': 'other' })).toEqual(problem('other_missing', { part: 'other' }))
  })

  it('leaves words alone that were typed but not chosen', () => {
    expect(of('open-choice').parse({ 'q-a': 'o:a', 'q-a-other': 'Beekeeping' })).toEqual({
      ok: true,
      value: [{ kind: 'option', key: 'a' }],
    })
  })

  it('takes words that repeat an option as that option', () => {
    const read = of('open-choice', { answerOption: [{ valueString: 'Cooking' }] }).parse({
      'q-a': 'other',
      'q-a-other': 'Cooking',
    })
    expect(read).toEqual({ ok: true, value: [{ kind: 'option', key: 'Cooking' }] })
  })
})
