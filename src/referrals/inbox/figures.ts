// A partner's own figures: what it received in a period and what became of it. Nothing is hidden for being small: the partner
// has each of these referrals in its inbox, and a count tells it nothing that it does not know.

import { addDays, addWorkingDays, isWorkingDay, type CalendarDay, type Holidays } from '#platform/dates.ts'
import type { ReferralState } from '../referral.ts'

export const periods = ['quarter', 'year', 'all'] as const
export type Period = (typeof periods)[number]

/** The design's promise to clients: an answer within a working week. */
export const workingDaysToAnswer = 5

/** One referral as the figures see it. */
export interface Received {
  readonly serviceId: string
  readonly serviceName: string
  readonly sentOn: CalendarDay
  readonly state: ReferralState
  /** The first answer that was not undone, by the partner or in its name. */
  readonly answeredOn: CalendarDay | null
  /** When it ended without an answer: taken back, expired, or the client declined. */
  readonly endedUnansweredOn: CalendarDay | null
  readonly wasAccepted: boolean
  readonly firstAttendedOn: CalendarDay | null
  /** `no_places`, `too_far`, …; null unless it stands declined. */
  readonly declinedFor: string | null
}

export interface PartnerFigures {
  readonly received: number
  readonly answered: number
  /** Of `due`: those that were answered, or could have been for five whole working days. */
  readonly inTime: number
  readonly due: number
  /** Not answered, and there is still time. */
  readonly open: number
  /** Working days from the day of sending to the first answer; null without one. */
  readonly medianDays: number | null
  readonly accepted: number
  readonly attended: number
  readonly completed: number
  /** By reason, the most frequent first. */
  readonly declined: readonly { readonly reason: string; readonly count: number }[]
}

/** The first day of the period that this day lies in; null for all time. */
export function periodStart(period: Period, today: CalendarDay): CalendarDay | null {
  if (period === 'all') return null
  const [year, month] = [today.slice(0, 4), Number(today.slice(5, 7))]
  const first = period === 'year' ? 1 : month - ((month - 1) % 3)
  return `${year}-${String(first).padStart(2, '0')}-01` as CalendarDay
}

/** What became of these referrals, as it stands on this day. */
export function figuresOf(
  list: readonly Received[],
  { today, holidays }: { readonly today: CalendarDay; readonly holidays: Holidays },
): PartnerFigures {
  // Thousands of referrals share a few hundred days.
  const deadlineOf = remembered((day) => addWorkingDays(day, workingDaysToAnswer, holidays))
  const workingDaysFrom = remembered((from) => remembered((to: CalendarDay) => workingDaysBetween(from, to, holidays)))
  const deadline = ({ sentOn }: Received) => deadlineOf(sentOn)
  const answered = list.filter(({ answeredOn }) => answeredOn !== null)
  const unanswered = list.filter(({ answeredOn }) => answeredOn === null)
  const missed = unanswered.filter((one) => deadline(one) < (one.endedUnansweredOn ?? today))
  const days = answered.map((one) => workingDaysFrom(one.sentOn)(one.answeredOn!))
  return {
    received: list.length,
    answered: answered.length,
    inTime: answered.filter((one) => one.answeredOn! <= deadline(one)).length,
    due: answered.length + missed.length,
    open: unanswered.filter((one) => one.endedUnansweredOn === null && deadline(one) >= today).length,
    medianDays: median(days),
    accepted: list.filter(({ wasAccepted }) => wasAccepted).length,
    attended: list.filter(({ firstAttendedOn }) => firstAttendedOn !== null).length,
    completed: list.filter(({ state }) => state === 'completed').length,
    declined: byReason(list),
  }
}

/** The figures of each service, by name. */
export function figuresByService(
  list: readonly Received[],
  at: Parameters<typeof figuresOf>[1],
): readonly { readonly name: string; readonly figures: PartnerFigures }[] {
  const groups = [...Map.groupBy(list, ({ serviceId }) => serviceId).values()]
  return groups
    .map((group) => ({ name: group[0]?.serviceName ?? '', figures: figuresOf(group, at) }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

function byReason(list: readonly Received[]): PartnerFigures['declined'] {
  const reasons = list.flatMap(({ declinedFor }) => declinedFor ?? [])
  return [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, { length: count }]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason))
}

function remembered<Value>(work: (day: CalendarDay) => Value): (day: CalendarDay) => Value {
  const known = new Map<CalendarDay, Value>()
  return (day) => {
    const value = known.get(day) ?? work(day)
    known.set(day, value)
    return value
  }
}

/** Working days after `from`, up to and with `to`; 0 on the same day. */
function workingDaysBetween(from: CalendarDay, to: CalendarDay, holidays: Holidays): number {
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkingDay(day, holidays)) count++
  return count
}

/** The lower of the two in the middle, so that half of the answers came within it. */
function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? null
}
