import { describe, expect, test } from 'vitest'
import { readWageRow, wageMapping } from './wage-record.ts'

const mapping = wageMapping.parse({ client: 'ref', quarter: 'quarter', pay: 'wages' })
const row = { ref: ' c-7k3f-6q ', quarter: '2026Q1', wages: '6300.50' }

describe('a wage record', () => {
  test('is read with its period, and its pay a month', () => {
    expect(readWageRow(row, mapping)).toMatchObject({
      ok: true,
      value: {
        clientReference: 'C-7K3F-6Q',
        from: '2026-01-01',
        to: '2026-03-31',
        payCents: 630_050,
        monthlyEarningsCents: 213_079,
      },
    })
  })

  test('may give its period by two days', () => {
    const byDays = wageMapping.parse({ client: 'ref', from: 'a', to: 'b', pay: 'wages' })
    const read = readWageRow({ ...row, a: '2026-05-01', b: '2026-05-31' }, byDays)
    expect(read).toMatchObject({ ok: true, value: { from: '2026-05-01', to: '2026-05-31' } })
  })

  test.each([
    [{ ...row, ref: ' ' }, { code: 'no_client' }],
    [
      { ...row, quarter: '2026Q5' },
      { code: 'bad_quarter', column: 'quarter' },
    ],
    [
      { ...row, wages: '-3' },
      { code: 'bad_pay', column: 'wages' },
    ],
    [
      { ...row, wages: '1,200' },
      { code: 'bad_pay', column: 'wages' },
    ],
  ])('is refused with its reason %#', (bad, problem) => {
    expect(readWageRow(bad, mapping)).toEqual({ ok: false, problem })
  })

  test('cannot run backwards or over more than a year', () => {
    const byDays = wageMapping.parse({ client: 'ref', from: 'a', to: 'b', pay: 'wages' })
    expect(readWageRow({ ...row, a: '2026-05-02', b: '2026-05-01' }, byDays)).toMatchObject({
      problem: { code: 'period_backwards' },
    })
    expect(readWageRow({ ...row, a: '2024-05-02', b: '2026-05-01' }, byDays)).toMatchObject({
      problem: { code: 'period_too_long' },
    })
    expect(readWageRow({ ...row, a: '2026-02-30', b: '2026-05-01' }, byDays)).toMatchObject({
      problem: { column: 'a' },
    })
  })
})

test('a mapping names either a quarter or two days', () => {
  expect(wageMapping.safeParse({ client: 'ref', pay: 'wages' }).success).toBe(false)
  expect(wageMapping.safeParse({ client: 'ref', pay: 'wages', from: 'a' }).success).toBe(false)
  expect(wageMapping.safeParse({ client: 'ref', pay: 'wages', quarter: 'q', from: 'a', to: 'b' }).success).toBe(false)
})
