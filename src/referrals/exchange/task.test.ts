import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type CalendarDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import type { Happening } from '../event.ts'
import { aReferral, bakery, dayOfText, firstMeeting, mara, reported } from '../referral.factory.ts'
import { apply, type Referral } from '../referral.ts'
import {
  absenceReasons,
  clientDeclineReasons,
  completionResults,
  earlyEndReasons,
  partnerDeclineReasons,
} from '../reason.ts'
import { outcomeOf } from './outcome.ts'
import { patientOf, serviceRequestOf, type RequestSource } from './service-request.ts'
import { readTask, stepsTo } from './task-update.ts'
import { eventsThatHold, taskOf } from './task.ts'

const timeZone = 'Europe/Zurich'
const today = dayOfText('2026-06-30')
const file = {
  ...{ id: newId<'referral'>(), reference: 'R-7K3F-6Q', organizationId: newId<'organization'>() },
  ...{ organizationName: 'Bakery School', serviceId: newId<'service'>(), serviceName: 'Baking', serviceType: null },
}
const task = (referral: Referral, written: readonly string[] = []) =>
  taskOf({
    ...{ file, referral, sender: { name: 'Mara Lind', email: 'mara@example.org', site: 'North centre' }, timeZone },
    notes: written.map((words) => ({ words, from: 'Bakery School', at: new Date('2026-06-30T08:00:00Z') })),
    dueOn: null,
  })

/** The steps that a Task leads to, after it has travelled as JSON. */
function said(json: object, referral: Referral, knownWords: readonly string[] = []) {
  const read = readTask(JSON.parse(JSON.stringify(json)))
  if (!read.ok) return read
  return stepsTo(read.value, referral, { today, timeZone, knownWords })
}

/** The referral after a partner's system put this Task. */
function afterPut(json: object, referral: Referral): Referral {
  const steps = said(json, referral)
  if (!steps.ok) throw new Error(steps.problem.map(({ says }) => says).join(' '))
  return steps.value.reduce((current, { happening }) => {
    const result = apply(current, reported(bakery, happening), new Date('2026-06-30T12:00:00Z'))
    if (!result.ok) throw new Error(result.problem.code)
    return result.value
  }, referral)
}

const meaningOf = (referral: Referral) => {
  const { status, businessStatus, statusReason, executionPeriod, output } = task(referral)
  return JSON.parse(JSON.stringify({ status, businessStatus, statusReason, executionPeriod, output })) as object
}

const day = fc.integer({ min: 0, max: 100 }).map((days): CalendarDay => addDays(dayOfText('2026-03-02'), days))
const time = fc.option(
  fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((n) => `${n}`.padStart(2, '0')).join(':')),
)
const appointment = fc
  .record({ day, time, place: fc.string({ maxLength: 20 }), meeting: fc.constantFrom('', 'Ada') })
  .map((made) => ({ ...firstMeeting, ...made, place: made.place.trim() }))
const from = <T>(values: readonly T[]) => fc.constantFrom(...values)
const partnerSays: fc.Arbitrary<Happening> = fc.oneof(
  fc.option(day).map((expectedOn): Happening => ({ kind: 'waiting_list', expectedOn })),
  fc.option(appointment).map((made): Happening => ({ kind: 'accepted', appointment: made })),
  from(partnerDeclineReasons).map((reason): Happening => ({ kind: 'declined', by: 'partner', reason })),
  from(clientDeclineReasons).map((reason): Happening => ({ kind: 'declined', by: 'client', reason })),
  day.map((on): Happening => ({ kind: 'attended', on })),
  fc.tuple(day, from(absenceReasons)).map(([on, reason]): Happening => ({ kind: 'did_not_attend', on, reason })),
  fc.tuple(day, from(completionResults)).map(([on, result]): Happening => ({ kind: 'completed', on, result })),
  fc.tuple(day, from(earlyEndReasons)).map(([on, reason]): Happening => ({ kind: 'ended_early', on, reason })),
  appointment.map((made): Happening => ({ kind: 'appointment_made', appointment: made })),
)

test('whatever a partner can say keeps its meaning as a Task and back', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(partnerSays, { maxLength: 25 }), (history) => {
      let { referral } = aReferral().sent()
      for (const happening of history) {
        const result = apply(referral, reported(bakery, happening), new Date('2026-06-30T10:00:00Z'))
        if (!result.ok) continue
        const isMissedTwice =
          happening.kind === 'did_not_attend' &&
          eventsThatHold(referral).some((event) => event.kind === 'did_not_attend' && event.on === happening.on)
        // A second reason for one missed day is the one thing that the output, keyed by its day, cannot say.
        if (isMissedTwice) continue
        const put = afterPut(task(result.value), referral)
        expect(meaningOf(put)).toEqual(meaningOf(result.value))
        expect(put.state).toBe(result.value.state)
        expect(said(task(put), put)).toEqual({ ok: true, value: [] })
        seen.add(happening.kind)
        referral = result.value
      }
    }),
    { numRuns: 1500 },
  )
  expect(seen.size).toBe(8)
})

test('whatever comes is read or refused with an OperationOutcome that names the place', () => {
  const { referral } = aReferral().sent()
  const shaped = fc.record(
    {
      resourceType: fc.constantFrom('Task', 'Patient', 3),
      id: fc.anything(),
      status: fc.oneof(fc.constantFrom('accepted', 'rejected', 'completed', 'on-hold', 'x'), fc.anything()),
      statusReason: fc.anything(),
      businessStatus: fc.anything(),
      note: fc.anything(),
      executionPeriod: fc.anything(),
      output: fc.oneof(fc.array(fc.anything()), fc.anything()),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(fc.anything(), shaped), (json) => {
      const read = readTask(json)
      const steps = read.ok ? stepsTo(read.value, referral, { today, timeZone, knownWords: [] }) : read
      if (steps.ok) return
      const outcome = outcomeOf(steps.problem)
      expect(outcome.issue.length).toBeGreaterThan(0)
      for (const issue of outcome.issue) expect(issue.expression?.[0] ?? 'Task').toMatch(/^Task/)
    }),
    { numRuns: 2000 },
  )
})

describe('a Task', () => {
  const states = [
    ['requested', 'sent', aReferral().sent()],
    ['requested', 'waiting_list', aReferral().sent().waiting(dayOfText('2026-05-01'))],
    ['requested', 'more_information_asked', aReferral().sent().asked()],
    ['accepted', 'accepted', aReferral().sent().accepted(firstMeeting)],
    ['in-progress', 'under_way', aReferral().sent().accepted().at('2026-03-12T12:00:00Z').attended('2026-03-12')],
    ['rejected', 'declined', aReferral().sent().declined()],
    [
      'completed',
      'completed',
      aReferral().sent().accepted().at('2026-05-12T12:00:00Z').attended('2026-03-12').completed('2026-05-12'),
    ],
    ['failed', 'ended_early', aReferral().sent().accepted().then(bakery, endedEarly())],
    ['cancelled', 'withdrawn', aReferral().sent().then(mara, { kind: 'withdrawn', reason: 'sent_by_mistake' })],
  ] as const

  test.each(states)('is %s for a referral that is %s', (status, business, { referral }) => {
    const made = task(referral)
    expect(made.status).toBe(status)
    expect(made.businessStatus?.coding).toEqual([{ system: 'urn:waypost:referral-state', code: business }])
    expect(made).toMatchObject({ intent: 'order', focus: { reference: `ServiceRequest/${file.id}` } })
    if (['rejected', 'failed', 'cancelled'].includes(status)) expect(made.statusReason?.text).toBeTruthy()
  })

  test('says an appointment with its place in words and its moment with an offset', () => {
    const { referral } = aReferral().sent().accepted(firstMeeting)
    expect(task(referral).output?.[0]).toMatchObject({
      valueDateTime: '2026-03-12T08:30:00.000Z',
      extension: [{ valueString: '4 Mill Lane' }, { valueString: 'Ada' }, { valueCode: 'in_person' }],
    })
  })

  test('from a system that knows no codes of ours still moves the referral where FHIR alone is enough', () => {
    const { referral } = aReferral().sent()
    const bare = { resourceType: 'Task', id: file.id }
    const kinds = (json: object, of: Referral = referral) => {
      const steps = said(json, of)
      return steps.ok ? steps.value.map(({ happening }) => happening.kind) : steps.problem[0].at
    }
    expect(kinds({ ...bare, status: 'received' })).toEqual(['opened'])
    expect(kinds({ ...bare, status: 'accepted' })).toEqual(['accepted'])
    expect(kinds({ ...bare, status: 'on-hold' })).toEqual(['waiting_list'])
    expect(kinds({ ...bare, status: 'rejected' })).toBe('Task.statusReason')
    const { referral: accepted } = aReferral().sent().accepted()
    const began = { ...bare, status: 'in-progress', executionPeriod: { start: '2026-03-12' } }
    expect(kinds(began, accepted)).toEqual(['attended'])
    expect(kinds({ ...bare, status: 'in-progress' }, accepted)).toBe('Task.output')
    expect(kinds({ ...bare, status: 'accepted', note: [{ text: 'When may we ring?' }] }, accepted)).toEqual(['message'])
  })

  test.each(['draft', 'cancelled', 'ready', 'entered-in-error'])('is not set to %s by a partner', (status) => {
    const { referral } = aReferral().sent()
    expect(said({ resourceType: 'Task', id: file.id, status }, referral)).toMatchObject({
      ok: false,
      problem: [{ at: 'Task.status' }],
    })
  })

  test('is not set back to requested once it is answered', () => {
    const { referral } = aReferral().sent().accepted()
    expect(said({ resourceType: 'Task', id: file.id, status: 'requested' }, referral).ok).toBe(false)
  })
})

describe('the person', () => {
  const source = (entries: RequestSource['entries']): RequestSource => ({
    ...{ file, referral: aReferral().sent().referral, senderName: 'Mara Lind', entries },
    sharedAt: new Date('2026-03-02T09:00:00Z'),
  })
  const shared = [
    { field: 'name', lines: ['Noor Haddad'] },
    { field: 'phone', lines: ['+41791234567'] },
    { field: 'access_needs', lines: ['Step-free way'] },
    { field: 'reason_for_referral', lines: ['Hopes to bake.'] },
  ]

  test('has the fields that were agreed, and no other', () => {
    const patient = patientOf(source(shared))
    expect(patient.name).toEqual([{ text: 'Noor Haddad' }])
    expect(patient.telecom).toEqual([{ system: 'phone', value: '+41791234567' }])
    expect(Object.keys(patient).sort()).toEqual(['id', 'meta', 'name', 'resourceType', 'telecom'])
    expect(serviceRequestOf(source(shared))).toMatchObject({
      orderDetail: [{ text: 'Step-free way' }],
      reasonCode: [{ text: 'Hopes to bake.' }],
      contained: [{ resourceType: 'Consent', status: 'active' }],
    })
  })

  test('is masked once consent is withdrawn', () => {
    const both = JSON.stringify([patientOf(source(null)), serviceRequestOf(source(null))])
    for (const { lines } of shared) expect(both).not.toContain(lines[0])
    expect(both).toContain('masked')
    expect(serviceRequestOf(source(null)).contained).toMatchObject([{ status: 'inactive' }])
  })
})

function endedEarly(): Happening {
  return { kind: 'ended_early', on: dayOfText('2026-03-02'), reason: 'health' }
}
