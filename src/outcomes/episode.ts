// The unit that the evidence learns from: what was known on the day an assessment was completed (time zero), the service
// that was started within 90 days, and whether the person worked on day 180 and day 365.

import { addDays, addMonths, type CalendarDay } from '#platform/dates.ts'
import { statusOn, type Statement, type StatusOnDay } from './statement.ts'

/** Days from time zero within which a first attendance makes a service the one taken. */
const daysToStart = 90
const firstOutcomeDay = 180
const outcomeDay = 365
/** Days after an episode has closed before a new one may start. */
const daysBetweenEpisodes = 180
/** Days after the outcome day in which an answer may still come in. */
const daysToAnswer = 90

/** Months after time zero at which every assessed client is asked how it goes. */
export const followUpMonths = [3, 6, 12] as const
export type FollowUpMonths = (typeof followUpMonths)[number]

/** open: younger than the outcome day, or its answer may still come. missing: nobody knows; never "not working". */
export type EpisodeState = 'open' | 'completed' | 'missing'

export interface Attendance {
  /** A code of the directory's service types; null where nobody has said which it is. */
  readonly serviceType: string | null
  readonly on: CalendarDay
}

export interface EpisodeOutcome {
  readonly state: EpisodeState
  readonly closedOn: CalendarDay | null
  /** A service type, `none` once the window has passed without one, null while it may still begin. */
  readonly taken: string | null
  readonly takenOn: CalendarDay | null
  /** The first service type that the person was referred to in the window, for the second analysis. */
  readonly referredTo: string | null
  readonly at180: StatusOnDay | null
  readonly at365: StatusOnDay | null
}

/** Nobody has two episodes open, and a new one starts only when the last has been closed for 180 days. */
export function mayStart(last: { readonly closedOn: CalendarDay | null } | null, day: CalendarDay): boolean {
  if (last === null) return true
  return last.closedOn !== null && addDays(last.closedOn, daysBetweenEpisodes) <= day
}

export function followUpDueOn(startedOn: CalendarDay, months: FollowUpMonths): CalendarDay {
  return addMonths(startedOn, months)
}

/** The last day on which the answer to a follow-up still speaks of its time; afterwards the next one asks. */
export function followUpEndsOn(startedOn: CalendarDay, months: FollowUpMonths): CalendarDay {
  const next = followUpMonths[followUpMonths.indexOf(months) + 1]
  return next === undefined
    ? addDays(startedOn, outcomeDay + daysToAnswer)
    : addDays(followUpDueOn(startedOn, next), -1)
}

/** What is known of an episode on a day, from everything that was recorded by then. */
export function outcomeOf(
  startedOn: CalendarDay,
  known: {
    readonly statements: readonly Statement[]
    readonly attendances: readonly Attendance[]
    readonly referrals: readonly Attendance[]
  },
  today: CalendarDay,
): EpisodeOutcome {
  const first = firstWithin(startedOn, known.attendances)
  const windowIsOver = addDays(startedOn, daysToStart) < today
  const at180 = statusOn(addDays(startedOn, firstOutcomeDay), known.statements)
  const at365 = statusOn(addDays(startedOn, outcomeDay), known.statements)
  const closing = closingOf(startedOn, { at365, statements: known.statements }, today)
  return {
    ...closing,
    taken: first?.serviceType ?? (windowIsOver && first === null ? 'none' : null),
    takenOn: first?.on ?? null,
    referredTo: firstWithin(startedOn, known.referrals)?.serviceType ?? null,
    at180: addDays(startedOn, firstOutcomeDay) <= today ? at180 : null,
    at365: addDays(startedOn, outcomeDay) <= today ? at365 : null,
  }
}

function closingOf(
  startedOn: CalendarDay,
  { at365, statements }: { at365: StatusOnDay | null; statements: readonly Statement[] },
  today: CalendarDay,
): Pick<EpisodeOutcome, 'state' | 'closedOn'> {
  const day365 = addDays(startedOn, outcomeDay)
  if (today < day365) return { state: 'open', closedOn: null }
  // An episode closes on its outcome day, however late the answer comes: the next one must not depend on our diligence.
  if (at365 !== null) return { state: 'completed', closedOn: day365 }
  const givenUp = statements.some((statement) => statement.kind === 'lost_touch' && statement.asOf >= day365)
  if (givenUp || addDays(day365, daysToAnswer) < today) return { state: 'missing', closedOn: day365 }
  return { state: 'open', closedOn: null }
}

function firstWithin(startedOn: CalendarDay, happened: readonly Attendance[]): Attendance | null {
  const last = addDays(startedOn, daysToStart)
  const inWindow = happened.filter(({ on }) => startedOn <= on && on <= last)
  return inWindow.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))[0] ?? null
}
