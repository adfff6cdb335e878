// The kept recommendation that a page of a client's file is about, and the marks that its rows carry.

import { idsOfFile, type Client } from '#clients/index.ts'
import { notFound, type Scene } from '#platform/http/index.ts'
import type { RecommendationId } from '#platform/ids.ts'
import { findRecommendation, type FileMarks, type KeptRecommendation } from '../recommendations.store.ts'

/** 404 when there is none of that id, or it is another file's. */
export async function recommendationOfFile(
  scene: Pick<Scene, 'db'>,
  client: Pick<Client, 'id'>,
  id: RecommendationId,
): Promise<KeptRecommendation> {
  const recommendation = (await findRecommendation(scene.db, id)) ?? notFound()
  const own = await idsOfFile(scene.db, client.id)
  return own.includes(recommendation.clientId) ? recommendation : notFound()
}

export function marksOf(scene: Pick<Scene, 'network'>, client: Client): FileMarks {
  const { id: clientId, siteId, restrictedTo } = client
  return { networkId: scene.network.id, clientId, siteId, restrictedTo }
}
