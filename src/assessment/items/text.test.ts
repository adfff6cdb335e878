import { describe, expect, it } from 'vitest'
import { anInstrument, question } from '../instrument.factory.ts'
import { questionsOf } from '../instrument.ts'
import { ask } from './every-type.item.ts'

const of = (type: string, rest = {}) => ask(questionsOf(anInstrument([question(type, 'a', rest)]).items)[0]!)

describe('an answer in words', () => {
  it('is trimmed, and control characters are dropped', () => {
    expect(of('text').parse({ 'q-a': '  two\r\nlines\u0000 ' })).toEqual({
      ok: true,
      value: [{ kind: 'text', text: 'two\nlines' }],
    })
  })

  it('of blanks alone is none', () => {
    expect(of('string').parse({ 'q-a': '   ' })).toEqual({ ok: true, value: [] })
  })

  it('is refused above the length that the instrument sets, or a page', () => {
    const problem = (max: number) => ({ ok: false, problem: { key: 'assessment.answer.too_long', values: { max } } })
    expect(of('string', { maxLength: 5 }).parse({ 'q-a': 'too long' })).toEqual(problem(5))
    expect(of('text').parse({ 'q-a': 'x'.repeat(5001) })).toEqual(problem(5000))
    expect(of('string', { maxLength: 5 }).check([{ kind: 'text', text: 'too long' }])).toEqual(problem(5).problem)
  })
})
