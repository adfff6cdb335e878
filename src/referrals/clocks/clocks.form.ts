// Setting a clock: which step, for which kind of service and which partner, and how many working days each rung takes.

import { isServiceType, type ServiceType } from '#directory/index.ts'
import { textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { usualLadders, type ClockedStep, type Ladder } from '../clock.ts'
import { ladderOfDays, longestRung } from '../clock-rule.ts'

export interface ClockForm {
  readonly serviceType: ServiceType | null
  /** As it was typed; empty for all partners. */
  readonly partner: string
  readonly ladder: Ladder
}

export function dayField(rung: number): string {
  return `days-${rung}`
}

/** Refused with a problem beside each field: days that are no whole number from 1 to the longest, a kind that there is not. */
export function readClock(step: ClockedStep, body: FormBody): Result<ClockForm, FieldProblem[]> {
  const days = usualLadders[step].map((_, rung) => readDays(textOf(body, dayField(rung))))
  const type = textOf(body, 'serviceType')
  const problems: FieldProblem[] = days.flatMap((value, rung) =>
    value === null
      ? [{ field: dayField(rung), key: 'referrals.clocks.days_wrong', values: { most: longestRung } }]
      : [],
  )
  if (type !== '' && !isServiceType(type)) problems.push({ field: 'serviceType', key: 'referrals.clocks.type_wrong' })
  const ladder = ladderOfDays(
    step,
    days.map((value) => value ?? 0),
  )
  if (problems.length > 0 || ladder === null) return refused(problems)
  return ok({ serviceType: isServiceType(type) ? type : null, partner: textOf(body, 'partner').trim(), ladder })
}

function readDays(typed: string): number | null {
  const value = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0
  return value >= 1 && value <= longestRung ? value : null
}
