// What an adviser records of how somebody gets on.

import type { CalendarDay } from '#platform/dates.ts'
import { readDay, textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { outcomeKinds, statementSources, type OutcomeKind, type StatementSource } from './statement.ts'

/** Records of pay come by file, never by hand. */
export const tellers = statementSources.filter((source) => source !== 'wage_record')

export interface OutcomeForm {
  readonly kind: OutcomeKind
  readonly since: CalendarDay | null
  readonly source: StatementSource
  readonly monthlyEarningsCents: number | null
}

/** The kind and who said so are needed; since when and pay where they are known. Lost touch is the adviser's own word. */
export function readOutcome(body: FormBody, today: CalendarDay): Result<OutcomeForm, FieldProblem[]> {
  const kind = outcomeKinds.find((each) => each === textOf(body, 'kind'))
  const source = kind === 'lost_touch' ? 'adviser' : tellers.find((each) => each === textOf(body, 'source'))
  const since = readSince(body, today)
  const pay = readPay(textOf(body, 'pay'))
  const problems: FieldProblem[] = []
  if (kind === undefined) problems.push({ field: 'kind', key: 'outcomes.form.kind_missing' })
  if (!since.ok) problems.push(...since.problem)
  if (source === undefined) problems.push({ field: 'source', key: 'outcomes.form.source_missing' })
  if (pay === undefined) problems.push({ field: 'pay', key: 'outcomes.form.pay_unusable' })
  if (problems.length > 0 || kind === undefined || source === undefined || pay === undefined || !since.ok)
    return refused(problems)
  return ok({
    kind,
    since: kind === 'lost_touch' ? null : since.value,
    source,
    monthlyEarningsCents: kind === 'working' ? pay : null,
  })
}

/** A day that has been, or null when left empty. */
export function readSince(body: FormBody, today: CalendarDay): Result<CalendarDay | null, FieldProblem[]> {
  const since = readDay(body, 'since')
  if (!since.ok || since.value === null || since.value <= today) return since
  return refused([{ field: 'since', key: 'outcomes.form.since_in_future' }])
}

// Whole cents from what people type: 2100, 2 100, 2'100.50. Undefined when it is no amount.
function readPay(text: string): number | null | undefined {
  const plain = text.replace(/[\s'’]/g, '')
  if (plain === '') return null
  const parts = /^(\d{1,7})(?:[.,](\d{2}))?$/.exec(plain)
  return parts ? Number(parts[1]) * 100 + Number(parts[2] ?? 0) : undefined
}
