// The client's view of a kept recommendation, made from what the other features know.

import type { Client } from '#clients/index.ts'
import { definitionOf, factCodes, factNature, factsOf, type FactCode } from '#directory/index.ts'
import { findModelVersion } from '#evidence/index.ts'
import { sitesOf } from '#networks/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { findStaff } from '#staff/index.ts'
import type { KeptRecommendation } from '../recommendations.store.ts'
import { viewOf, type ClientView } from './view.ts'

export async function makeView(
  scene: Pick<Scene, 'db' | 'network'>,
  client: Client,
  recommendation: KeptRecommendation,
): Promise<ClientView> {
  const { db, network } = scene
  const adviser = await findStaff(db, client.adviserId ?? recommendation.madeBy)
  const site = (await sitesOf(db)).find(({ id }) => id === client.siteId)
  const model = recommendation.modelId ? await findModelVersion(db, recommendation.modelId) : null
  return viewOf(recommendation, {
    adviserName: adviser?.name ?? '',
    siteName: site?.name ?? network.name,
    episodes: model?.episodes ?? null,
    mayShow: (code) => isFact(code) && definitionOf(code).isProtected !== true,
    changeable: ({ unmet }) =>
      unmet.flatMap(({ rule }) => factsOf(rule)).filter((code) => factNature(code) !== 'fixed'),
  })
}

/** A fact that the list of facts still knows. */
export function isFact(code: string): code is FactCode {
  return factCodes.some((known) => known === code)
}
