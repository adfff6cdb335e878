// What follows a change to a file: the features that keep rows of it are told, and its page is shown again.

import { redirect, type Answer, type Scene, type Work } from '#platform/http/index.ts'
import type { ClientHooks } from './client-hooks.ts'
import type { Client } from './client.ts'
import { idsOfFile } from './clients.store.ts'

/** Tells where the client's file lies now and who may see it. */
export async function accessChanged(scene: Scene, client: Client, hooks: ClientHooks<Work>): Promise<void> {
  const { siteId, restrictedTo } = client
  await hooks.onAccessChanged?.(scene, { clientIds: await idsOfFile(scene.db, client.id), siteId, restrictedTo })
}

export function backToFile(client: Pick<Client, 'id'>, notice: string): Answer {
  return redirect(`/clients/${client.id}`, notice)
}
