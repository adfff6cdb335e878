import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId, newReference, parseId } from './ids.ts'

test('ids made later sort later, and carry version 7', () => {
  const [early, late] = [newId(1_700_000_000_000), newId(1_700_000_000_001)]
  expect(early < late).toBe(true)
  expect(early[14]).toBe('7')
  expect(parseId(early)).toBe(early)
})

test('whatever is no UUID is no id', () => {
  fc.assert(fc.property(fc.string(), (text) => parseId(text) === null))
  expect(parseId("0190a000-0000-7000-8000-000000000000'; --")).toBeNull()
})

test('a reference has no letter that is mistaken for another', () => {
  for (let n = 0; n < 200; n++)
    expect(newReference('R')).toMatch(/^R-[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{2}$/)
})
