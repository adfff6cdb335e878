// What single providers' clients had beyond their type's average: shrunken, from the model in use.

import type { Db } from '#platform/db/index.ts'
import { engineInUse } from './life/life.store.ts'

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

/** None where no engine's model is in use, or its episodes name no providers. The interval holds the type's own doubt as well: beside
 *  an estimate it is counted twice, and what comes of both is a little too wide. One query. */
export async function providerResults(db: Db): Promise<readonly ProviderResult[]> {
  const model = await engineInUse(db)
  if (!model) return []
  const averages = new Map(model.card.treated.map(({ arm, estimate }) => [arm, estimate]))
  return model.card.providers.flatMap(({ arm, provider, rows, estimate, low, high }) => {
    const average = averages.get(arm)
    if (average == null || estimate === null || low === null || high === null) return []
    return [
      { type: arm, provider, clients: rows, difference: estimate - average, low: low - average, high: high - average },
    ]
  })
}
