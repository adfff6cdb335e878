// What one check came to, in the three words that a reader needs: few data that show nothing are no contradiction.

import type { Card } from './card.ts'

export type CheckVerdict = 'shown' | 'not_shown' | 'contradicted'

/** p is the chance of an estimate as large by chance alone, from one side: above this, the data speak for the opposite as clearly
 *  as a passed two-sided test at 0.05 speaks for the claim. */
const opposite = 0.975

/** A check without p counts what is there (who could have taken a service): not passed, it is contradicted. One of which
 *  nothing is known is not shown. */
export function verdictOf({ passed, p, estimate }: Card['checks'][number]): CheckVerdict {
  if (passed) return 'shown'
  if (estimate === null) return 'not_shown'
  return p === null || p > opposite ? 'contradicted' : 'not_shown'
}
