// The one way into a file from a page: an own site's at once, another site's after a reason, a merged one's at its survivor.
// Every way in leaves a trace.

import { notFound, redirect, type Answer, type Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { hasVisit } from './client-access.store.ts'
import { isOutside, type Client } from './client.ts'
import { findClient } from './clients.store.ts'
import { handOf } from './surroundings.scene.ts'

/** Opens the file and does the work in it; otherwise answers with where to go first: the reason's page or the surviving
 *  file. 404 when there is no file that this person may see. Call it in every page of a client, of any feature. */
export async function inFile(scene: Scene, id: ClientId, work: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = (await findClient(scene.db, id)) ?? notFound()
  if (client.id !== id) return redirect(`/clients/${client.id}`)
  if (await mustGiveReason(scene, client)) return redirect(`/clients/${client.id}/reason`)
  await scene.record('client.opened', { clientId: client.id, facts: { outside: isOutside(client, scene.actor) } })
  return work(client)
}

/** Whether this person must first say why they open the file. */
export async function mustGiveReason(scene: Scene, client: Client): Promise<boolean> {
  return isOutside(client, scene.actor) && !(await hasVisit(scene.db, client.id, handOf(scene)))
}
