import { expect, test } from 'vitest'
import { parseDay } from '#platform/dates.ts'
import { readAppointment } from './appointment.form.ts'

test('what is typed too long, or with NUL in it, is kept as text that a database takes', () => {
  const around = { today: parseDay('2026-03-02')!, timeZone: 'Europe/Zurich', isWanted: true }
  // The 300th character is the first half of a sign.
  const place = `${'x'.repeat(299)}\u{1f600}`
  const body = { day: '2026-03-30', time: '9.30', place, meeting: 'A\u0000da' }
  const read = readAppointment(body, around)
  expect(read).toMatchObject({ ok: true, value: { meeting: 'Ada' } })
  expect(read.ok && read.value?.place.isWellFormed()).toBe(true)
})
