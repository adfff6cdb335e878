import { describe, expect, test } from 'vitest'
import type { Act } from './act.ts'
import { readAct } from './act.form.ts'
import { dayOfText } from './referral.factory.ts'

const today = dayOfText('2026-03-12')
const read = (act: Act, body: Record<string, string> = {}, planned: string | null = null) =>
  readAct(act, body, { today, planned: planned === null ? null : dayOfText(planned) })
const keys = (result: ReturnType<typeof read>) =>
  result.ok ? [] : result.problem.map(({ field, key }) => [field, key])

describe('accepting', () => {
  test('needs nothing more than the tap', () => {
    expect(read('accept')).toEqual({
      ok: true,
      value: { happening: { kind: 'accepted', appointment: null }, words: null },
    })
  })

  test('may name the first appointment in the same step', () => {
    const body = {
      'day-day': '16',
      'day-month': '3',
      'day-year': '2026',
      time: '9.30',
      place: '4 Mill Lane',
      meeting: 'Ada',
    }
    expect(read('accept', body)).toMatchObject({
      value: { happening: { appointment: { day: '2026-03-16', time: '09:30', place: '4 Mill Lane', meeting: 'Ada' } } },
    })
  })

  test('a place without a day, a day that has gone and a strange time are told beside their fields', () => {
    expect(keys(read('accept', { place: 'Mill Lane' }))).toEqual([['day', 'referrals.form.appointment_day_missing']])
    const body = { day: '2026-03-11', time: 'soon' }
    expect(keys(read('appointment', body))).toEqual([
      ['day', 'referrals.form.day_in_past'],
      ['time', 'referrals.form.no_such_time'],
    ])
  })
})

test('the reason of a decline says who declined', () => {
  expect(read('decline', { reason: 'no_places' })).toMatchObject({ value: { happening: { by: 'partner' } } })
  expect(read('decline', { reason: 'too_far', words: ' Two buses. ' })).toMatchObject({
    value: { happening: { by: 'client' }, words: 'Two buses.' },
  })
  expect(keys(read('decline', { reason: 'because' }))).toEqual([['reason', 'referrals.form.reason_missing']])
})

test('what is reported happened today, on the planned day or on a typed one, never later', () => {
  expect(read('attended', { when: 'today' })).toMatchObject({ value: { happening: { on: '2026-03-12' } } })
  expect(read('attended', { when: 'planned' }, '2026-03-10')).toMatchObject({
    value: { happening: { on: '2026-03-10' } },
  })
  expect(keys(read('attended', { when: 'planned' }, '2026-03-20'))).toEqual([['when', 'referrals.form.when_missing']])
  expect(keys(read('attended', { when: 'other', on: '2026-03-13' }))).toEqual([['on', 'referrals.form.day_in_future']])
  expect(keys(read('missed', {}))).toEqual([
    ['when', 'referrals.form.when_missing'],
    ['reason', 'referrals.form.reason_missing'],
  ])
})

test('a question without words asks nothing', () => {
  expect(keys(read('ask'))).toEqual([['words', 'referrals.form.words_missing']])
  expect(keys(read('message', { words: 'x'.repeat(2001) }))).toEqual([['words', 'platform.form.too_long']])
})
