import { expect, test } from 'vitest'
import { choosePolicy, makeRandom } from '#numerics/index.ts'
import { drawTable } from './learning-table.factory.ts'
import { heldOutPolicy, learnPolicy } from './policy-choices.ts'
import { prepare } from './prepared.ts'

const rows = 400
const prepared = prepare(drawTable({ rows }).table)
const fold = Uint8Array.from({ length: rows }, (_, row) => 2 * (row % 5))
const all = new Uint8Array(2 * rows).fill(1)

/** Mean reward of choices; the control's is 0. */
function mean(chosen: Uint8Array, heldOut: Float64Array): number {
  return chosen.reduce((sum, place, row) => sum + (place === 0 ? 0 : heldOut[(place - 1) * rows + row]!), 0) / rows
}

test('a tree that was fitted to noise is worth something on its own rows, and nothing on others', () => {
  let [own, others] = [0, 0]
  for (let seed = 0; seed < 20; seed++) {
    const random = makeRandom(seed, 3)
    const heldOut = Float64Array.from({ length: 2 * rows }, () => random.normal())
    const chosen = new Uint8Array(rows)
    choosePolicy(learnPolicy(prepared, { heldOut, support: all }), prepared.ranking, chosen)
    own += mean(chosen, heldOut) / 20
    others += mean(heldOutPolicy(prepared, { heldOut, support: all }, fold), heldOut) / 20
  }
  expect(own).toBeGreaterThan(0.1)
  // Twenty means of 400: a standard error of about 0.01.
  expect(Math.abs(others)).toBeLessThan(0.04)
})

test('what holds for everybody is chosen for rows of every fold', () => {
  const heldOut = Float64Array.from({ length: 2 * rows }, (_, at) => (at < rows ? 0.1 : 0.3))
  expect(heldOutPolicy(prepared, { heldOut, support: all }, fold)).toEqual(new Uint8Array(rows).fill(2))
})

test('a service that nobody alike took is not promised to anybody', () => {
  const heldOut = new Float64Array(2 * rows).fill(0.3)
  const support = all.slice().fill(0, rows)
  expect(new Set(heldOutPolicy(prepared, { heldOut, support }, fold))).toEqual(new Set([1]))
})
