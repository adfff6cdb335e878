import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayFrom, dayIn, offsetOf } from '#platform/dates.ts'
import { aReferral, bakery, dayOfText, firstMeeting, mara, noor, reported } from '../referral.factory.ts'
import { apply } from '../referral.ts'
import { beginsAt, calendarEntryOf, isAhead, momentMeant, momentsOf } from './appointment.ts'

const zones = [
  ...['Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca'],
  ...['America/St_Johns', 'Pacific/Chatham', 'Pacific/Kiritimati', 'Africa/Cairo', 'America/Santiago', 'UTC'],
]
const anyZone = fc.constantFrom(...zones)
const anyMinute = fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 })
const clockIn = (timeZone: string, moment: Date) =>
  new Date(moment.getTime() + offsetOf(timeZone, moment)).toISOString().slice(11, 16)

/** The moments at which the zone's clocks change in 2026, to the minute. */
function changesIn(timeZone: string): Date[] {
  const days = Array.from({ length: 365 }, (_, day) => Date.UTC(2026, 0, 1 + day))
  const offset = (moment: number) => offsetOf(timeZone, new Date(moment))
  return days
    .filter((day) => offset(day) !== offset(day + 86_400_000))
    .map((day) => {
      let [before, after] = [day, day + 86_400_000]
      while (after - before > 60_000) {
        const middle = before + Math.floor((after - before) / 120_000) * 60_000
        if (offset(middle) === offset(day)) before = middle
        else after = middle
      }
      return new Date(after)
    })
}

describe('a time on a clock', () => {
  test('every moment is found again from the day and time that the zone shows at it', () => {
    const nearChange = fc
      .constantFrom(...zones.flatMap((zone) => changesIn(zone).map((moment) => [zone, moment] as const)))
      .chain(([zone, moment]) =>
        fc.integer({ min: -200, max: 200 }).map((minutes) => [zone, new Date(+moment + minutes * 60_000)] as const),
      )
    const anyTime = fc.tuple(
      anyZone,
      anyMinute.map((minute) => new Date(minute * 60_000)),
    )
    fc.assert(
      fc.property(fc.oneof(nearChange, anyTime), ([zone, moment]) => {
        const found = momentsOf(zone, dayIn(zone, moment), clockIn(zone, moment))
        expect(found.map(Number)).toContain(+moment)
        expect(found.length).toBeLessThanOrEqual(2)
        for (const each of found) {
          expect([dayIn(zone, each), clockIn(zone, each)]).toEqual([dayIn(zone, moment), clockIn(zone, moment)])
        }
      }),
      { numRuns: 800 },
    )
  })

  test.each([
    ['Europe/Zurich', '2026-03-29', '02:30'],
    ['America/New_York', '2026-03-08', '02:00'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15'],
  ])('that clocks in %s skip on %s is refused', (timeZone, day, time) => {
    const refusal = { ok: false, problem: 'no_such_time' }
    expect(momentMeant({ timeZone, day: dayOfText(day), time }, null)).toMatchObject(refusal)
    expect(momentMeant({ timeZone, day: dayOfText(day), time }, 'second')).toMatchObject(refusal)
  })

  test.each([
    ['Europe/Zurich', '2026-10-25', '02:30', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['America/New_York', '2026-11-01', '01:15', '2026-11-01T05:15:00Z', '2026-11-01T06:15:00Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
  ])('that comes twice in %s on %s asks which', (...[timeZone, day, time, first, second]) => {
    const at = { timeZone, day: dayOfText(day), time }
    expect(momentMeant(at, null)).toMatchObject({ ok: false, problem: 'comes_twice' })
    expect(momentMeant(at, 'first')).toMatchObject({ value: new Date(first) })
    expect(momentMeant(at, 'second')).toMatchObject({ value: new Date(second) })
    const appointment = { ...firstMeeting, day: at.day, time, zone: timeZone }
    expect(beginsAt(appointment, 'UTC')).toEqual(new Date(first))
    expect(beginsAt({ ...appointment, isSecondHour: true }, 'UTC')).toEqual(new Date(second))
  })

  test('in summer and winter the same clock means another moment', () => {
    const at = (day: string) => beginsAt({ ...firstMeeting, day: dayOfText(day) }, 'Europe/Zurich')?.toISOString()
    expect([at('2026-03-28'), at('2026-03-30')]).toEqual(['2026-03-28T08:30:00.000Z', '2026-03-30T07:30:00.000Z'])
  })

  test('an appointment of which only the day is known is ahead until that day is over', () => {
    const appointment = { ...firstMeeting, time: null }
    expect(isAhead(appointment, 'America/New_York', new Date('2026-03-13T02:00:00Z'))).toBe(true)
    expect(isAhead(appointment, 'Europe/Zurich', new Date('2026-03-13T02:00:00Z'))).toBe(false)
    expect(addDays(dayFrom(2026, 3, 12)!, 0)).toBe(appointment.day)
  })
})

describe('in calendars', () => {
  const accepted = aReferral().sent().accepted(firstMeeting)
  const moved = { kind: 'appointment_made', appointment: { ...firstMeeting, time: '14:00' } } as const

  test('a change keeps the entry and raises its sequence', () => {
    const before = calendarEntryOf(accepted.referral)
    const after = calendarEntryOf(accepted.then(mara, { kind: 'message' }).then(mara, moved).referral)
    expect(before).toMatchObject({ sequence: 0, isCancelled: false, appointment: { time: '09:30' } })
    expect(after).toMatchObject({ isCancelled: false, appointment: { time: '14:00' }, begunBy: before?.begunBy })
    expect(after!.sequence).toBeGreaterThan(before!.sequence)
  })

  test('what ends the referral before the meeting takes the entry out again', () => {
    const ended = accepted.then(mara, { kind: 'withdrawn', reason: 'sent_by_mistake' })
    const entry = calendarEntryOf(ended.then(mara, { kind: 'message' }).referral)
    expect(entry).toMatchObject({ isCancelled: true, begunBy: calendarEntryOf(accepted.referral)?.begunBy })
    expect(entry!.sequence).toBeGreaterThan(0)
  })

  test('a yes that was a mistake takes its appointment out, and the next yes puts one in again', () => {
    const undone = apply(
      accepted.referral,
      reported(bakery, { kind: 'corrected', corrects: accepted.referral.ledHere.id }),
      accepted.now,
    )
    if (!undone.ok) throw new Error('it can be undone')
    const gone = calendarEntryOf(undone.value)
    expect(gone).toMatchObject({ isCancelled: true })
    const again = apply(undone.value, reported(bakery, { kind: 'accepted', appointment: firstMeeting }), accepted.now)
    if (!again.ok) throw new Error('it can be accepted again')
    expect(calendarEntryOf(again.value)).toMatchObject({ isCancelled: false, begunBy: gone?.begunBy })
    expect(calendarEntryOf(again.value)!.sequence).toBeGreaterThan(gone!.sequence)
  })

  test('a meeting that took place, or was missed, stays; the next one is an entry of its own', () => {
    const was = calendarEntryOf(accepted.referral)
    const later = accepted.at('2026-03-12T15:00:00Z')
    const seen = later.attended('2026-03-12')
    const missed = later.then(bakery, { kind: 'did_not_attend', on: firstMeeting.day, reason: 'ill' })
    for (const over of [seen, missed]) {
      expect(calendarEntryOf(over.referral)).toMatchObject({ isCancelled: false, begunBy: was?.begunBy })
      const next = calendarEntryOf(over.then(bakery, moved).referral)
      expect(next).toMatchObject({ sequence: 0, isCancelled: false })
      expect(next?.begunBy).not.toEqual(was?.begunBy)
    }
  })

  test('a client who cannot come leaves the meeting in calendars until another is agreed', () => {
    const told = accepted.then(noor, { kind: 'message', about: 'cannot_come' })
    expect(told.referral.missedAppointment).toBe(true)
    expect(calendarEntryOf(told.referral)).toMatchObject({ isCancelled: false, sequence: 0 })
    expect(told.then(mara, moved).referral.missedAppointment).toBe(false)
  })
})
