// What the partner may see, on the referral's page.

import type { Client } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { summaryLines } from '../../assessment-summary.scene.ts'
import { offeredEntries } from '../../new/pages/new-referral.page.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { sharedModel } from '../pages/sharing.page.ts'
import { findShare } from '../referral-shares.store.ts'

/** Null for a draft, of which nothing is shared yet. */
export async function sharedPanel(scene: Scene, kept: KeptReferral, client: Client): Promise<Panel | null> {
  const share = await findShare(scene.db, kept.file.id)
  if (!share) return null
  const offered = offeredEntries(scene, client, { summary: await summaryLines(scene, client.id), words: '' })
  return { template: 'referrals/sharing/panels/shared.njk', model: sharedModel(scene, kept, { share, offered }) }
}
