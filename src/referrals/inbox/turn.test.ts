import { describe, expect, test } from 'vitest'
import { usualLadders } from '../clock.ts'
import { aReferral, bakery, dayOfText, firstMeeting, mara, reported, waypost } from '../referral.factory.ts'
import { partnersTurn } from './turn.ts'

const clock = { timeZone: 'Europe/Zurich', holidays: new Set<never>(), ladders: usualLadders }
const turnOf = ({ referral }: Pick<ReturnType<typeof aReferral>, 'referral'>) => partnersTurn(referral, clock)

describe('it is the partner’s turn', () => {
  test('to answer from the day it was sent, within five working days', () => {
    expect(turnOf(aReferral().sent())).toEqual({ step: 'answer', from: '2026-03-02', by: '2026-03-09' })
  })

  test('and stays late, although reminders set the clock of others again', () => {
    const late = aReferral()
      .sent()
      .at('2026-03-09T17:01:00Z')
      .reminded('partner')
      .at('2026-03-12T17:01:00Z')
      .reminded('adviser')
      .then(waypost, { kind: 'delivery_failed', cause: 'refused' })
    expect(turnOf(late)).toEqual({ step: 'answer', from: '2026-03-02', by: '2026-03-09' })
  })

  test('to name an appointment once accepted, and to say whether they came from the day of the appointment', () => {
    const accepted = aReferral().sent().at('2026-03-03T09:00:00Z').accepted()
    expect(turnOf(accepted)).toEqual({ step: 'name_appointment', from: '2026-03-03', by: '2026-03-06' })
    const made = accepted.then(bakery, { kind: 'appointment_made', appointment: firstMeeting })
    expect(turnOf(made)).toEqual({ step: 'report_attendance', from: '2026-03-12', by: '2026-03-13' })
  })

  test('to offer a start when the expected day has come', () => {
    const waiting = aReferral().sent().waiting(dayOfText('2026-04-01'))
    expect(turnOf(waiting)).toEqual({ step: 'offer_start', from: '2026-04-01', by: '2026-04-02' })
  })

  test('to say how it ended when its clock has run', () => {
    const underWay = aReferral().sent().accepted().attended('2026-03-02')
    expect(turnOf(underWay)).toEqual({ step: 'report_end', from: '2026-04-27', by: '2026-04-27' })
  })
})

describe('it is not the partner’s turn', () => {
  test('before it was sent, while the adviser owes an answer, after a missed appointment, and once it has ended', () => {
    expect(turnOf(aReferral())).toBeNull()
    expect(turnOf(aReferral().sent().asked())).toBeNull()
    const missed = { kind: 'did_not_attend', on: dayOfText('2026-03-02'), reason: 'ill' } as const
    expect(turnOf(aReferral().sent().accepted().then(bakery, missed))).toBeNull()
    expect(turnOf(aReferral().sent().declined())).toBeNull()
  })
})

test('an answer that was undone begins the turn anew, and what was undone counts for nothing', () => {
  const declined = aReferral().sent().at('2026-03-04T09:00:00Z').declined()
  const undone = declined.then(mara, { kind: 'corrected', corrects: declined.referral.ledHere.id })
  expect(turnOf(undone)).toEqual({ step: 'answer', from: '2026-03-04', by: '2026-03-11' })
})

test('who looks after it at the partner, and that it was opened, move no day', () => {
  const sent = aReferral().sent()
  const given = sent
    .at('2026-03-05T09:00:00Z')
    .then(bakery, { kind: 'opened' })
    .then(bakery, { kind: 'reassigned', to: 'Ada', side: 'partner' })
  expect(turnOf(given)).toEqual(turnOf(sent))
  expect(reported(bakery, { kind: 'reassigned', to: '', side: 'partner' }).kind).toBe('reassigned')
})
