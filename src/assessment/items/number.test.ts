import { describe, expect, it } from 'vitest'
import { anInstrument, question } from '../instrument.factory.ts'
import { questionsOf } from '../instrument.ts'
import { ask } from './every-type.item.ts'
import { asciiDigits } from './number.item.ts'

const bounds = (minimum: number, maximum: number) => [
  { url: 'http://hl7.org/fhir/StructureDefinition/minValue', valueInteger: minimum },
  { url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueInteger: maximum },
]
const of = (type: string, rest = {}) => ask(questionsOf(anInstrument([question(type, 'a', rest)]).items)[0]!)
const read = (type: string, typed: string) => {
  const parsed = of(type).parse({ 'q-a': typed })
  return parsed.ok ? parsed.value[0] : parsed.problem.key
}

describe('an answer in numbers', () => {
  it('is read with a minus, with decimals after point or comma, and in the digits of other scripts', () => {
    expect(read('integer', '-3')).toEqual({ kind: 'number', number: -3 })
    expect(read('decimal', '2,5')).toEqual({ kind: 'number', number: 2.5 })
    expect(read('decimal', '1500.75')).toEqual({ kind: 'number', number: 1500.75 })
    expect(read('integer', '٤٢')).toEqual({ kind: 'number', number: 42 })
    expect(asciiDigits('۱۲ ٣ ४५')).toBe('12 3 45')
  })

  it.each([
    ['integer', '2.5'],
    ['integer', 'two'],
    ['integer', '1e5'],
    ['decimal', '1,500'],
    ['decimal', '1.500,20'],
    ['decimal', 'Infinity'],
  ])('%s "%s" is refused rather than guessed', (type, typed) => {
    expect(read(type, typed)).toBe(`assessment.answer.${type}`)
  })

  it('is checked against the bounds, ends included', () => {
    const asked = of('integer', { extension: bounds(0, 36) })
    expect(asked.check([{ kind: 'number', number: 36 }])).toBeNull()
    expect(asked.check([{ kind: 'number', number: 37 }])).toEqual({
      key: 'assessment.answer.between',
      values: { minimum: 0, maximum: 36 },
    })
    expect(
      of('integer', { extension: bounds(0, 36).slice(0, 1) }).check([{ kind: 'number', number: -1 }]),
    ).toMatchObject({ values: { minimum: 0 } })
  })
})
