import { describe, expect, test } from 'vitest'
import { dayOfText } from '../referral.factory.ts'
import { figuresByService, figuresOf, periodStart, type Received } from './figures.ts'

const at = { today: dayOfText('2026-03-16'), holidays: new Set([dayOfText('2026-03-05')]) }
const received = (says: Partial<Received> & { sent?: string; answered?: string } = {}): Received => ({
  serviceId: 'baking',
  serviceName: 'Baking',
  sentOn: dayOfText(says.sent ?? '2026-03-02'),
  state: 'sent',
  answeredOn: says.answered === undefined ? null : dayOfText(says.answered),
  endedUnansweredOn: null,
  wasAccepted: false,
  firstAttendedOn: null,
  declinedFor: null,
  ...says,
})

describe('answered within five working days', () => {
  test('counts working days, and no holiday', () => {
    // From Monday the 2nd, with Thursday the 5th free: Tuesday the 10th is the fifth working day.
    const list = [received({ answered: '2026-03-10' }), received({ answered: '2026-03-11' })]
    expect(figuresOf(list, at)).toMatchObject({ answered: 2, inTime: 1, due: 2, open: 0, medianDays: 5 })
  })

  test('what is silent for longer counts as not answered in time; what still has time counts as neither', () => {
    const list = [received(), received({ sent: '2026-03-13' })]
    expect(figuresOf(list, at)).toMatchObject({ answered: 0, inTime: 0, due: 1, open: 1, medianDays: null })
  })

  test('what was taken back before an answer was due is held against nobody', () => {
    const early = received({ state: 'withdrawn', endedUnansweredOn: dayOfText('2026-03-04') })
    const late = received({ state: 'expired', endedUnansweredOn: dayOfText('2026-03-13') })
    expect(figuresOf([early], at)).toMatchObject({ received: 1, due: 0, open: 0 })
    expect(figuresOf([late], at)).toMatchObject({ received: 1, due: 1, inTime: 0, open: 0 })
  })

  test('the median is the number of days within which half of the answers came', () => {
    const answers = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-13'].map((answered) => received({ answered }))
    expect(figuresOf(answers, at).medianDays).toBe(1)
  })
})

test('what became of them: accepted, came, completed, declined by reason', () => {
  const list = [
    received({ state: 'completed', wasAccepted: true, firstAttendedOn: dayOfText('2026-03-09') }),
    received({ state: 'accepted', wasAccepted: true }),
    received({ state: 'declined', declinedFor: 'no_places' }),
    received({ state: 'declined', declinedFor: 'too_far' }),
    received({ state: 'declined', declinedFor: 'no_places' }),
  ]
  expect(figuresOf(list, at)).toMatchObject({
    ...{ received: 5, accepted: 2, attended: 1, completed: 1 },
    declined: [
      { reason: 'no_places', count: 2 },
      { reason: 'too_far', count: 1 },
    ],
  })
})

test('services stand by name, each with its own', () => {
  const list = [received({ serviceId: 'z', serviceName: 'Zinc' }), received(), received()]
  expect(figuresByService(list, at).map(({ name, figures }) => [name, figures.received])).toEqual([
    ['Baking', 2],
    ['Zinc', 1],
  ])
})

test('a quarter and a year begin where the calendar says', () => {
  const today = dayOfText('2026-08-31')
  expect(periodStart('quarter', today)).toBe('2026-07-01')
  expect(periodStart('quarter', dayOfText('2026-01-01'))).toBe('2026-01-01')
  expect(periodStart('quarter', dayOfText('2026-12-31'))).toBe('2026-10-01')
  expect(periodStart('year', today)).toBe('2026-01-01')
  expect(periodStart('all', today)).toBeNull()
})
