import { describe, expect, test } from 'vitest'
import { choosePolicy, makeRandom } from '#numerics/index.ts'
import { termsByArm, type Term } from '../policy/terms.ts'
import { drawTable } from './learning-table.factory.ts'
import { heldOutPolicy, learnPolicy } from './policy-choices.ts'
import { prepare } from './prepared.ts'

const rows = 400
const { table } = drawTable({ rows })
const prepared = prepare(table)
const years = table.features[0]!.values
const fold = Uint8Array.from({ length: rows }, (_, row) => 2 * (row % 5))
const all = { support: new Uint8Array(2 * rows).fill(1), terms: null }

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
    choosePolicy(learnPolicy(prepared, { heldOut, ...all }), prepared.ranking, chosen)
    own += mean(chosen, heldOut) / 20
    others += mean(heldOutPolicy(prepared, { heldOut, ...all }, fold), heldOut) / 20
  }
  expect(own).toBeGreaterThan(0.1)
  // Twenty means of 400: a standard error of about 0.01.
  expect(Math.abs(others)).toBeLessThan(0.04)
})

test('what holds for everybody is chosen for rows of every fold', () => {
  const heldOut = Float64Array.from({ length: 2 * rows }, (_, at) => (at < rows ? 0.1 : 0.3))
  expect(heldOutPolicy(prepared, { heldOut, ...all }, fold)).toEqual(new Uint8Array(rows).fill(2))
})

test('a service that nobody alike took is not promised to anybody', () => {
  const heldOut = new Float64Array(2 * rows).fill(0.3)
  const support = all.support.slice().fill(0, rows)
  expect(new Set(heldOutPolicy(prepared, { ...all, heldOut, support }, fold))).toEqual(new Set([1]))
})

describe('with costs and places', () => {
  const heldOut = Float64Array.from({ length: 2 * rows }, (_, at) => (at < rows ? 0.1 : 0.3))
  const chosenWith = (terms: readonly Term[], gains = heldOut) => {
    const ground = { ...all, heldOut: gains, terms: termsByArm(terms, ['none', 'course', 'talk']) }
    const chosen = new Uint8Array(rows)
    const tree = learnPolicy(prepared, ground)
    choosePolicy(tree, prepared.ranking, chosen)
    return { tree, chosen, heldOut: heldOutPolicy(prepared, ground, fold) }
  }

  test('a service is chosen only where it adds more than it costs', () => {
    const dear = chosenWith([{ arm: 'talk', cost: 0.25, capacity: null }])
    expect([new Set(dear.chosen), new Set(dear.heldOut)]).toEqual([new Set([1]), new Set([1])])
    const bothDear = chosenWith(['course', 'talk'].map((arm) => ({ arm, cost: 0.31, capacity: null })))
    expect(new Set(bothDear.chosen)).toEqual(new Set([0]))
  })

  test('a service goes to no more people than can have it, and the next best to the others', () => {
    // Everybody would rather have the talk, who has most years most of all.
    const gains = Float64Array.from({ length: 2 * rows }, (_, at) => (at < rows ? 0.1 : 0.2 + 0.05 * years[at - rows]!))
    const { chosen, tree } = chosenWith([{ arm: 'talk', cost: 0, capacity: 0.25 }], gains)
    const share = chosen.filter((place) => place === 2).length / rows
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThanOrEqual(0.25)
    expect(chosen.filter((place) => place === 0).length).toBe(0)
    expect(tree.isWithinCapacity).toBe(true)
    expect(new Set(chosenWith([{ arm: 'talk', cost: 0, capacity: 0 }]).chosen)).toEqual(new Set([1]))
  })
})
