// What happens to files without anyone opening them: a caseload handed over.

import type { Work } from '#platform/http/index.ts'
import { parseId, type ClientId } from '#platform/ids.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { handOverCaseload } from './caseload.store.ts'
import type { ClientHooks } from './client-hooks.ts'
import { idsOfFile } from './clients.store.ts'

export const handOverJob = 'clients.hand_over'

export function clientJobs(hooks: ClientHooks<Work> = {}): readonly TransactionJob[] {
  return [
    {
      name: handOverJob,
      // All files or none: an adviser's files are never split between two by a failure.
      async run(work, data) {
        const [from, to] = [parseId<'staff'>(data['from']), parseId<'staff'>(data['to'])]
        if (!from) return
        // A manager gives what lies at the sites that they manage; an administrator all.
        const sites = data['sites']
        const siteIds =
          typeof sites === 'string' ? sites.split(' ').flatMap((site) => parseId<'site'>(site) ?? []) : null
        const hand = { networkId: work.network.id, staffId: parseId<'staff'>(data['by']), now: work.now }
        const given: ClientId[] = []
        for (const { id, siteId, restrictedTo } of await handOverCaseload(work.db, hand, { from, to, siteIds })) {
          const clientIds = await idsOfFile(work.db, id)
          await hooks.onAccessChanged?.(work, { clientIds, siteId, restrictedTo })
          given.push(...clientIds)
        }
        if (to) await hooks.onReassigned?.(work, { clientIds: siteIds === null ? null : given, from, to, by: null })
      },
    },
  ]
}
