// Everything one adviser is responsible for, given to another when they leave.

import type { Db } from '#platform/db/index.ts'
import type { SiteId, StaffId } from '#platform/ids.ts'
import { changeFile } from './client-file.store.ts'
import { reassignFile, type Client } from './client.ts'
import { clientColumns, clientOf, type Hand } from './clients.store.ts'

/** Gives every file of `from`, closed and merged ones too, to `to` (nobody when null), or only those of these sites; each tells it in its history. Gives the files as
 *  they are now: where a restricted file has let its new adviser in, `onAccessChanged` is the caller's to pass on. Runs as
 *  a job: an administrator, who ends an account, may see no file. */
export async function handOverCaseload(
  db: Db,
  hand: Hand,
  { from, to, siteIds = null }: { from: StaffId; to: StaffId | null; siteIds?: readonly SiteId[] | null },
): Promise<readonly Client[]> {
  if (siteIds?.length === 0) return []
  let files = db.selectFrom('clients').select(clientColumns).where('adviser_id', '=', from)
  if (siteIds !== null) files = files.where('site_id', 'in', siteIds)
  const rows = await files.orderBy('id').forUpdate().execute()
  const given: Client[] = []
  for (const before of rows.map(clientOf)) {
    const after = reassignFile(before, { siteId: before.siteId, adviserId: to })
    if (!after.ok) continue
    const facts = { site_before: before.siteId, adviser_before: from, adviser: to }
    const saved = await changeFile(db, hand, { before, after: after.value }, { kind: 'reassigned', facts })
    // Held since it was read, so nobody else can have saved it.
    if (saved.ok) given.push(saved.value)
  }
  return given
}
