// The trade-off curve as the card has it.

import type { WelfareChoice } from '#numerics/index.ts'
import type { Card } from '../engine/card.ts'

/** One point a setting, in order. Settings without a standard error (one cluster, or one person among the worse off) say
 *  nothing that a reader could weigh, and are left out. */
export function welfarePoints(
  choices: readonly WelfareChoice[],
  arms: readonly string[],
): readonly Card['welfare'][number][] {
  return choices
    .filter(({ value, worseOff }) => Number.isFinite(value.se) && Number.isFinite(worseOff.se))
    .map(({ aversion, value, worseOff, shares }) => ({
      aversion,
      value: value.estimate,
      se: value.se,
      worseOffValue: worseOff.estimate,
      worseOffSe: worseOff.se,
      allocation: arms.map((arm, a) => ({ arm, share: shares[a] ?? 0 })),
    }))
}
