// The installation's key: what signs cookies and derives the secrets of links, so that no secret lies in the database.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { parseId, type NetworkId } from './ids.ts'

export interface Keys {
  /** Names the key in use, so that links made with an older one are still derived rightly. */
  readonly currentId: string
  /** The key of an id. Throws when the installation no longer has it. */
  of(keyId: string): Buffer
}

/** The bearer's half of a link, session or code: which network, and what only its holder knows. */
export interface BearerToken {
  readonly networkId: NetworkId
  readonly secretHash: Buffer
}

/**
 * The keys of WAYPOST_SECRET, else of `secret.key` in the data folder, made on the first run with mode 0600.
 * Each line of the file is a key and the first is in use: a new line on top rotates it.
 */
export function readKeys(dataFolder: string, secret: string | undefined): Keys {
  const lines = secret ? secret.split(/\s+/) : readKeyFile(path.join(dataFolder, 'secret.key'))
  const keys = new Map(lines.filter(Boolean).map((line) => [keyIdOf(line), createHash('sha256').update(line).digest()]))
  const currentId = [...keys.keys()][0]
  if (currentId === undefined) throw new Error('The file secret.key in the data folder is empty.')
  return {
    currentId,
    of(keyId) {
      const key = keys.get(keyId)
      if (!key) throw new Error(`This installation has no key ${keyId} any more.`)
      return key
    },
  }
}

/** The secret of a link: HMAC-SHA256(key, kind and id). The same link is made again whenever it has to be mailed. */
export function deriveSecret(keys: Keys, keyId: string, { kind, id }: { kind: string; id: string }): string {
  return createHmac('sha256', keys.of(keyId)).update(`${kind}\0${id}`).digest('base64url')
}

/** What the database keeps of a secret. The secrets are 256 bits of chance, so one round of SHA-256 is enough. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** `<network id>.<secret>` as its network and the secret's hash; null when it has another shape. */
export function readToken(text: unknown): BearerToken | null {
  if (typeof text !== 'string' || text.length > 200) return null
  const dot = text.indexOf('.')
  const networkId = parseId<'network'>(text.slice(0, Math.max(dot, 0)))
  const secret = text.slice(dot + 1)
  return networkId && secret.length >= 20 ? { networkId, secretHash: hashSecret(secret) } : null
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The value with a signature behind it, for a cookie that must come back unchanged. */
export function sign(keys: Keys, purpose: string, value: string): string {
  const body = Buffer.from(value).toString('base64url')
  return `${keys.currentId}.${body}.${signature(keys.of(keys.currentId), purpose, body)}`
}

/** The signed value, or null when it was changed, signed for something else or with a key that is gone. */
export function unsign(keys: Keys, purpose: string, signed: string | undefined): string | null {
  const [keyId, body, mark] = (signed ?? '').split('.')
  if (!keyId || !body || !mark) return null
  try {
    const wanted = Buffer.from(signature(keys.of(keyId), purpose, body))
    const given = Buffer.from(mark)
    if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return null
    return Buffer.from(body, 'base64url').toString()
  } catch {
    return null
  }
}

function signature(key: Buffer, purpose: string, body: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${body}`).digest('base64url')
}

function keyIdOf(line: string): string {
  return createHash('sha256').update(`id\0${line}`).digest('hex').slice(0, 8)
}

function readKeyFile(file: string): string[] {
  try {
    // `wx` makes it or fails: two processes at once never write two keys.
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(file, `${newSecret()}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  return fs.readFileSync(file, 'utf8').split('\n')
}
