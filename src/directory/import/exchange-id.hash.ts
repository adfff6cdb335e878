// Ids for exchange, and digests by which a change is seen.

import { createHash } from 'node:crypto'
import { parseId } from '#platform/ids.ts'
import type { ExchangeId } from './entry.ts'

/**
 * HSDS wants UUIDs. A source's own UUID stays what it is; from any other id (`22`, `service/22/Spanish`) a UUID is derived
 * that is the same at every import from that source (RFC 9562, version 5, by source and table).
 */
export function exchangeIdsOf(source: string): ExchangeId {
  return (table, sourceId) => parseId(sourceId) ?? derivedId(`${source}\n${table}\n${sourceId}`)
}

/** Short and without collisions in practice: 128 bits of SHA-256. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}

function derivedId(name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

// A namespace of our own, drawn once.
const namespace = Buffer.from('6f1d0b7c52b84a7e9a0c3f0d5e6a2b41', 'hex')
