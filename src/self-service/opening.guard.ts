// A client's page stays open in the browser in which somebody pressed "Show", for half an hour: a signed cookie on the page's own
// path. Whoever has the address alone, a preview or another browser, sees the button and nothing personal.

import type { FastifyRequest } from 'fastify'
import { redirect, type Answer } from '#platform/http/index.ts'
import { sign, unsign, type Keys } from '#platform/secrets.ts'

/** Long enough to read slowly, short enough for a library's computer. */
const openSeconds = 30 * 60

/** One kind of page: what its cookie is called, and what it is signed for, so that it opens no other kind. */
export interface Opening {
  readonly cookie: string
  readonly purpose: string
}

/** A link as it was found at the door. */
interface Held {
  readonly id: string
  readonly revokedAt: Date | null
  readonly expiresAt: Date
}

/** Neither stopped nor over. */
export function isDead({ revokedAt, expiresAt }: Held, now: Date): boolean {
  return revokedAt !== null || expiresAt <= now
}

/** Whether this browser pressed "Show" for this link, less than half an hour ago. */
export function isOpenHere(
  { cookie, purpose }: Opening,
  { keys, request, link, now }: { keys: Keys; request: FastifyRequest; link: Pick<Held, 'id'>; now: Date },
): boolean {
  const [linkId, until] = (unsign(keys, purpose, request.cookies[cookie]) ?? '').split(' ')
  return linkId === link.id && Number(until) > now.getTime()
}

/** Goes on within the link's pages, which stay open in this browser for another half hour. `path` is what all of their
 *  addresses begin with. */
export function goOn(
  { cookie, purpose }: Opening,
  { keys, link, now }: { readonly keys: Keys; readonly link: Pick<Held, 'id'>; readonly now: Date },
  { path, to, notice }: { readonly path: string; readonly to: string; readonly notice?: string | undefined },
): Answer {
  const value = sign(keys, purpose, `${link.id} ${now.getTime() + openSeconds * 1000}`)
  const cookies = [{ name: cookie, value, path, maxAgeSeconds: openSeconds }]
  return redirect(`${path}/${to}`, notice, { cookies })
}
