import ICAL from 'ical.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayOfText, firstMeeting } from '../referral.factory.ts'
import { beginsAt, endsAt } from './appointment.ts'
import { methodOf, writeCalendar, type CalendarAppointment } from './appointment.calendar.ts'

const mara = { name: 'Mara Lind', email: 'mara@example.org' }
const desk = { name: 'Bakery School', email: 'desk@partner.example' }
const invitation: CalendarAppointment = {
  uid: '01900000-0000-7000-8000-000000000001@waypost.example',
  sequence: 3,
  changedAt: new Date('2026-03-02T09:00:00Z'),
  day: firstMeeting.day,
  begins: beginsAt(firstMeeting, 'Europe/Zurich'),
  ends: endsAt(firstMeeting, 'Europe/Zurich'),
  isCancelled: false,
  organizer: mara,
  attendees: [mara, desk],
  summary: 'Meeting about referral R-7K3F-2Q',
  description: 'Questions: ring North centre.\nhttps://waypost.example/r/x',
  location: '4 Mill Lane',
  url: 'https://waypost.example/r/x',
}

/** The file as another library reads it: RFC 5545 by ical.js. */
function read(text: string) {
  const calendar = ICAL.Component.fromString(text)
  const parts = calendar.getAllSubcomponents('vevent')
  expect(parts).toHaveLength(1)
  return { calendar, part: parts[0]!, event: new ICAL.Event(parts[0]) }
}

describe('another library reads', () => {
  test.each([
    ['Europe/Zurich', '2026-03-28', '2026-03-28T08:30:00.000Z'],
    ['Europe/Zurich', '2026-03-29', '2026-03-29T07:30:00.000Z'],
    ['Europe/Zurich', '2026-10-26', '2026-10-26T08:30:00.000Z'],
    ['America/New_York', '2026-03-07', '2026-03-07T14:30:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T13:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-04', '2026-04-03T22:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-06', '2026-04-05T23:00:00.000Z'],
    ['UTC', '2026-03-29', '2026-03-29T09:30:00.000Z'],
  ])('half past nine in %s on %s as that very moment', (zone, day, moment) => {
    const appointment = { ...firstMeeting, day: dayOfText(day), zone, minutes: 45 }
    const times = { begins: beginsAt(appointment, 'Asia/Kathmandu'), ends: endsAt(appointment, 'Asia/Kathmandu') }
    const { event } = read(writeCalendar({ ...invitation, ...times }, 'REQUEST'))
    expect(event.startDate.toJSDate().toISOString()).toBe(moment)
    expect(event.startDate.zone.tzid).toBe('UTC')
    expect(event.duration.toSeconds()).toBe(45 * 60)
  })

  test('an appointment without a time as a whole day, in whatever zone it is read', () => {
    const { event } = read(writeCalendar({ ...invitation, begins: null, ends: null }, 'REQUEST'))
    expect(event.startDate.isDate).toBe(true)
    expect(event.startDate.toString()).toBe('2026-03-12')
    expect(event.endDate.toString()).toBe('2026-03-13')
  })

  test('a change as the same meeting with a higher sequence, a cancellation as one', () => {
    const changed = read(writeCalendar({ ...invitation, sequence: 4 }, 'REQUEST'))
    const gone = read(writeCalendar({ ...invitation, sequence: 5, isCancelled: true }, 'CANCEL'))
    expect([changed.event.uid, gone.event.uid]).toEqual([invitation.uid, invitation.uid])
    expect([changed.event.sequence, gone.event.sequence]).toEqual([4, 5])
    expect(gone.calendar.getFirstPropertyValue('method')).toBe('CANCEL')
    expect(gone.part.getFirstPropertyValue('status')).toBe('CANCELLED')
  })

  test('who invites and who is asked to come', () => {
    const { event, part } = read(writeCalendar(invitation, 'REQUEST'))
    expect(event.organizer).toBe('mailto:mara@example.org')
    const roles = part
      .getAllProperties('attendee')
      .map((each) => [String(each.getFirstValue()).toLowerCase(), each.getParameter('role')])
    expect(roles).toEqual([
      ['mailto:mara@example.org', 'CHAIR'],
      ['mailto:desk@partner.example', 'REQ-PARTICIPANT'],
    ])
  })
})

test('whatever people wrote stays inside its own line', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('a', 'é', '"', ';', ',', ':', '\\', '\r', '\n', '\t', '\u0000', 'ش', '😀'),
  })
  fc.assert(
    fc.property(nasty, nasty, (words, name) => {
      const text = writeCalendar(
        { ...invitation, summary: `x${words}`, location: words, description: words, organizer: { ...mara, name } },
        'REQUEST',
      )
      const { event, calendar, part } = read(text)
      expect(event.uid).toBe(invitation.uid)
      expect(event.summary.startsWith('x')).toBe(true)
      expect(calendar.getAllSubcomponents()).toHaveLength(1)
      expect(part.getAllProperties('attendee')).toHaveLength(2)
      expect(event.startDate.toJSDate()).toEqual(invitation.begins)
    }),
    { numRuns: 300 },
  )
})

test('a file that is merely kept names nobody who is asked to come', () => {
  const method = methodOf(invitation, false)
  expect(method).toBe('PUBLISH')
  expect(read(writeCalendar(invitation, method)).part.getAllProperties('attendee')).toEqual([])
  expect(methodOf({ ...invitation, organizer: null }, true)).toBe('PUBLISH')
  expect(methodOf({ ...invitation, isCancelled: true }, true)).toBe('CANCEL')
})
