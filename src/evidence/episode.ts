// The unit that the evidence learns from: what was known of a person on one day, what they took, what came of it.

import type { CalendarDay } from '#platform/dates.ts'
import type { Facts } from '#directory/index.ts'

/** The arm of those who started no service within the window. */
export const noService = 'none'

/** One past episode. `taken` is a service type or `none`. Null: not known, which is never "not working". */
export interface Episode {
  readonly startedOn: CalendarDay | null
  readonly facts: Facts
  readonly taken: string
  readonly workingAt365: boolean | null
  readonly workingAt180: boolean | null
  readonly earningsAt365Cents: number | null
}

/** Who took one type, and of how many the outcome is known. */
export interface ArmCount {
  readonly type: string
  readonly episodes: number
  readonly known: number
  readonly working: number
}

/** The rule of docs/methods/classic-estimator.md. Below it an arm's own answer would be mostly chance: with 100 outcomes
 *  the standard error of a share is already 5 in 100; and twenty of the rarer outcome keep every bootstrap draw mixed
 *  (a draw without any has probability below e^-20). */
export const enough = { known: 100, ofEach: 20 } as const

export function hasEnough(arm: ArmCount): boolean {
  return arm.known >= enough.known && arm.working >= enough.ofEach && arm.known - arm.working >= enough.ofEach
}
