// A referral by the reference that people say aloud.

import { findClient, fullName, mustGiveReason } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import { referralIdOf } from './find-referrals.store.ts'
import { findReferral } from './referrals.store.ts'

/** The referral that the words name (`R-7K3F-6Q`, with or without dashes, in small letters too), when this person may see it.
 *  Whose it is and where it goes is left out until they have said why they open the file. */
export async function referralNamed(
  scene: Scene,
  words: string,
): Promise<{ readonly id: ReferralId; readonly reference: string; readonly about: string | null } | null> {
  const parts = /^\s*R[\s-]*([0-9A-Z]{4})[\s-]*([0-9A-Z]{2})\s*$/i.exec(words)
  if (!parts) return null
  const id = await referralIdOf(scene.db, `R-${parts[1]}-${parts[2]}`.toUpperCase())
  const kept = id && (await findReferral(scene.db, id))
  const person = kept && (await findClient(scene.db, kept.file.clientId))
  if (!kept || !person) return null
  const isShown = !(await mustGiveReason(scene, person))
  const about = isShown ? `${fullName(person)} · ${kept.file.serviceName} · ${kept.file.organizationName}` : null
  return { id: kept.file.id, reference: kept.file.reference, about }
}
