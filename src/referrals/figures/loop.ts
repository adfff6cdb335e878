// One referral as the figures see it: when it was sent, what was answered, who came, how it ended, and how long each step took.
// The definitions stand in docs/methods/referral-figures.md; every one is here once.

import type { CalendarDay } from '#platform/dates.ts'
import { ends, type End, type OpenState } from '../referral.ts'

/** A step that takes time: a state of an open referral, or an end that waits for the client's next step. */
export const steps = ['sent', 'waiting_list', 'more_information_asked', 'accepted', 'under_way', 'ended'] as const
export type Step = (typeof steps)[number]

/** What moved the referral, oldest first, without what was corrected. `on`: the day it happened as far as that was said, else
 *  the day it was recorded. */
export interface Move {
  readonly kind:
    Exclude<OpenState, 'drafted' | 'under_way'> | End | 'attended' | 'did_not_attend' | 'next_step_recorded'
  readonly on: CalendarDay
  /** Who recorded it. */
  readonly actor: string
  /** Who said no, and why: with a decline alone. */
  readonly by: string | null
  readonly reason: string | null
}

/** Counts the working days after the first day, up to and with the second: 0 on the same day. */
export type CountWorkingDays = (from: CalendarDay, to: CalendarDay) => number

/** How long the referral stood at a step, in working days; `isOver`: false while it stands there. */
export interface Stay {
  readonly step: Step
  readonly days: number
  readonly isOver: boolean
}

/** The measures, and what the people counted by each may be. The categories of a measure exclude each other. */
export const measures = {
  answer: ['answered', 'expired', 'taken_back', 'open'],
  within_5: ['yes', 'no'],
  within_10: ['yes', 'no'],
  decision: ['accepted', 'declined_by_partner', 'declined_by_client'],
  attendance: ['attended', 'never', 'open'],
  missed: ['missed', 'none'],
  completion: ['completed', 'stopped', 'open'],
  closing: ['closed', 'waiting'],
} as const
export type Measure = keyof typeof measures

export interface Loop {
  readonly sentOn: CalendarDay
  /** The category of each measure that counts this referral. */
  readonly counted: Readonly<Partial<Record<Measure, string>>>
  readonly declinedBy: 'partner' | 'client' | null
  readonly declineReason: string | null
  readonly stays: readonly Stay[]
}

/** What the moves say as it is known today; null when it was never sent. */
export function loopOf(moves: readonly Move[], today: CalendarDay, workingDays: CountWorkingDays): Loop | null {
  const sentOn = moves.find(({ kind }) => kind === 'sent')?.on
  if (sentOn === undefined) return null
  const decision = moves.find(({ kind }) => kind === 'accepted' || kind === 'declined')
  const declinedBy = decision?.kind !== 'declined' ? null : decision.by === 'client' ? 'client' : 'partner'
  const counted = {
    answer: answerOf(moves),
    within_5: answeredWithin(5, { moves, sentOn, today, workingDays }),
    within_10: answeredWithin(10, { moves, sentOn, today, workingDays }),
    decision: decision && (declinedBy === null ? 'accepted' : `declined_by_${declinedBy}`),
    attendance: decision?.kind === 'accepted' ? attendanceOf(moves) : undefined,
    missed: decision?.kind === 'accepted' ? missedOf(moves) : undefined,
    completion: decision?.kind === 'accepted' ? completionOf(moves) : undefined,
    closing: closingOf(moves),
  }
  return {
    sentOn,
    counted: Object.fromEntries(Object.entries(counted).filter(([, category]) => category !== undefined)),
    declinedBy,
    declineReason: declinedBy === null ? null : (decision?.reason ?? null),
    stays: staysOf(moves, today, workingDays),
  }
}

const hasEnded = (moves: readonly Move[]) => moves.some(({ kind }) => isEnd(kind))
const hasAttended = (moves: readonly Move[]) => moves.some(({ kind }) => kind === 'attended')

/** The partner's first answer, of whatever kind. That the client said no is one when the partner reports it. */
function firstAnswer(moves: readonly Move[]): Move | undefined {
  return moves.find(({ kind, actor, by }) => {
    if (kind === 'declined') return by !== 'client' || actor === 'partner'
    return kind === 'accepted' || kind === 'waiting_list' || kind === 'more_information_asked'
  })
}

/** A referral that is still open is not unanswered: its clock has not run out. Taken back: before any answer. */
function answerOf(moves: readonly Move[]): string {
  if (firstAnswer(moves)) return 'answered'
  if (moves.some(({ kind }) => kind === 'expired')) return 'expired'
  return hasEnded(moves) ? 'taken_back' : 'open'
}

/** Counted once so many working days have passed, answered or not: quick answers alone would flatter the latest month. One
 *  that was taken back within those days asked nothing of the partner any more, and is not counted. */
function answeredWithin(
  days: number,
  {
    moves,
    sentOn,
    today,
    workingDays,
  }: {
    moves: readonly Move[]
    sentOn: CalendarDay
    today: CalendarDay
    workingDays: CountWorkingDays
  },
): 'yes' | 'no' | undefined {
  if (workingDays(sentOn, today) <= days) return undefined
  const answer = firstAnswer(moves)
  if (answer) return workingDays(sentOn, answer.on) <= days ? 'yes' : 'no'
  const end = moves.find(({ kind }) => isEnd(kind))
  const isTakenBack = end !== undefined && end.kind !== 'expired' && workingDays(sentOn, end.on) <= days
  return isTakenBack ? undefined : 'no'
}

function attendanceOf(moves: readonly Move[]): string {
  return hasAttended(moves) ? 'attended' : hasEnded(moves) ? 'never' : 'open'
}

/** Of those whose coming or not coming was told at all. */
function missedOf(moves: readonly Move[]): string | undefined {
  if (moves.some(({ kind }) => kind === 'did_not_attend')) return 'missed'
  return hasAttended(moves) ? 'none' : undefined
}

function completionOf(moves: readonly Move[]): string | undefined {
  if (!hasAttended(moves)) return undefined
  if (moves.some(({ kind }) => kind === 'completed')) return 'completed'
  return hasEnded(moves) ? 'stopped' : 'open'
}

function closingOf(moves: readonly Move[]): string | undefined {
  if (!hasEnded(moves)) return undefined
  return moves.some(({ kind }) => kind === 'next_step_recorded') ? 'closed' : 'waiting'
}

function staysOf(moves: readonly Move[], today: CalendarDay, workingDays: CountWorkingDays): readonly Stay[] {
  const stays: Stay[] = []
  let step: Step | null = null
  let since = today
  for (const { kind, on } of moves) {
    const next = stepAfter(kind)
    if (next === undefined || next === step) continue
    // A day told later may lie before the step began: then it took no time.
    if (step !== null) stays.push({ step, days: on > since ? workingDays(since, on) : 0, isOver: true })
    step = next
    since = on
  }
  if (step !== null) stays.push({ step, days: workingDays(since, today), isOver: false })
  return stays
}

/** The step that a move leads to; null when all is done, undefined when it moves nothing. */
function stepAfter(kind: Move['kind']): Step | null | undefined {
  if (isEnd(kind)) return 'ended'
  switch (kind) {
    case 'attended':
      return 'under_way'
    case 'next_step_recorded':
      return null
    case 'did_not_attend':
      return undefined
    default:
      return kind
  }
}

function isEnd(kind: string): kind is End {
  return ends.some((end) => end === kind)
}
