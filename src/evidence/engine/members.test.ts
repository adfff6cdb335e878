import { describe, expect, test } from 'vitest'
import { classicChoices } from './classic-member.ts'
import { fitBoostedMember } from './boosted-member.ts'
import { drawTable, withOutcome } from './learning-table.factory.ts'
import { prepare, type Prepared } from './prepared.ts'
import {
  fitRidgeMember,
  groundRidge,
  momentsWithout,
  pickRows,
  ridgeRules,
  stepsFor,
  type RidgeRule,
} from './ridge-member.ts'

const rows = 600
const folds = 4
const { table, effects } = drawTable({ rows, effect: 0.6, isProtected: true })
const prepared = prepare(table)
const fold = Uint8Array.from({ length: rows }, (_, i) => i % folds)
const isInFirst = (row: number) => fold[row] === 0

function correlation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const n = other.length
  const mean = (of: ArrayLike<number>) => Array.from({ length: n }, (_, i) => of[i]!).reduce((a, b) => a + b, 0) / n
  const [a, b] = [mean(one), mean(other)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    ab += (one[i]! - a) * (other[i]! - b)
    aa += (one[i]! - a) ** 2
    bb += (other[i]! - b) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

describe('the regression', () => {
  const ridge = ({ y, table: whole, arm, arms, isProtected }: Prepared, rule: RidgeRule) => {
    const ground = groundRidge({ table: whole, arm, arms, y, weight: null, fold, folds })
    return { ground, ...fitRidgeMember(ground, rule, { table: whole, fold, atMean: isProtected }) }
  }

  test.each(Object.keys(ridgeRules) as RidgeRule[])(
    'finds on rows it has not seen whom a service helps (%s)',
    (rule) => {
      const { heldOut } = ridge(prepared, rule)
      expect(correlation(heldOut.subarray(0, rows), effects.subarray(0, rows))).toBeGreaterThan(0.5)
    },
  )

  test('hardly moves a held-out answer by the row’s own outcome: only where the search for penalties begins', () => {
    const turned = { ...prepared, y: prepared.y.map((value, i) => (isInFirst(i) ? -value : value)) }
    const [before, after] = [ridge(prepared, 'by_fact').heldOut, ridge(turned, 'by_fact').heldOut]
    const moved = (isIn: (row: number) => boolean) =>
      Math.max(...[...fold.keys()].filter(isIn).map((row) => Math.abs(after[row]! - before[row]!)))
    expect(moved(isInFirst)).toBeLessThan(0.2 * moved((row) => !isInFirst(row)))
  })

  test('learns each fold from the sums of the others', () => {
    const { ground } = ridge(prepared, 'alike')
    const [all, without] = [momentsWithout(ground, null), momentsWithout(ground, 0)]
    const countOf = (arm: number, isIn: (row: number) => boolean) =>
      [...fold.keys()].filter((row) => table.arm[row] === arm && isIn(row)).length
    all.forEach((moments, arm) => expect(moments.rows).toBe(countOf(arm, () => true)))
    without.forEach((moments, arm) => expect(moments.rows).toBe(countOf(arm, (row) => !isInFirst(row))))
  })

  test.each([
    [30, 2],
    [2000, 4],
    [20_000, 8],
    [100_000, 11],
    [10_000_000, 12],
  ])('cuts the numbers of %i people by %i steps', (people, steps) => {
    expect(stepsFor(people, 20)).toBe(steps)
  })

  test('of hundreds of columns it takes the straight lines alone', () => {
    expect(stepsFor(100_000, 50)).toBe(5)
    expect(stepsFor(400, 300)).toBe(0)
  })
})

describe('the boosted learner', () => {
  const rowsOf = { table: prepared.ranking, fold, folds, weight: null }
  const noise = Float64Array.from(effects.subarray(0, rows), (value, i) => value + Math.sin(i * 7919))

  test('finds on rows it has not seen whom a service helps', () => {
    expect(correlation(fitBoostedMember(rowsOf, noise).heldOut, effects.subarray(0, rows))).toBeGreaterThan(0.7)
  })

  test('moves no held-out answer by the scores of the row’s own fold', () => {
    const other = noise.map((value, i) => (isInFirst(i) ? value + 100 : value))
    const [before, after] = [fitBoostedMember(rowsOf, noise).heldOut, fitBoostedMember(rowsOf, other).heldOut]
    fold.forEach((own, row) => {
      if (own === 0) expect(after[row]).toBe(before[row])
      else expect(after[row]).not.toBe(before[row])
    })
  })
})

describe('the classic estimator beside it', () => {
  test('chooses for most what helps them', () => {
    const chosen = classicChoices(table, prepared, fold)!
    const isHelped = (row: number) => effects[row]! > 0
    const helped = [...fold.keys()].filter(isHelped)
    expect(helped.filter((row) => chosen[row] === 1).length / helped.length).toBeGreaterThan(0.8)
  })

  test('chooses for a row by the other half of the folds alone', () => {
    const turned = withOutcome(table, (value, i) => (fold[i]! % 2 === 0 ? 1 - value : value))
    const [before, after] = [classicChoices(table, prepared, fold)!, classicChoices(turned, prepared, fold)!]
    const changed = [...fold.keys()].filter((row) => after[row] !== before[row])
    expect(changed.length).toBeGreaterThan(50)
    expect(changed.filter((row) => fold[row]! % 2 === 0)).toStrictEqual([])
  })

  test('knows yes and no alone', () => {
    const { table: earnings } = drawTable({ rows: 300, kind: 'number' })
    expect(classicChoices(earnings, prepare(earnings), fold.slice(0, 300))).toBeNull()
  })
})

test('rows picked from a table keep their bytes, in the order asked for', () => {
  const picked = pickRows(prepared.table, Uint32Array.of(5, 2))
  expect(picked.rows).toBe(2)
  expect([...picked.bins]).toStrictEqual(
    [0, 1, 2, 3].flatMap((j) => [5, 2].map((row) => prepared.table.bins[j * rows + row])),
  )
})
