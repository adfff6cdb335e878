// The container of a learned model: a manifest that people can read, and one binary of aligned little-endian numbers.
// Every byte of both is covered by a hash, so that a flipped bit is found and never used.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ok, refused, type Result } from '#platform/result.ts'
import { cardShape, type Card } from '../engine/card.ts'
import type { ModelProblem } from './problem.ts'
import { bytesOfOne, longestName, sectionTypes, type NumberArray, type Section, type SectionType } from './sections.ts'

/** What a model's file says of itself beside its sections. created: an ISO moment. */
export interface Manifest {
  readonly engineVersion: string
  readonly created: string
  readonly card: Card
}

export interface ModelFile {
  readonly manifest: Manifest
  readonly sections: readonly Section[]
}

/** A manifest that was read and found whole, before the binary is. */
export type SealedManifest = z.output<typeof manifestShape>

export const formatName = 'waypost-evidence'
const formatVersion = 1
const magic = 'WPMODEL\n'
const headerBytes = 16
/** Large enough for a million trees; a length beyond it is nonsense, and nothing is made of that size. */
const mostBytes = 2 ** 33
const mostSections = 1_000_000
export const mostManifestBytes = 2 ** 26

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative().max(mostBytes)
const sectionShape = z.strictObject({
  name: z.string().max(longestName),
  type: z.enum(sectionTypes),
  length: count,
  offset: count,
  sha256,
})
const manifestShape = z.strictObject({
  format: z.literal(formatName),
  formatVersion: z.literal(formatVersion),
  engineVersion: z.string().max(100),
  created: z.iso.datetime(),
  binary: z.strictObject({ bytes: count, sha256 }),
  sections: z.array(sectionShape).max(mostSections),
  card: z.unknown(),
  seal: sha256,
})

/** The manifest's text and the binary in pieces, the sections' own memory among them. Throws when the card does not fit. */
export function sealModel({ manifest, sections }: ModelFile): { manifest: string; binary: readonly Uint8Array[] } {
  const card = cardShape.parse(manifest.card)
  const binary: Uint8Array[] = [headerOf(sections.length)]
  let offset = headerBytes
  const listed = sections.map(({ name, type, data }) => {
    const bytes = littleEndian(data)
    binary.push(bytes, new Uint8Array(paddingAfter(bytes.length)))
    const entry = { name, type, length: data.length, offset, sha256: hashOf([bytes]) }
    offset += bytes.length + paddingAfter(bytes.length)
    return entry
  })
  const unsealed = {
    ...{ format: formatName, formatVersion, engineVersion: manifest.engineVersion, created: manifest.created },
    ...{ binary: { bytes: offset, sha256: hashOf(binary) }, sections: listed, card },
  }
  return { manifest: textOf({ ...unsealed, seal: sealOf(unsealed) }), binary }
}

/** Reads a manifest. Nothing is made of a size that it names before all of it has been checked. */
export function readManifest(text: string): Result<SealedManifest, ModelProblem> {
  const json = parsed(text)
  if (typeof json !== 'object' || json === null)
    return text.includes(formatName) ? damaged('manifest.json cannot be read') : refused({ reason: 'no_model' })
  const { format, formatVersion: version } = json as { format?: unknown; formatVersion?: unknown }
  if (format === undefined) return refused({ reason: 'no_model' })
  if (format !== formatName) return refused({ reason: 'foreign' })
  if (Number.isSafeInteger(version) && Number(version) > formatVersion) return refused({ reason: 'newer' })
  const { seal, ...unsealed } = json as { seal?: unknown }
  // The text as we would write it again: a bit that changes no value (a space, an escape) is found too.
  if (seal !== sealOf(unsealed) || text !== textOf(json)) return damaged('manifest.json is not as it was written')
  const manifest = manifestShape.safeParse(json)
  if (!manifest.success) {
    const isSize = manifest.error.issues.some(({ code }) => code === 'too_big')
    return isSize ? refused({ reason: 'too_large' }) : damaged('manifest.json lacks what it must say')
  }
  if (!liesInOrder(manifest.data)) return damaged('the sections do not lie one behind the other')
  return cardShape.safeParse(manifest.data.card).success ? ok(manifest.data) : refused({ reason: 'card' })
}

/** Reads the binary that a manifest describes; the sections are windows on `bytes`, which begins at a multiple of 8. */
export function openModel(manifest: SealedManifest, bytes: Uint8Array): Result<ModelFile, ModelProblem> {
  const { engineVersion, created, binary } = manifest
  if (bytes.length !== binary.bytes) return damaged('model.bin is cut off or too long')
  if (new TextDecoder('latin1').decode(bytes.subarray(0, magic.length)) !== magic) return refused({ reason: 'foreign' })
  if (viewOf(bytes).getUint32(magic.length, true) > formatVersion) return refused({ reason: 'newer' })
  if (hashOf([bytes]) !== binary.sha256) {
    const hurt = manifest.sections.find((section) => hashOf([windowOn(section, bytes)]) !== section.sha256)
    return damaged(`model.bin is not as it was written${hurt ? ` (${hurt.name})` : ''}`)
  }
  const sections = manifest.sections.map((section) => ({
    name: section.name,
    type: section.type,
    data: fromLittleEndian(windowOn(section, bytes), section.type),
  }))
  return ok({ manifest: { engineVersion, created, card: cardShape.parse(manifest.card) }, sections })
}

/** The same in one piece, for a database: magic and the manifest's length, the manifest, the binary at a multiple of 8. */
export function packModelBytes(file: ModelFile): Buffer {
  const { manifest, binary } = sealModel(file)
  const text = Buffer.from(manifest, 'utf8')
  return Buffer.concat([headerOf(text.length), text, new Uint8Array(paddingAfter(text.length)), ...binary])
}

/** Reads what `packModelBytes` made; the sections lie in memory of their own. */
export function unpackModelBytes(bytes: Uint8Array): Result<ModelFile, ModelProblem> {
  if (bytes.length < headerBytes || new TextDecoder('latin1').decode(bytes.subarray(0, magic.length)) !== magic)
    return refused({ reason: 'no_model' })
  const version = viewOf(bytes).getUint32(magic.length, true)
  if (version > formatVersion) return refused({ reason: 'newer' })
  if (version < formatVersion) return damaged('it is not as it was written')
  const length = viewOf(bytes).getUint32(magic.length + 4, true)
  const start = headerBytes + length + paddingAfter(length)
  if (length > mostManifestBytes || start > bytes.length) return damaged('its manifest is cut off')
  if (bytes.subarray(headerBytes + length, start).some((byte) => byte !== 0))
    return damaged('it is not as it was written')
  const manifest = readManifest(Buffer.from(bytes.subarray(headerBytes, headerBytes + length)).toString('utf8'))
  if (!manifest.ok) return manifest
  return openModel(manifest.value, new Uint8Array(bytes.subarray(start)))
}

function damaged(what: string): { readonly ok: false; readonly problem: ModelProblem } {
  return refused({ reason: 'damaged', what })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function textOf(manifest: object): string {
  return `${JSON.stringify(manifest, null, 1)}\n`
}

function sealOf(unsealed: object): string {
  return hashOf([Buffer.from(textOf(unsealed))])
}

function hashOf(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

function headerOf(number: number): Uint8Array {
  const header = new Uint8Array(headerBytes)
  header.set(new TextEncoder().encode(magic))
  viewOf(header).setUint32(magic.length, formatVersion, true)
  viewOf(header).setUint32(magic.length + 4, number, true)
  return header
}

function liesInOrder({ binary, sections }: SealedManifest): boolean {
  let offset = headerBytes
  for (const section of sections) {
    const bytes = section.length * bytesOfOne[section.type]
    if (section.offset !== offset) return false
    offset += bytes + paddingAfter(bytes)
  }
  return offset === binary.bytes
}

function paddingAfter(bytes: number): number {
  return (8 - (bytes % 8)) % 8
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function windowOn({ offset, length, type }: SealedManifest['sections'][number], bytes: Uint8Array): Uint8Array {
  return bytes.subarray(offset, offset + length * bytesOfOne[type])
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function littleEndian(data: NumberArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return isLittleEndian ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT)
}

function fromLittleEndian(bytes: Uint8Array, type: SectionType): NumberArray {
  const own = isLittleEndian ? bytes : swapped(bytes, bytesOfOne[type])
  const length = own.length / bytesOfOne[type]
  switch (type) {
    case 'f64':
      return new Float64Array(own.buffer, own.byteOffset, length)
    case 'f32':
      return new Float32Array(own.buffer, own.byteOffset, length)
    case 'i32':
      return new Int32Array(own.buffer, own.byteOffset, length)
    case 'u32':
      return new Uint32Array(own.buffer, own.byteOffset, length)
    case 'i16':
      return new Int16Array(own.buffer, own.byteOffset, length)
    case 'u16':
      return new Uint16Array(own.buffer, own.byteOffset, length)
    case 'i8':
      return new Int8Array(own.buffer, own.byteOffset, length)
    case 'u8':
    case 'json':
      return own
  }
}

/** Each number's bytes the other way round, in new memory. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const turned = Uint8Array.from(bytes)
  for (let at = 0; at < turned.length; at += size) turned.subarray(at, at + size).reverse()
  return turned
}
