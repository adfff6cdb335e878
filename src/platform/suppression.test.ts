import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hide, hideLinked, showsMedian, showsNinetieth, withTotals, type CountTable } from './suppression.ts'

/** What is shown: null where hidden. */
const shown = (table: CountTable, minimum = 5) => {
  const hidden = hide(table, { minimum })
  return table.counts.map((count, cell) => (hidden[cell] ? null : count))
}
const list = (...counts: number[]) => withTotals([counts.length], counts)

describe('what is hidden', () => {
  test('a list without small counts is shown whole', () => {
    expect(shown(list(5, 12, 20))).toEqual([5, 12, 20, 37])
  })

  test('one small count takes the next smallest with it, so that it cannot be had by subtraction', () => {
    expect(shown(list(3, 12, 20))).toEqual([null, null, 20, 35])
  })

  test('two counts of one take a third: that two hidden counts sum to two would tell both', () => {
    expect(shown(list(1, 1, 20))).toEqual([null, null, null, 22])
  })

  test('a small count alone in its list takes the total with it', () => {
    expect(shown(list(3, 0, 0))).toEqual([null, 0, 0, null])
  })

  test('zeros are shown and never protect', () => {
    expect(shown(list(0, 4, 0, 9))).toEqual([0, null, 0, null, 13])
  })

  test('in a table a small count is protected along its row and its column', () => {
    const table = withTotals([3, 3], [2, 20, 30, 10, 11, 40, 50, 60, 70])
    expect(shown(table)).toEqual([null, null, 30, 52, null, null, 40, 61, 50, 60, 70, 180, 62, 91, 140, 293])
  })

  test('the same table is always hidden alike', () => {
    const table = withTotals([2, 3], [4, 9, 9, 8, 8, 8])
    expect(shown(table)).toEqual(shown(table))
  })

  test('a median needs the minimum of people, a ninetieth percentile twice as many', () => {
    expect([showsMedian(4), showsMedian(5), showsNinetieth(9), showsNinetieth(10)]).toEqual([false, true, false, true])
  })

  test('a table that does not fit its axes is refused', () => {
    expect(() => withTotals([2, 2], [1, 2, 3])).toThrow(/as many counts/)
    expect(() => hide({ sizes: [2], counts: [1.5, 1.5] })).toThrow(/whole numbers/)
  })
})

describe('linked tables', () => {
  test('a cell that stands in two tables is hidden in both, and protected in each', () => {
    const reasons = { ...list(2, 8, 9), names: ['full', 'far', 'dear', 'declined'] }
    const answers = { ...list(19, 30), names: ['declined', 'accepted', 'answered'] }
    const hidden = hideLinked([answers, reasons])
    expect(hidden).toEqual(new Set(['full', 'far']))
    const small = { ...list(3, 0), names: ['full', 'far', 'declined'] }
    const wider = { ...list(3, 30), names: ['declined', 'accepted', 'answered'] }
    expect(hideLinked([wider, small])).toEqual(new Set(['full', 'declined', 'accepted']))
  })
})

describe('an attacker', () => {
  const parts = fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 7 })),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  )
  const count = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 60 }))
  const tables = parts.chain((sizes) => {
    const cells = sizes.reduce((product, size) => product * size, 1)
    return fc.array(count, { minLength: cells, maxLength: cells }).map((inner) => withTotals([...sizes], inner))
  })

  test('every count that is shown is true, and every small one is hidden', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const seen = shown(table)
        seen.forEach((count, cell) => {
          if (count === null) expect(table.counts[cell]).toBeGreaterThan(0)
          else expect(count === 0 || count >= 5).toBe(true)
          expect(count === null || count === table.counts[cell]).toBe(true)
        })
      }),
      { numRuns: 500 },
    )
  })

  test('who solves all the equations finds no hidden count', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const seen = shown(table)
        const hidden = [...seen.keys()].filter((cell) => seen[cell] === null)
        const reduced = reduce(equationsOf(table.sizes).map((equation) => hidden.map((cell) => equation[cell] ?? 0)))
        // A row with a single entry would be that count itself.
        for (const row of reduced) expect(row.filter((factor) => Math.abs(factor) > 1e-9)).not.toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })

  test('who also knows that hidden counts are at least 1 is left with five values for each', () => {
    const small = fc.constantFrom<number[]>([4], [3], [2], [1], [2, 2], [1, 3]).chain((sizes) => {
      const cells = sizes.reduce((product, size) => product * size, 1)
      return fc
        .array(fc.nat(5), { minLength: cells, maxLength: cells })
        .map((inner) => ({ sizes, table: withTotals(sizes, inner) }))
    })
    fc.assert(
      fc.property(small, ({ sizes, table }) => {
        const possible = possibleTables(sizes, shown(table))
        shown(table).forEach((count, cell) => {
          if (count === null) expect(new Set(possible.map((one) => one.counts[cell])).size).toBeGreaterThanOrEqual(5)
        })
      }),
      { numRuns: 60 },
    )
  })
})

/** Every table of small counts that would be shown so: each inner count that is hidden is tried from 1 to 10. */
function possibleTables(sizes: readonly number[], seen: readonly (number | null)[]): readonly CountTable[] {
  const cells = sizes.reduce((product, size) => product * size, 1)
  // Each line of inner counts is followed by its total.
  const width = sizes.at(-1)!
  const inner = [...Array(cells).keys()].map((n) => seen[n + Math.floor(n / width)] ?? null)
  let tables: readonly number[][] = [[]]
  for (const count of inner) {
    const values = count === null ? [...Array(10).keys()].map((n) => n + 1) : [count]
    tables = tables.flatMap((begun) => values.map((value) => [...begun, value]))
  }
  return tables
    .map((counts) => withTotals(sizes, counts))
    .filter(({ counts }) => counts.every((count, cell) => (seen[cell] === null ? count > 0 : count === seen[cell])))
}

/** One equation a line of the table: its parts, less its total, are nothing. */
function equationsOf(sizes: readonly number[]): readonly Readonly<Record<number, number>>[] {
  const cells = sizes.reduce((product, size) => product * size, 1)
  return sizes.flatMap((size, axis) => {
    const step = sizes.slice(axis + 1).reduce((product, each) => product * each, 1)
    const firsts = [...Array(cells).keys()].filter((cell) => Math.floor(cell / step) % size === 0)
    return firsts.map((first) =>
      Object.fromEntries(Array.from({ length: size }, (_, n) => [first + n * step, n === size - 1 ? -1 : 1])),
    )
  })
}

/** Gauss and Jordan. */
function reduce(rows: readonly (readonly number[])[]): number[][] {
  const left = rows.map((row) => [...row])
  let done = 0
  for (let column = 0; column < (left[0]?.length ?? 0); column++) {
    const pivot = left.findIndex((row, n) => n >= done && Math.abs(row[column]!) > 1e-9)
    if (pivot < 0) continue
    ;[left[done], left[pivot]] = [left[pivot]!, left[done]!]
    const scale = left[done]![column]!
    left[done] = left[done]!.map((factor) => factor / scale)
    for (const [n, row] of left.entries()) {
      const factor = row[column]!
      if (n !== done && factor !== 0) left[n] = row.map((value, at) => value - factor * left[done]![at]!)
    }
    done++
  }
  return left
}
