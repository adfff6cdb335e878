import { describe, expect, test } from 'vitest'
import { addDays, parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import { statusOn, type Statement } from './statement.ts'

function day(text: string): CalendarDay {
  const parsed = parseDay(text)
  if (parsed === null) throw new RangeError(text)
  return parsed
}
const day365 = day('2026-03-02')

function said(kind: Statement['kind'], more: Partial<Statement> = {}): Statement {
  const usual = { since: null, asOf: day365, source: 'client', monthlyEarningsCents: null, corrects: null } as const
  return { id: newId(), kind, recordedAt: new Date('2026-03-02T10:00:00Z'), ...usual, ...more }
}

describe('what is known of a day', () => {
  test('nothing said is nothing known, and lost touch is missing, never not working', () => {
    expect(statusOn(day365, [])).toBeNull()
    expect(statusOn(day365, [said('lost_touch')])).toBeNull()
  })

  test('work since before the day, told after it, covers it however late it is told', () => {
    const told = said('working', { since: day('2025-12-01'), asOf: day('2026-11-01') })
    expect(statusOn(day365, [told])).toMatchObject({ isWorking: true, source: 'client' })
  })

  test('a word of a month before is taken for the day; an older one is not', () => {
    expect(statusOn(day365, [said('still_looking', { asOf: addDays(day365, -30) })])).toMatchObject({
      isWorking: false,
    })
    expect(statusOn(day365, [said('still_looking', { asOf: addDays(day365, -31) })])).toBeNull()
    expect(statusOn(day365, [said('working', { asOf: addDays(day365, 61) })])).toBeNull()
  })

  test('work that began after the day was not there on the day', () => {
    const late = said('working', { since: addDays(day365, 5), asOf: addDays(day365, 20) })
    expect(statusOn(day365, [late])).toMatchObject({ isWorking: false })
  })

  test('training is no work, and is told apart', () => {
    expect(statusOn(day365, [said('training')])).toMatchObject({ isWorking: false, inTraining: true })
  })
})

describe('where sources disagree', () => {
  const pay = said('working', {
    since: day('2026-01-01'),
    asOf: day('2026-03-31'),
    source: 'wage_record',
    monthlyEarningsCents: 210_000,
  })
  const noPay = { ...pay, id: newId<'outcome_statement'>(), kind: 'no_pay', monthlyEarningsCents: null } as const

  test('pay on record for the day settles it, and the disagreement is kept in sight', () => {
    const status = statusOn(day365, [said('still_looking'), pay])
    expect(status).toMatchObject({
      isWorking: true,
      source: 'wage_record',
      isContradicted: true,
      monthlyEarningsCents: 210_000,
    })
  })

  test('a record without pay counts only when nobody said anything', () => {
    expect(statusOn(day365, [noPay])).toMatchObject({ isWorking: false, source: 'wage_record' })
    expect(statusOn(day365, [noPay, said('working', { source: 'adviser' })])).toMatchObject({
      isWorking: true,
      isContradicted: false,
    })
  })

  test('pay of another quarter says nothing of the day', () => {
    expect(statusOn(day365, [{ ...pay, since: day('2025-10-01'), asOf: day('2025-12-31') }])).toBeNull()
  })

  test('what covers the day beats what was said near it', () => {
    const covering = said('working', { since: day('2026-01-01'), source: 'adviser' })
    const near = said('still_looking', { asOf: addDays(day365, 10) })
    expect(statusOn(day365, [near, covering])).toMatchObject({ isWorking: true, source: 'adviser' })
  })

  test('the client’s own word beats the adviser’s, and the later of two words of one source stands', () => {
    expect(statusOn(day365, [said('working', { source: 'adviser' }), said('still_looking')])).toMatchObject({
      isWorking: false,
    })
    const later = said('working', { recordedAt: new Date('2026-03-09T10:00:00Z') })
    expect(statusOn(day365, [later, said('still_looking')])).toMatchObject({ isWorking: true })
  })

  test('a statement that was put right no longer speaks', () => {
    const wrong = said('working', { since: day('2026-01-01') })
    const right = said('still_looking', { corrects: wrong.id, source: 'adviser' })
    expect(statusOn(day365, [wrong, right])).toMatchObject({ isWorking: false, isContradicted: false })
  })
})
