// What single providers' clients had beyond their type's: shrunken, from a model's card. Pure.

import type { Card } from './engine/card.ts'

/** How a provider's effect on those who went there differs from the type's on all who took it; people of one, 95 % interval. Pooled
 *  (docs/methods/provider-effects.md): few clients say little, and the difference stays near nothing. */
export interface ProviderResult {
  readonly type: string
  readonly provider: string
  readonly clients: number
  readonly difference: number
  readonly low: number
  readonly high: number
}

/** What is not known of the type itself is taken out of the interval, since it stands with the estimate beside it: a provider's
 *  effect is the type's plus the difference, and their doubts add up as squares. Nothing of a type without a figure. */
export function resultsIn({ treated, providers }: Pick<Card, 'treated' | 'providers'>): readonly ProviderResult[] {
  const types = new Map(treated.map((type) => [type.arm, type]))
  return providers.flatMap(({ arm, provider, rows, estimate, low, high }) => {
    const type = types.get(arm)
    if (!type) return []
    const difference = estimate - type.estimate
    const half = Math.sqrt(Math.max(0, ((high - low) / 2) ** 2 - ((type.high - type.low) / 2) ** 2))
    return [{ type: arm, provider, clients: rows, difference, low: difference - half, high: difference + half }]
  })
}
