import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changeBetween, isNoChange, nextEntries, staleFields, type SharedEntry } from './share.ts'

const file: readonly SharedEntry[] = [
  { field: 'name', lines: ['Noor Haddad'] },
  { field: 'phone', lines: ['+41 79 999'] },
  { field: 'email', lines: [] },
]
const shared: readonly SharedEntry[] = [
  { field: 'name', lines: ['Noor Haddad'] },
  { field: 'phone', lines: ['+41 79 123'] },
]

describe('what is shared from now on', () => {
  test('stays as it was agreed, though the file says something else today', () => {
    expect(nextEntries({ shared, offered: file }, { agreed: ['name', 'phone'], refreshed: [] })).toEqual(shared)
    expect(staleFields(shared, file)).toEqual(['phone'])
  })

  test('is brought up to date when that was asked', () => {
    const next = nextEntries({ shared, offered: file }, { agreed: ['name', 'phone'], refreshed: ['phone'] })
    expect(next[1]).toEqual({ field: 'phone', lines: ['+41 79 999'] })
    expect(changeBetween(shared, next)).toEqual({ added: [], removed: [], refreshed: ['phone'] })
  })

  test('loses what is no longer ticked, and gains nothing that the file does not say', () => {
    const next = nextEntries({ shared, offered: file }, { agreed: ['phone', 'email'], refreshed: [] })
    expect(changeBetween(shared, next)).toEqual({ added: [], removed: ['name'], refreshed: [] })
  })

  test('keeps a copy of what has since gone from the file, and never calls that stale', () => {
    const gone = [{ field: 'phone', lines: [] }]
    expect(staleFields(shared, gone)).toEqual([])
    const next = nextEntries({ shared, offered: gone }, { agreed: ['phone'], refreshed: ['phone'] })
    expect(next).toEqual([{ field: 'phone', lines: ['+41 79 123'] }])
  })

  test('differs from before by exactly what the change says', () => {
    const fields = ['name', 'phone', 'email', 'address']
    const entries = fc
      .uniqueArray(fc.constantFrom(...fields))
      .chain((chosen) =>
        fc.tuple(
          ...chosen.map((field) => fc.constantFrom('a', 'b').map((line): SharedEntry => ({ field, lines: [line] }))),
        ),
      )
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const { added, removed, refreshed } = changeBetween(before, after)
        const names = (list: readonly SharedEntry[]) => list.map(({ field }) => field)
        expect(new Set(names(after))).toEqual(
          new Set([...names(before).filter((field) => !removed.includes(field)), ...added]),
        )
        expect(names(before)).toEqual(expect.arrayContaining([...refreshed]))
        expect(isNoChange(changeBetween(before, before))).toBe(true)
      }),
    )
  })
})
