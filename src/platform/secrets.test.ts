import fc from 'fast-check'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { newId } from './ids.ts'
import { deriveSecret, hashSecret, newSecret, readKeys, readToken, sign, unsign } from './secrets.ts'

const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-keys-'))
const keys = readKeys(folder(), 'a secret that is long enough for the test')

test('the key is made once, kept for this user alone, and read again', () => {
  const at = folder()
  const made = readKeys(at, undefined)
  expect(fs.statSync(path.join(at, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(readKeys(at, undefined).currentId).toBe(made.currentId)
})

test('a new key on top rotates: old links are still derived with the old one', () => {
  const at = folder()
  const before = readKeys(at, undefined)
  const file = path.join(at, 'secret.key')
  fs.writeFileSync(file, `${newSecret()}\n${fs.readFileSync(file, 'utf8')}`)
  const after = readKeys(at, undefined)
  expect(after.currentId).not.toBe(before.currentId)
  const link = { kind: 'test', id: 'x' }
  expect(deriveSecret(after, before.currentId, link)).toBe(deriveSecret(before, before.currentId, link))
})

test('a token names its network and gives the hash of its secret; anything else is none', () => {
  const networkId = newId<'network'>()
  const secret = newSecret()
  expect(readToken(`${networkId}.${secret}`)).toEqual({ networkId, secretHash: hashSecret(secret) })
  fc.assert(fc.property(fc.string(), (text) => readToken(text) === null))
  expect(readToken(`${networkId}.short`)).toBeNull()
})

test('a signed value comes back; a changed one, or one signed for something else, does not', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (value, at) => {
      const signed = sign(keys, 'notice', value)
      const place = at % signed.length
      const changed = signed.slice(0, place) + (signed[place] === 'A' ? 'B' : 'A') + signed.slice(place + 1)
      // The last letter of a base64 group may carry unused bits: a change there is still another signature text.
      return (
        unsign(keys, 'notice', signed) === value &&
        unsign(keys, 'other', signed) === null &&
        unsign(keys, 'notice', changed) === null
      )
    }),
  )
})
