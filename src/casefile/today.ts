// A day's work in one order, by what is due: everything that waits for this person, and apart from it what waits for others.

import { addDays, dayIn, type CalendarDay } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'

/** When something must have happened, seen from today. */
export const dueGroups = ['late', 'today', 'this_week', 'later'] as const
export type DueGroup = (typeof dueGroups)[number]

export interface OrderedDay {
  /** Groups that hold something, the most urgent first; in each what is due first on top. */
  readonly mine: readonly { readonly group: DueGroup; readonly items: readonly DueItem[] }[]
  readonly others: readonly DueItem[]
}

/** Orders the items. What waits for others and is late is this person's again: somebody must ask after it. */
export function orderDay(
  items: readonly DueItem[],
  { now, today, timeZone }: { readonly now: Date; readonly today: CalendarDay; readonly timeZone: string },
): OrderedDay {
  const sorted = items.toSorted((a, b) => a.due.getTime() - b.due.getTime())
  const isMine = ({ waitsFor, due }: DueItem) => waitsFor === 'me' || due < now
  const groupOf = ({ due }: DueItem): DueGroup => {
    if (due < now) return 'late'
    const day = dayIn(timeZone, due)
    if (day <= today) return 'today'
    return day <= addDays(today, 7) ? 'this_week' : 'later'
  }
  const byGroup = Map.groupBy(sorted.filter(isMine), groupOf)
  return {
    mine: dueGroups.flatMap((group) => {
      const here = byGroup.get(group)
      return here ? [{ group, items: here }] : []
    }),
    others: sorted.filter((item) => !isMine(item)),
  }
}
