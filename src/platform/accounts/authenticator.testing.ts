// A passkey's device, in software: keeps one key on P-256 and answers as a browser would (WebAuthn level 2, sections 6.1 and 6.5).

import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { TestBrowser } from '#app.testing.ts'
import { isoCBOR } from '@simplewebauthn/server/helpers'

export interface Asked {
  readonly challenge: string
  readonly origin: string
  readonly hostname: string
}

export interface SoftAuthenticator {
  /** The answer to being asked for a new passkey, as JSON. */
  create(asked: Asked): string
  /** The answer to being asked to sign in, as JSON. */
  use(asked: Asked, changed?: { counter?: number; verified?: boolean; userHandle?: string }): string
}

/** The installation that tests pretend to be, as PUBLIC_URL. */
export const site = { origin: 'https://waypost.example.org', hostname: 'waypost.example.org' } as const

/** What a browser is asked at an address: the challenge's id, and what a device signs. */
export async function challengeAt(browser: TestBrowser, url: string): Promise<{ id: string; asked: Asked }> {
  const answer = await browser.get(url)
  const { challenge, options } = answer.json<{ challenge: string; options: { challenge: string } }>()
  return { id: challenge, asked: { challenge: options.challenge, ...site } }
}

/** Adds a passkey to the account of whoever is signed in; gives the answer to the form. */
export async function addTo(
  browser: TestBrowser,
  device: SoftAuthenticator,
  { prefix = '', ...changed }: Partial<Asked> & { prefix?: string } = {},
) {
  const { id, asked } = await challengeAt(browser, `${prefix}/account/passkeys/new`)
  const form = { name: 'My phone', challenge: id, answer: device.create({ ...asked, ...changed }) }
  return browser.post(`${prefix}/account/passkeys`, form)
}

const present = 0x01
const verified = 0x04
const attested = 0x40

export function softAuthenticator(): SoftAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0
  return {
    create(asked) {
      const key = coseKey(publicKey)
      const length = Buffer.from([0, id.length])
      const data = Buffer.concat([
        head(asked, present | verified | attested, ++counter),
        Buffer.alloc(16),
        length,
        id,
        key,
      ])
      const statement = new Map<string, Map<string, string> | string | Uint8Array>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, string>()],
        ['authData', new Uint8Array(data)],
      ])
      const attestationObject = Buffer.from(isoCBOR.encode(statement)).toString('base64url')
      return answer(id, {
        clientDataJSON: clientData('webauthn.create', asked),
        attestationObject,
        transports: ['internal'],
      })
    },
    use(asked, { counter: at = ++counter, verified: isVerified = true, userHandle } = {}) {
      const clientDataJSON = clientData('webauthn.get', asked)
      const authenticatorData = head(asked, isVerified ? present | verified : present, at)
      const said = Buffer.from(clientDataJSON, 'base64url')
      const signature = signed(privateKey, Buffer.concat([authenticatorData, sha256(said)]))
      return answer(id, {
        clientDataJSON,
        authenticatorData: authenticatorData.toString('base64url'),
        signature,
        ...(userHandle === undefined ? {} : { userHandle: Buffer.from(userHandle).toString('base64url') }),
      })
    },
  }
}

function answer(id: Buffer, response: object): string {
  const text = id.toString('base64url')
  return JSON.stringify({ id: text, rawId: text, type: 'public-key', response, clientExtensionResults: {} })
}

function clientData(type: string, { challenge, origin }: Asked): string {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url')
}

/** The site's hash, the flags and the counter. */
function head({ hostname }: Asked, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(Buffer.from(hostname)), Buffer.from([flags]), count])
}

/** An ES256 key as COSE writes it: kty EC2, alg ES256, curve P-256, x, y (RFC 9053, 2.1 and 7.1). */
function coseKey(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const coordinate = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
  const entries: [number, number | Uint8Array][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, coordinate(x)],
    [-3, coordinate(y)],
  ]
  return isoCBOR.encode(new Map(entries))
}

function signed(key: KeyObject, data: Buffer): string {
  return sign('sha256', data, key).toString('base64url')
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
