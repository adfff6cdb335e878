// Why a referral is declined, with what each reason asks besides: which requirement, or when to ask again.

import type { CalendarDay } from '#platform/dates.ts'
import { readDay, textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Happening } from '../event.ts'
import { clientDeclineReasons, partnerDeclineReasons } from '../reason.ts'

/** The requirement that is not met stands in no list: it is said in words. */
export const otherRequirement = 'other'

/** Two taps are enough: what a reason asks besides may be left open, and is read only with its reason. */
export function readDecline(body: FormBody, today: CalendarDay): Result<Happening, FieldProblem[]> {
  const said = textOf(body, 'reason')
  const client = clientDeclineReasons.find((reason) => reason === said)
  if (client !== undefined) return ok({ kind: 'declined', by: 'client', reason: client })
  const reason = partnerDeclineReasons.find((known) => known === said)
  if (reason === undefined) return refused([{ field: 'reason', key: 'referrals.form.reason_missing' }])
  const declined = { kind: 'declined', by: 'partner', reason } as const
  if (reason === 'no_places') {
    const again = readDay(body, 'again')
    if (!again.ok) return again
    if (again.value !== null && again.value < today)
      return refused([{ field: 'again', key: 'referrals.form.day_in_past' }])
    return ok({ ...declined, requirementId: null, tryAgainOn: again.value })
  }
  const requirement = reason === 'not_eligible' ? textOf(body, 'requirement') : ''
  if (requirement === otherRequirement && textOf(body, 'words') === '')
    return refused([{ field: 'words', key: 'referrals.after-decline.requirement_words_missing' }])
  return ok({ ...declined, requirementId: parseId<'requirement'>(requirement), tryAgainOn: null })
}
