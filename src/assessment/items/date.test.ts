import { describe, expect, it } from 'vitest'
import { anInstrument, question } from '../instrument.factory.ts'
import { questionsOf } from '../instrument.ts'
import { ask } from './every-type.item.ts'

const url = 'http://hl7.org/fhir/StructureDefinition/'
const of = (rest = {}) => ask(questionsOf(anInstrument([question('date', 'a', rest)]).items)[0]!)
const month = { extension: [{ url: `${url}entryFormat`, valueString: 'YYYY-MM' }] }
const typed = (...[day = '', of = '', year = '']: readonly string[]) => ({
  'q-a-day': day,
  'q-a-month': of,
  'q-a-year': year,
})

describe('an answer that is a day', () => {
  it('is read from its three parts, also in the digits of other scripts', () => {
    expect(of().parse(typed('5', '3', '2024'))).toEqual({ ok: true, value: [{ kind: 'date', date: '2024-03-05' }] })
    expect(of().parse(typed('٥', '٣', '٢٠٢٤'))).toEqual({ ok: true, value: [{ kind: 'date', date: '2024-03-05' }] })
  })

  it.each([
    [['', '3', '2024'], 'incomplete_day', 'day'],
    [['5', '', '2024'], 'incomplete_month', 'month'],
    [['5', '3', ''], 'incomplete_year', 'year'],
    [['5', '3', '24'], 'year', 'year'],
    [['30', '2', '2024'], 'no_such_day', 'day'],
  ] as const)('%s is refused and leads to the part that is wrong', (parts, key, part) => {
    expect(of().parse(typed(...parts))).toEqual({ ok: false, problem: { key: `assessment.answer.${key}`, part } })
  })

  it('lies within its bounds', () => {
    const asked = of({ extension: [{ url: `${url}maxValue`, valueDate: '2024-12-31' }] })
    expect(asked.check([{ kind: 'date', date: '2024-12-31' }])).toBeNull()
    expect(asked.check([{ kind: 'date', date: '2025-01-01' }])).toMatchObject({ key: 'assessment.answer.not_after' })
  })
})

describe('an answer that is a month', () => {
  it('needs no day', () => {
    expect(of(month).parse(typed('', '11', '2023'))).toEqual({ ok: true, value: [{ kind: 'date', date: '2023-11' }] })
    expect(of(month).parse(typed('', '13', '2023'))).toMatchObject({
      problem: { key: 'assessment.answer.no_such_month' },
    })
  })
})
