// Credentials, sessions, links and passkeys are read and written at the door alone, also when a signed-in person asks for it.

import { changeScope } from '../db/index.ts'
import { scopeOf, type SignedIn } from '../http/entrance.ts'
import type { Scene } from '../http/scene.ts'

/**
 * Does one thing as `waypost_door` within the request's transaction, then goes on as the person. Row-level security does not
 * tell accounts of a network apart there: the caller has found the account as the person, who may see it.
 */
export async function atDoor<T>(
  scene: Pick<Scene<SignedIn>, 'db' | 'network' | 'actor'>,
  work: () => Promise<T>,
): Promise<T> {
  await changeScope(scene.db, { role: 'door', networkId: scene.network.id })
  // When the work throws, the transaction ends with it: there is nobody to turn back into.
  const done = await work()
  await changeScope(scene.db, scopeOf(scene.actor, scene.network))
  return done
}
