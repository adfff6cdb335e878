// What happens here when a client's file changes elsewhere. `app.ts` hands these to clients.

import type { AccessChanged, ConsentWithdrawn } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import { spreadAllocationMarks } from './allocation/allocations.store.ts'
import { spreadPlanMarks } from './plan/plan-versions.store.ts'
import { spreadMarks } from './recommendations.store.ts'
import { spreadViewMarks } from './for-client/for-client.store.ts'
import { stopMailedLinks } from './for-client/links.acts.ts'
import { spreadOrderMarks } from './together/client-orders.store.ts'

/** The file moved to another site, or only some may see it: its recommendations follow. */
export async function onAccessChanged(work: Work, { clientIds, siteId, restrictedTo }: AccessChanged): Promise<void> {
  await spreadMarks(work.db, clientIds, { siteId, restrictedTo })
  await spreadAllocationMarks(work.db, clientIds, { siteId, restrictedTo })
  await spreadOrderMarks(work.db, clientIds, { siteId, restrictedTo })
  await spreadPlanMarks(work.db, clientIds, { siteId, restrictedTo })
  await spreadViewMarks(work.db, clientIds, { siteId, restrictedTo })
}

/** Consent is withdrawn: a client who may not be written to is not reached by their links to a ranking either. */
export async function onConsentWithdrawn(work: Work, withdrawn: ConsentWithdrawn): Promise<void> {
  await stopMailedLinks(work, withdrawn)
}
