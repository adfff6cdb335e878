import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aCard } from '../engine/card.factory.ts'
import { openModel, readManifest, sealModel } from './container.bytes.ts'
import { describeModelProblem, packModelBytes, putTogether, takeApart, unpackModelBytes } from './index.ts'

const manifest = { engineVersion: '0.1.0', created: '2026-03-02T09:30:00.000Z', card: aCard() }
const model = {
  kind: 'engine',
  bins: Uint8Array.of(1, 2, 255),
  trees: [{ cut: Float64Array.of(0.5, -0, Number.NaN), left: Int32Array.of(-1, 7) }],
  empty: new Float32Array(0),
}
const file = { manifest, sections: takeApart(model) }

/** The manifest with something changed, sealed anew, as somebody would who means harm. */
function resealed(change: (json: Record<string, unknown>) => void): string {
  const json = JSON.parse(sealModel(file).manifest) as Record<string, unknown>
  change(json)
  delete json.seal
  const textOf = (value: object) => `${JSON.stringify(value, null, 1)}\n`
  return textOf({ ...json, seal: createHash('sha256').update(textOf(json)).digest('hex') })
}

test('a model in one piece comes back as it was', () => {
  const read = unpackModelBytes(packModelBytes(file))
  expect(read.ok && read.value.manifest).toStrictEqual(manifest)
  expect(read.ok && putTogether(read.value.sections)).toStrictEqual(model)
})

test('bytes that begin anywhere in a larger buffer are read alike', () => {
  const bytes = packModelBytes(file)
  const larger = Buffer.concat([Buffer.from('abc'), bytes])
  const read = unpackModelBytes(larger.subarray(3))
  expect(read.ok && putTogether(read.value.sections)).toStrictEqual(model)
})

test('numbers lie little-endian at multiples of eight', () => {
  const { manifest: text, binary } = sealModel(file)
  const { sections } = JSON.parse(text) as { sections: { name: string; offset: number; length: number }[] }
  for (const { offset } of sections) expect(offset % 8).toBe(0)
  const bytes = Buffer.concat(binary)
  const cut = sections.find(({ name }) => name === 'model.trees.0.cut')!
  expect(bytes.readDoubleLE(cut.offset)).toBe(0.5)
  expect(Object.is(bytes.readDoubleLE(cut.offset + 8), -0)).toBe(true)
})

test('a bit that is flipped anywhere is found', () => {
  const bytes = packModelBytes(file)
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const hurt = Buffer.from(bytes)
      hurt[bit >> 3]! ^= 1 << (bit & 7)
      expect(unpackModelBytes(hurt).ok).toBe(false)
    }),
    { numRuns: 1500 },
  )
})

test('a file that is cut off or goes on is found', () => {
  const bytes = packModelBytes(file)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), (length) => {
      expect(unpackModelBytes(bytes.subarray(0, length)).ok).toBe(false)
    }),
    { numRuns: 300 },
  )
  expect(unpackModelBytes(Buffer.concat([bytes, Buffer.alloc(8)])).ok).toBe(false)
})

test('bytes of chance are no model', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(unpackModelBytes(bytes).ok).toBe(false)
    }),
  )
})

test('what is damaged is named where it can be', () => {
  const { manifest: text, binary } = sealModel(file)
  const bytes = Buffer.concat(binary)
  const sealed = readManifest(text)
  if (!sealed.ok) return expect.unreachable()
  const cut = sealed.value.sections.find(({ name }) => name === 'model.trees.0.cut')!
  bytes[cut.offset]! ^= 1
  const read = openModel(sealed.value, bytes)
  expect(read.ok ? '' : describeModelProblem(read.problem, 'M')).toBe(
    'M is damaged: model.bin is not as it was written (model.trees.0.cut). Take it from a copy, or learn again.',
  )
})

test('a foreign manifest, a newer one and none are told apart', () => {
  const reasonOf = (text: string) => {
    const read = readManifest(text)
    return read.ok ? 'read' : read.problem.reason
  }
  expect(reasonOf(sealModel(file).manifest)).toBe('read')
  expect(reasonOf('{"name":"a web page"}')).toBe('no_model')
  expect(reasonOf('no JSON')).toBe('no_model')
  expect(reasonOf(resealed((json) => (json.format = 'another-engine')))).toBe('foreign')
  expect(reasonOf(resealed((json) => (json.formatVersion = 2)))).toBe('newer')
  expect(reasonOf(resealed((json) => (json.card = { version: 1 })))).toBe('card')
  expect(reasonOf(resealed((json) => delete json.created))).toBe('damaged')
  expect(reasonOf(resealed((json) => (json.secret = 1)))).toBe('damaged')
  expect(reasonOf(sealModel(file).manifest.replace('"seed": 1', '"seed": 2'))).toBe('damaged')
})

test('absurd lengths are refused before anything is made of their size', () => {
  const withSection = (change: (section: Record<string, unknown>) => void) =>
    readManifest(resealed((json) => change((json.sections as Record<string, unknown>[])[1]!)))
  for (const length of [2 ** 40, -1, 1.5, null, '7'])
    expect(withSection((section) => (section.length = length)).ok).toBe(false)
  expect(withSection((section) => (section.length = 2 ** 40))).toMatchObject({ problem: { reason: 'too_large' } })
  // Lengths that are possible but do not fit the rest, and sections that lie over one another.
  expect(withSection((section) => (section.length = 2 ** 32))).toMatchObject({ problem: { reason: 'damaged' } })
  expect(withSection((section) => (section.offset = 16))).toMatchObject({ problem: { reason: 'damaged' } })
})

test('a card that does not fit is never written', () => {
  const card = { ...aCard(), seconds: Number.NaN }
  expect(() => sealModel({ ...file, manifest: { ...manifest, card } })).toThrow()
})
