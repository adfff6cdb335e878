// A partner's link for the terminal, made anew at each start.

import type { Kysely } from 'kysely'
import { inScope, type Database } from '#platform/db/index.ts'
import type { Network } from '#platform/http/index.ts'
import { workIn } from '#platform/http/work.ts'
import type { ReferralId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { liveLinkOf, partnerAddress, renewLink } from '#referrals/index.ts'
import { noQueue } from './fill.ts'

/** The address of the latest referral that waits for its partner; null when none waits. The links made before stop working. */
export async function demoPartnerLink(
  kysely: Kysely<Database>,
  { network, keys, publicUrl, now }: { network: Network; keys: Keys; publicUrl: string; now: Date },
): Promise<string | null> {
  return inScope(kysely, { role: 'job', networkId: network.id }, async (db) => {
    const waiting = await db
      .selectFrom('referrals')
      .select('id')
      .where('state', '=', 'sent')
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!waiting) return null
    const id = waiting.id as ReferralId
    const work = workIn(db, network, () => ({ kind: 'job', id: null }), {
      queue: noQueue,
      now: () => now,
      sendsMail: false,
    })
    const actor = { kind: 'system', id: null, name: 'Waypost' } as const
    const before = await liveLinkOf(db, id, now)
    const renewed = await renewLink(work, keys, {
      id,
      recipient: before?.recipient ?? 'partner@demo.example.org',
      actor,
    })
    const link = renewed.ok ? await liveLinkOf(db, id, now) : undefined
    return link ? partnerAddress(keys, link, publicUrl) : null
  })
}
