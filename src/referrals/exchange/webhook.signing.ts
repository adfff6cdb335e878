// Signing in the form of Standard Webhooks: the receiver checks that it was us, and that nothing was changed or sent again later.

import { Webhook } from 'standardwebhooks'
import { deriveSecret, type Keys } from '#platform/secrets.ts'
import type { WebhookEndpointId } from './webhooks.store.ts'

/** Derives what signs for an endpoint. */
const secretKind = 'referrals.webhook'

/** The secret as a receiver enters it: `whsec_` and 32 bytes in base 64. It lies nowhere: it follows from the key and the id. */
export function webhookSecret(keys: Keys, keyId: string, id: WebhookEndpointId): string {
  const bytes = Buffer.from(deriveSecret(keys, keyId, { kind: secretKind, id }), 'base64url')
  return `whsec_${bytes.toString('base64')}`
}

/** The headers of one try. After the installation's key was changed both secrets sign, until the receiver has the new one:
 *  "the webhook is signed both using the current key, and using an old key" (Standard Webhooks 1.0.0, webhook headers). */
export function signedHeaders(
  keys: Keys,
  { endpointId, keyId }: { readonly endpointId: WebhookEndpointId; readonly keyId: string },
  { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string },
): Readonly<Record<string, string>> {
  const signatures = keysInUse(keys, keyId).map((each) =>
    new Webhook(webhookSecret(keys, each, endpointId)).sign(id, at, body),
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** The key in use first, then the one that the receiver knows, while the installation still has it. */
function keysInUse(keys: Keys, keyId: string): readonly string[] {
  if (keyId === keys.currentId) return [keyId]
  try {
    keys.of(keyId)
    return [keys.currentId, keyId]
  } catch {
    return [keys.currentId]
  }
}
