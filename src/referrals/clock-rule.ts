// A network's own clocks: the ladder of a step for a kind of service, for a partner, or for both.

import type { OrganizationId } from '#platform/ids.ts'
import { usualLadders, type ClockedStep, type Ladder, type Ladders, type Rung } from './clock.ts'

export interface ClockRule {
  readonly step: ClockedStep
  /** Null: for every kind of service. */
  readonly serviceType: string | null
  /** Null: for every partner. */
  readonly organizationId: OrganizationId | null
  readonly ladder: Ladder
}

/** The longest that one rung may take, in working days: half a year. Longer is no clock any more. */
export const longestRung = 130

/** The ladders of a referral: for each step the rule that speaks of it most narrowly. A rule for the partner goes before one
 *  for the kind of service, because a partner's pace is agreed with the partner. */
export function laddersFor(
  rules: readonly ClockRule[],
  of: { readonly serviceType: string | null; readonly organizationId: OrganizationId },
): Ladders {
  const fitting = rules
    .filter(({ serviceType }) => serviceType === null || serviceType === of.serviceType)
    .filter(({ organizationId }) => organizationId === null || organizationId === of.organizationId)
    .sort((a, b) => narrowness(a) - narrowness(b))
  const own = fitting.map(({ step, ladder }) => [step, ladder] as const)
  return { ...usualLadders, ...Object.fromEntries(own) }
}

/** The ladders of a referral that no narrower rule speaks of. */
export function laddersForAll(rules: readonly ClockRule[]): Ladders {
  const forAll = rules.filter(({ serviceType, organizationId }) => serviceType === null && organizationId === null)
  return { ...usualLadders, ...Object.fromEntries(forAll.map(({ step, ladder }) => [step, ladder] as const)) }
}

/** The ladder of the step with other days: who is told, and in which order, stays as it is. Null when a number of days is
 *  missing, is no whole number, or lies outside 1 to `longestRung`. */
export function ladderOfDays(step: ClockedStep, days: readonly number[]): Ladder | null {
  const usual = usualLadders[step]
  const isDays = (value: number | undefined) => Number.isInteger(value) && value! >= 1 && value! <= longestRung
  if (days.length !== usual.length || !days.every(isDays)) return null
  const [first, ...rest] = usual.map((rung, index): Rung => ({ ...rung, workingDays: days[index] ?? rung.workingDays }))
  return first === undefined ? null : [first, ...rest]
}

function narrowness({ serviceType, organizationId }: ClockRule): number {
  return (organizationId === null ? 0 : 2) + (serviceType === null ? 0 : 1)
}
