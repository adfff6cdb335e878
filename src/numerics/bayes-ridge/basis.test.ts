import { expect, test } from 'vitest'
import { binTable, cutColumn, type BinnedTable, type RawColumn } from '../bins/bins.ts'
import { drawSample } from '../forest/sample.factory.ts'
import { makeRandom } from '../rng.ts'
import { planBasis, shapes, termsOfRow, type Basis } from './basis.ts'

const rows = 600
const plan = { steps: 4, weight: null, rows: null }

function tableOf(columns: readonly RawColumn[]): BinnedTable {
  const cuts = columns.map((column) => cutColumn(column, 64))
  return binTable(
    cuts,
    columns.map(({ values }) => values),
    columns[0]!.values.length,
  )
}

/** Terms of all rows, the leading 1 left out: terms × rows. */
function termsOf(basis: Basis, table: BinnedTable, atMean: Uint8Array | null = null): number[][] {
  const out = new Float64Array(basis.terms + 1)
  const all = Array.from({ length: basis.terms }, (): number[] => [])
  for (let row = 0; row < table.rows; row++) {
    termsOfRow(basis, table, row, out, atMean)
    expect(out[0]).toBe(1)
    all.forEach((of, t) => of.push(out[t + 1]!))
  }
  return all
}

const { table, values } = drawSample(rows, 1)

test('every term has mean zero over the rows, and the steps or levels of a column the variance of one together', () => {
  const basis = planBasis(table, plan)
  const variances = termsOf(basis, table).map((term) => {
    expect(term.reduce((sum, value) => sum + value, 0) / rows).toBeCloseTo(0, 12)
    return term.reduce((sum, value) => sum + value * value, 0) / rows
  })
  const together = new Map<string, number>()
  variances.forEach((variance, t) => {
    const name = `${basis.termColumn[t]} ${basis.termShape[t]}`
    together.set(name, (together.get(name) ?? 0) + variance)
  })
  expect(together.get(`0 ${shapes.line}`)).toBeCloseTo(1, 12)
  expect(together.get(`0 ${shapes.step}`)).toBeCloseTo(1, 12)
  expect(together.get(`2 ${shapes.level}`)).toBeCloseTo(1, 12)
})

test('a number of many values gets a line and its steps, a yes/no a line alone, a category a term a level', () => {
  const basis = planBasis(table, plan)
  const shapesOf = (column: number) => [...basis.termShape].filter((_, t) => basis.termColumn[t] === column)
  expect(shapesOf(0)).toStrictEqual([shapes.line, ...new Array<number>(4).fill(shapes.step)])
  expect(shapesOf(2)).toStrictEqual(new Array<number>(4).fill(shapes.level))
  expect(shapesOf(3)).toStrictEqual([shapes.line])
})

test('a column that nobody answered, or all alike, gives no term', () => {
  const columns: RawColumn[] = [
    { kind: 'number', levels: 0, values: new Float64Array(rows).fill(NaN) },
    { kind: 'category', levels: 3, values: new Float64Array(rows).fill(NaN) },
    { kind: 'number', levels: 0, values: new Float64Array(rows).fill(7) },
    { kind: 'category', levels: 3, values: new Float64Array(rows).fill(1) },
  ]
  const basis = planBasis(tableOf(columns), plan)
  expect(basis.terms).toBe(0)
  expect(basis.columns).toBe(4)
})

test('who did not answer stands at the mean, and has a term of their own where enough did not', () => {
  const some = values[0]!.map((value, i) => (i % 10 === 0 ? NaN : value))
  const few = values[0]!.map((value, i) => (i % 100 === 0 ? NaN : value))
  const both = tableOf([some, few].map((column) => ({ kind: 'number', levels: 0, values: column })))
  const basis = planBasis(both, plan)
  const unknown = [...basis.termShape].flatMap((shape, t) => (shape === shapes.unknown ? [t] : []))
  expect(unknown.map((t) => basis.termColumn[t])).toStrictEqual([0])
  const out = new Float64Array(basis.terms + 1)
  termsOfRow(basis, both, 0, out, null)
  for (let t = 0; t < basis.terms; t++) {
    if (t === unknown[0]) expect(out[t + 1]).toBeCloseTo(Math.sqrt(0.9 / 0.1), 12)
    else expect(out[t + 1]).toBe(0)
  }
})

test('a level that fewer than fifteen people have gives no term', () => {
  const random = makeRandom(3, 0)
  const places = Float64Array.from({ length: rows }, (_, i) => (i < 14 ? 2 : random.below(2)))
  const enough = places.map((place, i) => (i === 14 ? 2 : place))
  const levels = (column: Float64Array) => planBasis(tableOf([{ kind: 'category', levels: 3, values: column }]), plan)
  expect(levels(places).terms).toBe(2)
  expect(levels(enough).terms).toBe(3)
})

test('a strictly rising change of scale leaves the steps as they are', () => {
  const numbers = values.slice(0, 2)
  const raw = numbers.map((column): RawColumn => ({ kind: 'number', levels: 0, values: column }))
  const bent = numbers.map((column): RawColumn => ({
    kind: 'number',
    levels: 0,
    values: column.map((value) => Math.exp(5 * value) - 40),
  }))
  const [before, after] = [raw, bent].map((columns) => {
    const own = tableOf(columns)
    const basis = planBasis(own, plan)
    return termsOf(basis, own).filter((_, t) => basis.termShape[t] === shapes.step)
  })
  expect(after).toStrictEqual(before)
})

test('columns at their mean give nothing, whatever a person answered', () => {
  const basis = planBasis(table, plan)
  const terms = termsOf(basis, table, Uint8Array.of(1, 0, 1, 0))
  terms.forEach((term, t) => {
    const isAtMean = basis.termColumn[t] === 0 || basis.termColumn[t] === 2
    expect(term.every((value) => value === 0)).toBe(isAtMean)
  })
})

test('a row that counts twice is a row that is there twice', () => {
  const weight = Float64Array.from({ length: rows }, (_, i) => 1 + (i % 2))
  const twice = Uint32Array.from([...Array(rows).keys()].flatMap((i) => (i % 2 === 1 ? [i, i] : [i])))
  const weighted = planBasis(table, { ...plan, weight })
  const repeated = planBasis(table, { ...plan, rows: twice })
  expect(repeated.termShape).toStrictEqual(weighted.termShape)
  weighted.values.forEach((value, at) => expect(repeated.values[at]).toBeCloseTo(value, 12))
})
