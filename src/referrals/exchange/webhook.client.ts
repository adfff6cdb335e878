// One try to tell a partner's system: a POST to the address that was checked, no redirect followed, the answer's body unread.

import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import {
  bareHost,
  guardedLookup,
  isPublic,
  isTrusted,
  type Resolve,
  type TrustedHosts,
} from './webhook-address.guard.ts'

export interface Posting {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PostTools {
  readonly trusted: TrustedHosts
  readonly resolve?: Resolve
  /** Within 15 to 30 seconds by the advice of Standard Webhooks. */
  readonly timeoutMs?: number
}

export interface Answered {
  /** Null when no answer came. */
  readonly status: number | null
  /** A code, never the other side's words; null when an answer came. */
  readonly problem: string | null
  /** Seconds that the receiver asks to be left alone. */
  readonly retryAfter: number | null
}

const usualTimeoutMs = 15_000

/** Tells it once. Never throws: whatever goes wrong is an answer too. */
export async function post({ url, headers, body }: Posting, tools: PostTools): Promise<Answered> {
  const isAllowed = isTrusted(url, tools.trusted)
  const host = bareHost(url)
  if (isIP(host) !== 0 && !isPublic(host) && !isAllowed) return without('private_address')
  if (url.protocol !== 'https:' && !isAllowed) return without('not_https')
  const { timeoutMs = usualTimeoutMs } = tools
  return new Promise((resolve) => {
    const library = url.protocol === 'https:' ? https : http
    const request = library.request(
      url,
      {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'Waypost-webhooks/1',
        },
        // A connection of its own: none is kept that was checked for another try.
        agent: false,
        lookup: guardedLookup(isAllowed, tools.resolve),
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const seconds = Number(response.headers['retry-after'])
        resolve({
          status: response.statusCode ?? null,
          problem: null,
          retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
        })
        // The status says all. However much would follow, it is not taken in.
        response.destroy()
      },
    )
    request.on('error', (error) => resolve(without(codeOf(error))))
    request.end(body)
  })
}

function without(problem: string): Answered {
  return { status: null, problem, retryAfter: null }
}

/** A code that says what to look for; sentences of the network's software may hold addresses. */
function codeOf(error: Error & { readonly code?: unknown }): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout'
  return typeof error.code === 'string' ? error.code.slice(0, 60) : 'failed'
}
