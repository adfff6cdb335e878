// Providers' results of the model in use.

import type { Db } from '#platform/db/index.ts'
import { engineInUse } from './life/life.store.ts'
import { resultsIn, type ProviderResult } from './provider-results.ts'

/** None where no engine's model is in use, or its episodes name no providers. One query. */
export async function providerResults(db: Db): Promise<readonly ProviderResult[]> {
  const model = await engineInUse(db)
  return model ? resultsIn(model.card) : []
}
