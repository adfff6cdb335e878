// Prospects from all past episodes of those who took no service.

import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { readWithoutService } from '../dataset.store.ts'
import { saveProspects } from './prospects.store.ts'
import { fitProspects } from './prospects.ts'

/** Reads, fits and puts in use; with too few episodes it is a model that says nothing. Runs as the job. */
export async function learnProspects(
  db: Db,
  { networkId, now, seed, draws }: { networkId: NetworkId; now: Date; seed: number; draws: number },
): Promise<void> {
  await saveProspects(db, networkId, fitProspects(await readWithoutService(db), { seed, draws }), now)
}
