import { describe, expect, test } from 'vitest'
import { nextDueAt, usualLadders, wantedStep, whatStrikes } from './clock.ts'
import { aReferral, bakery, dayOfText, firstMeeting, mara, waypost } from './referral.factory.ts'

const zurich = { timeZone: 'Europe/Zurich', holidays: new Set([dayOfText('2026-03-06')]), ladders: usualLadders }
const due = (built: { referral: Parameters<typeof nextDueAt>[0] }) =>
  nextDueAt(built.referral, zurich)?.toISOString() ?? null

describe('when the next thing is due', () => {
  test('a partner has five working days to answer; a holiday and the weekend do not count', () => {
    // Sent on Monday 2 March; Friday 6 March is a holiday: the fifth working day is Tuesday 10 March, 17:00 in Zürich.
    expect(due(aReferral().sent())).toBe('2026-03-10T16:00:00.000Z')
  })

  test('a question of the partner is the adviser’s to answer within two working days', () => {
    expect(due(aReferral().sent().asked())).toBe('2026-03-04T16:00:00.000Z')
  })

  test('attendance is due on the working day after the appointment', () => {
    expect(due(aReferral().sent().accepted(firstMeeting))).toBe('2026-03-13T16:00:00.000Z')
  })

  test('an expected start sets the pace of the waiting list', () => {
    expect(due(aReferral().sent().waiting(dayOfText('2026-06-05')))).toBe('2026-06-08T15:00:00.000Z')
  })

  test('an ended referral stays due until the next step is recorded, and only then has no clock', () => {
    const declined = aReferral().sent().declined()
    expect(due(declined)).toBe('2026-03-04T16:00:00.000Z')
    expect(due(declined.then(mara, { kind: 'next_step_recorded', step: 'with_adviser' }))).toBeNull()
  })

  test('a partner without places is asked again on the day it named, and the referral stays due until then', () => {
    const full = (again: string) =>
      aReferral()
        .sent()
        .then(bakery, {
          kind: 'declined',
          by: 'partner',
          reason: 'no_places',
          requirementId: null,
          tryAgainOn: dayOfText(again),
        })
    expect(due(full('2026-04-15'))).toBe('2026-04-15T15:00:00.000Z')
    // A Sunday: the working day after it.
    expect(due(full('2026-04-19'))).toBe('2026-04-20T15:00:00.000Z')
    expect(wantedStep(full('2026-04-15').referral, dayOfText('2026-03-03'))).toEqual({
      of: 'adviser',
      step: 'try_again',
    })
  })

  test('who missed an appointment is offered another on the next working day, and only the adviser is reminded', () => {
    const missed = aReferral()
      .sent()
      .accepted(firstMeeting)
      .at('2026-03-12T15:00:00Z')
      .then(bakery, { kind: 'did_not_attend', on: firstMeeting.day, reason: 'transport' })
    expect(due(missed)).toBe('2026-03-13T16:00:00.000Z')
    expect(whatStrikes(missed.referral, new Date('2026-03-13T16:00:00Z'), zurich)).toBe('remind_adviser')
  })

  test('a mail that cannot be delivered is the adviser’s business today', () => {
    const failed = aReferral().sent().then(waypost, { kind: 'delivery_failed', cause: 'refused' })
    expect(due(failed)).toBe('2026-03-02T16:00:00.000Z')
    expect(wantedStep(failed.referral, dayOfText('2026-03-02'))).toEqual({ of: 'adviser', step: 'reach_partner' })
  })
})

describe('what the system does when nothing happened', () => {
  test('the partner first, then the adviser, then the manager, then it expires', () => {
    let sent = aReferral().sent()
    const struck: (string | null)[] = []
    for (let rung = 0; rung < 4; rung++) {
      const at = nextDueAt(sent.referral, zurich)
      if (at === null) throw new Error('no clock')
      expect(whatStrikes(sent.referral, new Date(at.getTime() - 1), zurich)).toBeNull()
      struck.push(whatStrikes(sent.referral, at, zurich))
      sent = sent.at(at.toISOString()).reminded()
    }
    expect(struck).toEqual(['remind_partner', 'remind_adviser', 'remind_manager', 'expire'])
  })

  test('after the second silence the adviser rings the partner', () => {
    const silent = aReferral().sent().reminded().reminded('adviser')
    expect(wantedStep(silent.referral, dayOfText('2026-03-30'))).toEqual({ of: 'adviser', step: 'reach_partner' })
  })
})

describe('whose turn it is', () => {
  const today = dayOfText('2026-03-12')
  test('an appointment today is the client’s; one of yesterday wants its attendance reported', () => {
    const accepted = aReferral().sent().accepted(firstMeeting).referral
    expect(wantedStep(accepted, today)).toEqual({ of: 'client', step: 'attend' })
    expect(wantedStep(accepted, dayOfText('2026-03-13'))).toEqual({ of: 'partner', step: 'report_attendance' })
  })

  test('accepted without a date wants one; a missed one is agreed anew by the adviser', () => {
    const accepted = aReferral().sent().accepted()
    expect(wantedStep(accepted.referral, today)).toEqual({ of: 'partner', step: 'name_appointment' })
    const missed = accepted
      .at('2026-03-12T18:00:00Z')
      .then(bakery, { kind: 'did_not_attend', on: today, reason: 'ill' })
    expect(wantedStep(missed.referral, today)).toEqual({ of: 'adviser', step: 'agree_appointment' })
  })
})
