// A learned model as a list of sections: its typed arrays one by one, and the rest as JSON that says where each belongs.

/** A typed array that a model may hold. */
export type NumberArray =
  Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array

export const sectionTypes = ['json', 'f64', 'f32', 'i32', 'u32', 'i16', 'u16', 'i8', 'u8'] as const
export type SectionType = (typeof sectionTypes)[number]

/** `json`: UTF-8 bytes. */
export interface Section {
  readonly name: string
  readonly type: SectionType
  readonly data: NumberArray
}

/** Bytes of one number of the type. */
export const bytesOfOne: Readonly<Record<SectionType, number>> = {
  ...{ json: 1, f64: 8, f32: 4, i32: 4, u32: 4, i16: 2, u16: 2, i8: 1, u8: 1 },
}

const typeOfTag: Readonly<Record<string, SectionType>> = {
  Float64Array: 'f64',
  Float32Array: 'f32',
  Int32Array: 'i32',
  Uint32Array: 'u32',
  Int16Array: 'i16',
  Uint16Array: 'u16',
  Int8Array: 'i8',
  Uint8Array: 'u8',
}

/** The section that holds the JSON. */
const skeletonName = 'skeleton'

/** Names tell a reader what a section is; nothing is found by them. */
export const longestName = 200

/** Deeper than any model; a skeleton that is not ours must not exhaust the stack. */
const deepest = 100

/**
 * Takes a model apart: plain objects and arrays of typed arrays, numbers (NaN, infinities and −0 too), strings, booleans and
 * null. A property that is undefined is left out; an array that occurs twice is kept once. The arrays are not copied.
 * Throws a TypeError with the place of anything else. O(parts).
 */
export function takeApart(model: unknown): Section[] {
  const sections: Section[] = []
  const known = new Map<object, number>()
  const skeletonOf = (value: unknown, path: string, depth = 0): unknown => {
    if (depth > deepest) throw new TypeError(`${path.slice(0, longestName)} is too deep for a model's file`)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : `${value}` }
    if (ArrayBuffer.isView(value)) {
      const type = typeOfTag[tagOf(value)]
      if (!type) throw cannotBeKept(path)
      const place = known.get(value) ?? sections.length
      if (place === sections.length)
        sections.push({ name: path.slice(0, longestName), type, data: value as NumberArray })
      known.set(value, place)
      return { $array: place }
    }
    if (Array.isArray(value)) return value.map((part, place) => skeletonOf(part, `${path}.${place}`, depth + 1))
    if (!isPlain(value)) throw cannotBeKept(path)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([name, part]) => [
          name.startsWith('$') ? `$${name}` : name,
          skeletonOf(part, `${path}.${name}`, depth + 1),
        ]),
    )
  }
  const skeleton = skeletonOf(model, 'model')
  return [{ name: skeletonName, type: 'json', data: new TextEncoder().encode(JSON.stringify(skeleton)) }, ...sections]
}

/** Puts a model together again; its arrays are the sections' own. Throws a TypeError when the sections are not of `takeApart`. */
export function putTogether(sections: readonly Section[]): unknown {
  const [skeleton, ...arrays] = sections
  if (skeleton?.type !== 'json') throw new TypeError('the first section is no skeleton')
  const valueOf = (part: unknown, depth: number): unknown => {
    if (typeof part !== 'object' || part === null) return part
    if (depth > deepest) throw new TypeError('the skeleton is too deep')
    if (Array.isArray(part)) return part.map((each) => valueOf(each, depth + 1))
    const entries = Object.entries(part)
    if (entries.length === 1 && entries[0]![0] === '$number') return numberOf(entries[0]![1])
    if (entries.length === 1 && entries[0]![0] === '$array') return arrayOf(entries[0]![1])
    return Object.fromEntries(
      entries.map(([name, each]) => [name.startsWith('$') ? name.slice(1) : name, valueOf(each, depth + 1)]),
    )
  }
  const arrayOf = (place: unknown): NumberArray => {
    const section = typeof place === 'number' ? arrays[place] : undefined
    if (!section || section.type === 'json') throw new TypeError('the skeleton names an array that is not there')
    return section.data
  }
  return valueOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(skeleton.data)), 0)
}

function numberOf(word: unknown): number {
  if (word === 'NaN') return Number.NaN
  if (word === 'Infinity') return Number.POSITIVE_INFINITY
  if (word === '-Infinity') return Number.NEGATIVE_INFINITY
  if (word === '-0') return -0
  throw new TypeError('the skeleton holds a number that is none')
}

function cannotBeKept(path: string): TypeError {
  return new TypeError(`${path} cannot be kept in a model's file: it is neither plain nor an array of numbers`)
}

function tagOf(view: ArrayBufferView): string {
  return Object.prototype.toString.call(view).slice(8, -1)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
