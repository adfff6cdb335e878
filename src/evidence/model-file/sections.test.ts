import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { putTogether, takeApart } from './sections.ts'

const numbers = fc.oneof(
  fc.float64Array({ maxLength: 9 }),
  fc.float32Array({ maxLength: 9 }),
  fc.int32Array({ maxLength: 9 }),
  fc.uint32Array({ maxLength: 9 }),
  fc.int16Array({ maxLength: 9 }),
  fc.uint16Array({ maxLength: 9 }),
  fc.int8Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
)
const names = fc.oneof(fc.string(), fc.constantFrom('$array', '$number', '$$array', '__proto__', 'constructor', '0'))

/** What an engine's model is made of, keys that look like our own marks included. */
const aModel = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constantFrom(null, -0, Number.NaN, Infinity, -Infinity),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

test('a model comes back as it was, whatever it is made of', () => {
  fc.assert(
    fc.property(aModel, (model) => {
      // Prototypes, NaN and −0 count; a key called "constructor" is a key like any other.
      expect(isDeepStrictEqual(putTogether(takeApart(model)), model)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('an array that occurs twice is kept once and comes back as one', () => {
  const shared = Float64Array.of(1, 2)
  const sections = takeApart({ a: shared, b: { again: shared } })
  expect(sections).toHaveLength(2)
  const model = putTogether(sections) as { a: unknown; b: { again: unknown } }
  expect(model.b.again).toBe(model.a)
})

test('each array is named by its place in the model', () => {
  const sections = takeApart({ forest: { trees: [{ cut: new Uint8Array(2) }] }, left: undefined })
  expect(sections.map(({ name, type }) => [name, type])).toEqual([
    ['skeleton', 'json'],
    ['model.forest.trees.0.cut', 'u8'],
  ])
})

test('what has no bytes of its own is refused with its place', () => {
  expect(() => takeApart({ members: [{ predict: () => 1 }] })).toThrow('model.members.0.predict cannot be kept')
  expect(() => takeApart({ when: new Date() })).toThrow('model.when cannot be kept')
  expect(() => takeApart({ counts: BigInt64Array.of(1n) })).toThrow('model.counts cannot be kept')
  const ring: { self?: unknown } = {}
  ring.self = ring
  expect(() => takeApart(ring)).toThrow('too deep')
})

test('sections that were not taken apart here are refused', () => {
  const skeleton = (json: string) => ({ name: 'skeleton', type: 'json' as const, data: new TextEncoder().encode(json) })
  for (const json of ['{"$array":0}', '{"$array":"0"}', '{"$number":"7"}', `${'['.repeat(200)}${']'.repeat(200)}`])
    expect(() => putTogether([skeleton(json)])).toThrow(TypeError)
  expect(() => putTogether([])).toThrow(TypeError)
})
