// Passkeys (WebAuthn level 2): what a browser is asked, and whether its answer is right. No SQL, no page.

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import { z } from 'zod'
import { newId, parseId, type Id } from '../ids.ts'
import { ok, refused, type Result } from '../result.ts'
import { deriveSecret, type Keys } from '../secrets.ts'
import { challengeMinutes } from './account.ts'

/** The site that passkeys are bound to: an answer made for another is refused. */
export interface PasskeySite {
  /** `https://waypost.example.org`. */
  readonly origin: string
  readonly hostname: string
}

export interface Passkey {
  /** What the authenticator calls it, in base64url. */
  readonly credentialId: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  readonly transports: readonly string[]
}

/** A challenge is derived from its id and what it is for; only ids that were answered are stored. */
export interface Challenge {
  readonly id: Id<'challenge'>
  /** In base64url. */
  readonly text: string
}

/** The site of an installation; null where browsers offer no passkeys: without https, or at a bare IP address. */
export function passkeySiteOf(publicUrl: string): PasskeySite | null {
  const { protocol, hostname, origin } = new URL(publicUrl)
  const isAddress = /^[\d.]+$|^\[/.test(hostname)
  const isSafe = protocol === 'https:' || hostname === 'localhost'
  return isSafe && !isAddress ? { origin, hostname } : null
}

// EdDSA, ES256 and RS256, as COSE numbers them: what authenticators of today make.
const supportedAlgorithmIDs = [-8, -7, -257]

export function newChallenge(keys: Keys, purpose: string, now: Date): Challenge {
  const id = newId<'challenge'>(now.getTime())
  return { id, text: textOfChallenge(keys, purpose, id) }
}

/** The challenge of an id that came back with an answer; null when it is no id, or was made too long ago. */
export function readChallenge(
  keys: Keys,
  purpose: string,
  { id: text, now }: { id: string; now: Date },
): Challenge | null {
  const id = parseId<'challenge'>(text)
  if (!id) return null
  const age = now.getTime() - momentOf(id)
  // A second process may be a moment ahead.
  const isFresh = age > -60_000 && age < challengeMinutes * 60_000
  return isFresh ? { id, text: textOfChallenge(keys, purpose, id) } : null
}

/** What the browser is asked for when somebody adds a passkey: one that knows its owner, and asks who is there. */
export async function additionOptions(
  { hostname }: PasskeySite,
  challenge: Challenge,
  owner: { id: string; email: string; name: string; networkName: string; known: readonly Passkey[] },
): Promise<object> {
  return generateRegistrationOptions({
    rpName: `Waypost, ${owner.networkName}`,
    rpID: hostname,
    userID: Buffer.from(owner.id),
    userName: owner.email,
    userDisplayName: owner.name,
    challenge: Buffer.from(challenge.text, 'base64url'),
    timeout: challengeMinutes * 60_000,
    excludeCredentials: owner.known.map(({ credentialId: id, transports }) => ({ id, transports: [...transports] })),
    supportedAlgorithmIDs,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** What the browser is asked for when somebody signs in: any passkey of this site. */
export async function useOptions({ hostname }: PasskeySite, challenge: Challenge): Promise<object> {
  return generateAuthenticationOptions({
    rpID: hostname,
    challenge: Buffer.from(challenge.text, 'base64url'),
    timeout: challengeMinutes * 60_000,
    userVerification: 'required',
  })
}

export type PasskeyProblem = 'unreadable' | 'not_right'

const common = { id: z.string().max(2000), rawId: z.string().max(2000), type: z.literal('public-key') }
const base64url = z.string().max(100_000)

const additionAnswer = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string()).max(10).optional(),
  }),
})
const useAnswer = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
})

export type UseAnswer = z.infer<typeof useAnswer>

/** Reads and checks the answer to `additionOptions`: origin, site, challenge, and that the device knew who was there. */
export async function checkAddition(
  site: PasskeySite,
  challenge: Challenge,
  answer: string,
): Promise<Result<Passkey, PasskeyProblem>> {
  const read = parsed(additionAnswer, answer)
  if (!read) return refused('unreadable')
  const { clientDataJSON, attestationObject, transports = [] } = read.response
  if (!isUnattested(attestationObject)) return refused('not_right')
  const checked = await verifyRegistrationResponse({
    response: { ...read, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
    supportedAlgorithmIDs,
    ...expected(site, challenge),
  }).catch(notRight)
  if (!checked?.verified) return refused('not_right')
  const { id, publicKey, counter } = checked.registrationInfo.credential
  return ok({ credentialId: id, publicKey, counter, transports })
}

export function readUse(answer: string): UseAnswer | null {
  return parsed(useAnswer, answer)
}

/** Checks the answer to `useOptions` against the passkey it names; gives the uses that the authenticator has counted. */
export async function checkUse(
  site: PasskeySite,
  challenge: Challenge,
  { answer, passkey, ownerId }: { answer: UseAnswer; passkey: Passkey; ownerId: string },
): Promise<Result<number, PasskeyProblem>> {
  const { userHandle, ...signed } = answer.response
  if (typeof userHandle === 'string' && Buffer.from(userHandle, 'base64url').toString() !== ownerId)
    return refused('not_right')
  const { credentialId: id, publicKey, counter } = passkey
  const credential: WebAuthnCredential = { id, publicKey, counter }
  const checked = await verifyAuthenticationResponse({
    response: { ...answer, response: signed, clientExtensionResults: {} },
    credential,
    ...expected(site, challenge),
  }).catch(notRight)
  return checked?.verified ? ok(checked.authenticationInfo.newCounter) : refused('not_right')
}

function expected({ origin, hostname }: PasskeySite, { text }: Challenge) {
  return {
    expectedChallenge: text,
    expectedOrigin: origin,
    expectedRPID: hostname,
    requireUserVerification: true,
  }
}

/** We ask for no maker's certificate, and look into none that is sent all the same: their lists lie on others' servers. */
function isUnattested(attestationObject: string): boolean {
  try {
    const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
    const fmt = decoded.get('fmt')
    return fmt === 'none' || (fmt === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
  } catch {
    return false
  }
}

function parsed<T>(schema: z.ZodType<T>, answer: string): T | null {
  try {
    const read = schema.safeParse(JSON.parse(answer))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** Milliseconds since 1970 that a UUIDv7 begins with. */
function momentOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

/** The library throws on whatever is wrong with an answer, and an answer is a stranger's words. */
function notRight(): null {
  return null
}

function textOfChallenge(keys: Keys, purpose: string, id: string): string {
  return deriveSecret(keys, keys.currentId, { kind: `passkey ${purpose}`, id })
}
