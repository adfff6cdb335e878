import { describe, expect, test } from 'vitest'
import { daysBetween, parseDay, type CalendarDay } from '#platform/dates.ts'
import { loopOf, type Move } from './loop.ts'

const day = (n: number): CalendarDay => parseDay(`2026-03-${String(n).padStart(2, '0')}`)!
// Every day works here: what is tested is what is counted.
const workingDays = (from: CalendarDay, to: CalendarDay) => Math.max(0, daysBetween(from, to))
const move = (kind: Move['kind'], on: number, more: Partial<Move> = {}): Move => ({
  ...{ kind, on: day(on), actor: 'partner', by: null, reason: null },
  ...more,
})
const sent = move('sent', 1, { actor: 'adviser' })
const loop = (moves: readonly Move[], today = 30) => loopOf([sent, ...moves], day(today), workingDays)!
const counted = (moves: readonly Move[], today = 30) => loop(moves, today).counted

describe('answers', () => {
  test('a referral that is still open is not unanswered until its clock has run out', () => {
    expect(counted([]).answer).toBe('open')
    expect(counted([move('expired', 20, { actor: 'system' })]).answer).toBe('expired')
  })

  test('a waiting list and a question are answers too', () => {
    for (const kind of ['accepted', 'waiting_list', 'more_information_asked'] as const)
      expect(counted([move(kind, 3)]).answer).toBe('answered')
  })

  test('that the client said no is an answer when the partner reports it, else the referral was taken back', () => {
    const no = { by: 'client', reason: 'too_far' }
    expect(counted([move('declined', 3, no)]).answer).toBe('answered')
    expect(counted([move('declined', 3, { ...no, actor: 'adviser' })]).answer).toBe('taken_back')
    expect(counted([move('withdrawn', 3, { actor: 'adviser' })]).answer).toBe('taken_back')
  })

  test('within five days counts only referrals whose five days have passed, quick answers included', () => {
    expect(counted([move('accepted', 2)], 6)).not.toHaveProperty('within_5')
    expect(counted([move('accepted', 2)], 7).within_5).toBe('yes')
    expect(counted([move('accepted', 6)], 7).within_5).toBe('yes')
    expect(counted([move('accepted', 7)], 7).within_5).toBe('no')
    expect(counted([], 7).within_5).toBe('no')
  })

  test('taken back within the days is not counted, later it is unanswered', () => {
    const back = (on: number) => [move('withdrawn', on, { actor: 'adviser' })]
    expect(counted(back(4))).not.toHaveProperty('within_5')
    expect(counted(back(8)).within_5).toBe('no')
    expect(counted(back(8))).not.toHaveProperty('within_10')
  })
})

describe('what follows', () => {
  test('declines say by whom and why; the first decision counts', () => {
    const declined = loop([move('declined', 3, { by: 'partner', reason: 'no_places' })])
    expect(declined).toMatchObject({ declinedBy: 'partner', declineReason: 'no_places' })
    expect(declined.counted.decision).toBe('declined_by_partner')
    expect(counted([move('waiting_list', 2), move('accepted', 9)]).decision).toBe('accepted')
  })

  test('attendance is of the accepted: came, never came, or not known yet', () => {
    const accepted = move('accepted', 3)
    expect(counted([accepted]).attendance).toBe('open')
    expect(counted([accepted, move('attended', 5)]).attendance).toBe('attended')
    expect(counted([accepted, move('ended_early', 9)]).attendance).toBe('never')
    expect(counted([move('declined', 3, { by: 'partner' })])).not.toHaveProperty('attendance')
  })

  test('a missed appointment counts once, whatever came later', () => {
    const accepted = move('accepted', 3)
    const missed = move('did_not_attend', 5)
    expect(counted([accepted, missed, missed, move('attended', 9)]).missed).toBe('missed')
    expect(counted([accepted, move('attended', 9)]).missed).toBe('none')
    expect(counted([accepted])).not.toHaveProperty('missed')
  })

  test('completion is of those who came', () => {
    const came = [move('accepted', 3), move('attended', 5)]
    expect(counted(came).completion).toBe('open')
    expect(counted([...came, move('completed', 20)]).completion).toBe('completed')
    expect(counted([...came, move('ended_early', 20)]).completion).toBe('stopped')
    expect(counted([move('accepted', 3), move('ended_early', 20)])).not.toHaveProperty('completion')
  })

  test('closed is an end with a next step', () => {
    const ended = move('withdrawn', 4, { actor: 'adviser' })
    expect(counted([])).not.toHaveProperty('closing')
    expect(counted([ended]).closing).toBe('waiting')
    expect(counted([ended, move('next_step_recorded', 6)]).closing).toBe('closed')
  })

  test('what was never sent is counted nowhere', () => {
    expect(loopOf([move('withdrawn', 2)], day(9), workingDays)).toBeNull()
  })
})

describe('time in each step', () => {
  test('runs from entering a step to leaving it; the step it stands at is not over', () => {
    expect(loop([move('waiting_list', 4), move('accepted', 10)], 12).stays).toEqual([
      { step: 'sent', days: 3, isOver: true },
      { step: 'waiting_list', days: 6, isOver: true },
      { step: 'accepted', days: 2, isOver: false },
    ])
  })

  test('coming again begins nothing anew, and the next step ends the last one', () => {
    const moves = [move('accepted', 2), move('attended', 5), move('attended', 8), move('completed', 20)]
    expect(loop([...moves, move('next_step_recorded', 21)]).stays.slice(2)).toEqual([
      { step: 'under_way', days: 15, isOver: true },
      { step: 'ended', days: 1, isOver: true },
    ])
  })

  test('a day told later that lies before the step began took no time', () => {
    expect(loop([move('accepted', 9), move('attended', 5)]).stays[1]).toEqual({
      step: 'accepted',
      days: 0,
      isOver: true,
    })
  })
})
