import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingBin, type BinnedTable } from '../bins/bins.ts'
import { makeRandom, shuffled } from '../rng.ts'
import { bestPolicyTree, choosePolicy, type PolicyOptions, type PolicyProblem, type PolicyTree } from './policy-tree.ts'

interface Cells {
  readonly rows: number
  readonly arms: number
  readonly kinds: readonly ('number' | 'category')[]
  /** By row. */
  readonly bins: readonly (readonly number[])[]
  readonly rewards: readonly (readonly number[])[]
}

const binsPerColumn = 5

function problemOf({ rows, arms, kinds, bins, rewards }: Cells): PolicyProblem {
  const table: BinnedTable = {
    rows,
    columns: kinds.map((kind) => ({
      kind,
      bins: binsPerColumn,
      edges: kind === 'number' ? Float64Array.of(1, 2, 3, 4) : new Float64Array(0),
      centres: Float64Array.of(1, 2, 3, 4, 5),
    })),
    bins: Uint8Array.from(kinds.flatMap((_, j) => bins.map((row) => row[j]!))),
  }
  const columnMajor = Float64Array.from(Array.from({ length: arms }, (_, a) => rewards.map((row) => row[a]!)).flat())
  return { table, columns: kinds.map((_, j) => j), rewards: columnMajor, arms, weight: null }
}

const cells = (mostRows: number, mostArms = 4): fc.Arbitrary<Cells> =>
  fc
    .tuple(fc.integer({ min: 1, max: mostRows }), fc.integer({ min: 1, max: mostArms }), fc.integer({ min: 1, max: 3 }))
    .chain(([rows, arms, columns]) => {
      const bin = fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
        { weight: 1, arbitrary: fc.constant(missingBin) },
      )
      const reward = fc.integer({ min: -20, max: 20 })
      return fc.record({
        rows: fc.constant(rows),
        arms: fc.constant(arms),
        kinds: fc.array(fc.constantFrom('number' as const, 'category' as const), {
          minLength: columns,
          maxLength: columns,
        }),
        bins: fc.array(fc.array(bin, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
        rewards: fc.array(fc.array(reward, { minLength: arms, maxLength: arms }), { minLength: rows, maxLength: rows }),
      })
    })

/** The best sum of rewards of all trees up to a depth, by trying every one of them. */
function bruteForce(
  { kinds, bins, rewards, arms }: Cells,
  rows: readonly number[],
  depth: number,
  minimumLeaf: number,
): number {
  let best = -Infinity
  for (let a = 0; a < arms; a++)
    best = Math.max(
      best,
      rows.reduce((sum, i) => sum + rewards[i]![a]!, 0),
    )
  if (depth === 0) return best
  kinds.forEach((kind, j) => {
    for (let cut = 0; cut < binsPerColumn; cut++) {
      for (const missingLeft of [true, false]) {
        const goesLeft = (i: number): boolean => {
          const bin = bins[i]![j]!
          return bin === missingBin ? missingLeft : kind === 'category' ? bin === cut : bin <= cut
        }
        // A cut has known values of the whole table on it: "known" against "not known" is no cut of a number.
        const known = bins.map((row) => row[j]!).filter((bin) => bin !== missingBin)
        const isCut =
          kind === 'category' ? known.includes(cut) : known.some((b) => b <= cut) && known.some((b) => b > cut)
        if (!isCut) continue
        const left = rows.filter(goesLeft)
        const right = rows.filter((i) => !goesLeft(i))
        if (left.length < minimumLeaf || right.length < minimumLeaf) continue
        const sum = bruteForce({ kinds, bins, rewards, arms, rows: 0 }, left, depth - 1, minimumLeaf)
        best = Math.max(best, sum + bruteForce({ kinds, bins, rewards, arms, rows: 0 }, right, depth - 1, minimumLeaf))
      }
    }
  })
  return best
}

const valueOf = ({ rewards, table }: PolicyProblem, chosen: Uint8Array) =>
  chosen.reduce((sum, arm, i) => sum + rewards[arm * table.rows + i]!, 0)

function choose(tree: PolicyTree, problem: PolicyProblem): Uint8Array {
  const out = new Uint8Array(problem.table.rows)
  choosePolicy(tree, problem.table, out)
  return out
}

const all = (rows: number) => Array.from({ length: rows }, (_, i) => i)

/** Two numbers, a category and an unknown here and there; the best arm depends on the first and the last. */
function people(rows: number, arms = 3): Cells {
  const random = makeRandom(11, rows)
  const bins = all(rows).map(() => [0, 1, 2].map(() => (random.uniform() < 0.1 ? missingBin : random.below(5))))
  const rewards = bins.map(([first, , last]) => {
    const best = (first! <= 2 ? 0 : last === 3 ? 1 : 2) % arms
    return all(arms).map((a) => random.normal() + (a === best ? 1 : 0))
  })
  return { rows, arms, kinds: ['number', 'number', 'category'], bins, rewards }
}

describe('the best policy tree', () => {
  for (const depth of [1, 2] as const) {
    test(`no tree of depth ${depth} gives more than the one found`, () => {
      fc.assert(
        fc.property(cells(14), fc.integer({ min: 1, max: 3 }), (data, minimumLeaf) => {
          const problem = problemOf(data)
          const tree = bestPolicyTree(problem, { depth, minimumLeaf })
          expect(valueOf(problem, choose(tree, problem))).toBeCloseTo(
            bruteForce(data, all(data.rows), depth, minimumLeaf),
            9,
          )
          for (const [node, arm] of tree.arm.entries()) {
            if (arm >= 0 && tree.arm.length > 1) expect(tree.rows[node]).toBeGreaterThanOrEqual(minimumLeaf)
          }
        }),
        { numRuns: depth === 1 ? 200 : 120 },
      )
    })
  }

  test('depth three gives at least what depth two gives', () => {
    fc.assert(
      fc.property(cells(25), (data) => {
        const problem = problemOf(data)
        const [two, three] = ([2, 3] as const).map((depth) =>
          valueOf(problem, choose(bestPolicyTree(problem, { depth, minimumLeaf: 1 }), problem)),
        )
        expect(three).toBeGreaterThanOrEqual(two! - 1e-9)
      }),
      { numRuns: 60 },
    )
  })

  test('its own value and shares are those of the people it chooses for', () => {
    const problem = problemOf(people(500))
    const tree = bestPolicyTree(problem, { depth: 2 })
    const chosen = choose(tree, problem)
    expect(tree.value[0]).toBeCloseTo(valueOf(problem, chosen) / 500, 10)
    expect([...tree.shares]).toEqual([0, 1, 2].map((a) => chosen.filter((arm) => arm === a).length / 500))
  })

  test('finds the rule that made the rewards', () => {
    const problem = problemOf(people(4000))
    const tree = bestPolicyTree(problem, { depth: 2 })
    expect([tree.column[0], tree.cut[0], tree.isLevel[0]]).toEqual([0, 2, 0])
    const right = tree.right[0]!
    expect([tree.column[right], tree.cut[right], tree.isLevel[right]]).toEqual([2, 3, 1])
  })

  test('people in another order get the same tree', () => {
    const data = people(800)
    const order = [...shuffled(800, makeRandom(3, 1))]
    const moved = { ...data, bins: order.map((i) => data.bins[i]!), rewards: order.map((i) => data.rewards[i]!) }
    const { value, mostPossible, ...tree } = bestPolicyTree(problemOf(data), { depth: 2 })
    const { value: movedValue, mostPossible: movedMost, ...movedTree } = bestPolicyTree(problemOf(moved), { depth: 2 })
    expect(movedTree).toEqual(tree)
    expect(movedMost).toBeCloseTo(mostPossible, 10)
    movedValue.forEach((mean, node) => expect(mean).toBeCloseTo(value[node]!, 10))
  })

  test('arms under other numbers give the same splits, and each leaf its arm by the new number', () => {
    const data = people(800)
    const swapped = { ...data, rewards: data.rewards.map(([a, b, c]) => [b!, c!, a!]) }
    const tree = bestPolicyTree(problemOf(data), { depth: 2 })
    const renamed = bestPolicyTree(problemOf(swapped), { depth: 2 })
    expect(renamed.column).toEqual(tree.column)
    expect(renamed.cut).toEqual(tree.cut)
    expect([...renamed.arm]).toEqual([...tree.arm].map((arm) => (arm < 0 ? -1 : (arm + 2) % 3)))
  })

  test('rewards in another unit give the same rule', () => {
    const data = people(800)
    const scaled = { ...data, rewards: data.rewards.map((row) => row.map((r) => 1e4 * r + 7)) }
    const [tree, other] = [data, scaled].map((of) => bestPolicyTree(problemOf(of), { depth: 2 }))
    expect([other!.column, other!.cut, other!.arm]).toEqual([tree!.column, tree!.cut, tree!.arm])
  })

  test('a weight of two is the person twice', () => {
    const data = people(300)
    const twice = {
      ...data,
      rows: 600,
      bins: [...data.bins, ...data.bins],
      rewards: [...data.rewards, ...data.rewards],
    }
    const weighted = { ...problemOf(data), weight: new Float64Array(300).fill(2) }
    const [tree, other] = [bestPolicyTree(weighted, { depth: 2 }), bestPolicyTree(problemOf(twice), { depth: 2 })]
    expect([other.column, other.cut, other.arm]).toEqual([tree.column, tree.cut, tree.arm])
  })

  test('the more of a column than can be cut is merged, and the rule still holds for every row', () => {
    const problem = problemOf(people(600))
    const tree = bestPolicyTree(problem, { depth: 2, mostCuts: 2 })
    const chosen = choose(tree, problem)
    expect(tree.value[0]).toBeCloseTo(valueOf(problem, chosen) / 600, 10)
  })
})

describe('what a policy tree does without much to go by', () => {
  const lone: PolicyOptions = { depth: 2, minimumLeaf: 1 }

  test('the same reward for everybody and every arm: no split, the first arm', () => {
    const data = people(100)
    const tree = bestPolicyTree(problemOf({ ...data, rewards: data.rewards.map(() => [1, 1, 1]) }), lone)
    expect([...tree.arm]).toEqual([0])
  })

  test('one arm: everybody gets it', () => {
    expect([...bestPolicyTree(problemOf(people(100, 1)), lone).arm]).toEqual([0])
  })

  test('nothing known of anybody: everybody gets the best arm', () => {
    const data = people(50)
    const tree = bestPolicyTree(problemOf({ ...data, bins: data.bins.map((row) => row.map(() => missingBin)) }), lone)
    expect(tree.column[0]).toBe(-1)
  })

  test('no column may split: everybody gets the best arm', () => {
    const tree = bestPolicyTree({ ...problemOf(people(50)), columns: [] }, lone)
    expect(tree.column[0]).toBe(-1)
  })

  test('two people', () => {
    const tree = bestPolicyTree(
      problemOf({
        rows: 2,
        arms: 2,
        kinds: ['number'],
        bins: [[0], [4]],
        rewards: [
          [1, 0],
          [0, 1],
        ],
      }),
      lone,
    )
    expect([...tree.arm]).toEqual([-1, 0, 1])
  })

  test('a leaf is never smaller than asked', () => {
    const data = people(200)
    const tree = bestPolicyTree(problemOf(data), { depth: 2, minimumLeaf: 60 })
    for (const [node, arm] of tree.arm.entries()) if (arm >= 0) expect(tree.rows[node]).toBeGreaterThanOrEqual(60)
  })

  test('an answer never met before goes where the unknown go', () => {
    const problem = problemOf(people(400))
    const tree = bestPolicyTree(problem, { depth: 2 })
    const [unknown, beyond] = [missingBin, 200].map((bin) =>
      choose(tree, { ...problem, table: { ...problem.table, bins: new Uint8Array(1200).fill(bin) } }),
    )
    expect(beyond).toEqual(unknown)
  })

  test('what is no number, or of another length, is refused', () => {
    const problem = problemOf(people(20))
    const broken = Float64Array.from(problem.rewards)
    broken[5] = NaN
    expect(() => bestPolicyTree({ ...problem, rewards: broken }, lone)).toThrow('no finite number')
    expect(() => bestPolicyTree({ ...problem, arms: 2 }, lone)).toThrow('rows by arms')
    expect(() => bestPolicyTree({ ...problem, columns: [9] }, lone)).toThrow('not there')
    expect(() => bestPolicyTree({ ...problem, weight: new Float64Array(3) }, lone)).toThrow('weights')
    expect(() => bestPolicyTree(problem, { ...lone, minimumLeaf: 0 })).toThrow('at least one row')
    expect(() => bestPolicyTree(problem, { ...lone, capacity: Float64Array.of(0.1, 0.1, 0.1) })).toThrow(
      'fewer than everybody',
    )
    expect(() => bestPolicyTree({ ...problem, weight: new Float64Array(20) }, lone)).toThrow('all weights are 0')
    expect(() => choosePolicy(bestPolicyTree(problem, lone), problem.table, new Uint8Array(3))).toThrow(
      'one place a row',
    )
  })
})

test('a tree of depth two that adds nothing to depth one is the tree of depth one', () => {
  fc.assert(
    fc.property(cells(40), fc.integer({ min: 0, max: 9 }), (data, turn) => {
      const [last] = data.kinds.slice(-1)
      // Rewards depend on one cut of the last column: whatever comes before it in order has nothing to add.
      const isLow = (row: readonly number[]) => {
        const bin = row.at(-1)!
        return last === 'number' ? bin <= turn % 4 : bin === turn % 5
      }
      const rewards = data.bins.map((row) => Array.from({ length: data.arms }, (_, a) => (isLow(row) ? a : -a)))
      const problem = problemOf({ ...data, rewards })
      const [one, two] = ([1, 2] as const).map((depth) => bestPolicyTree(problem, { depth, minimumLeaf: 1 }))
      // A number whose known values are all low has no such cut, and then a second cut of another column may add something.
      const most = rewards.reduce((sum, row) => sum + Math.max(...row), 0) / data.rows
      fc.pre(Math.abs(one!.value[0]! - most) < 1e-9)
      expect({ ...two, depth: 1 }).toEqual(one)
    }),
  )
})

describe('capacity', () => {
  const problem = problemOf(people(1500, 4))
  const free = bestPolicyTree(problem, { depth: 2 })

  test('where no capacity binds, the tree is the free one and all prices are zero', () => {
    const capacity = free.shares.map((share) => share + 0.01)
    capacity[0] = Infinity
    expect(bestPolicyTree(problem, { depth: 2, capacity })).toEqual(free)
    expect([...free.prices]).toEqual([0, 0, 0, 0])
  })

  test('no arm gets more people than it has places, and the value is at most the bound', () => {
    fc.assert(
      fc.property(
        cells(30),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.constantFrom(1, 2, 3),
        (data, most, depth) => {
          const limited = problemOf(data)
          const capacity = new Float64Array(data.arms).fill(most)
          capacity[0] = Infinity
          const tree = bestPolicyTree(limited, { depth, capacity, minimumLeaf: 1 })
          const chosen = choose(tree, limited)
          expect(tree.isWithinCapacity).toBe(true)
          for (let a = 1; a < data.arms; a++) {
            expect(chosen.filter((arm) => arm === a).length).toBeLessThanOrEqual(most * data.rows + 1e-6)
          }
          if (depth < 3) expect(tree.value[0]).toBeLessThanOrEqual(tree.mostPossible + 1e-9)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a tree that says it is exact is the best of all that fit', () => {
    fc.assert(
      fc.property(cells(9, 3), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (data, most) => {
        const capacity = new Float64Array(data.arms).fill(most)
        capacity[0] = Infinity
        const tree = bestPolicyTree(problemOf(data), { depth: 1, capacity, minimumLeaf: 1 })
        const best = bestSplitWithin(data, most)
        expect(tree.value[0]! * data.rows).toBeLessThanOrEqual(best + 1e-9)
        expect(tree.mostPossible * data.rows).toBeGreaterThanOrEqual(best - 1e-9)
        if (tree.isExact) expect(tree.value[0]! * data.rows).toBeCloseTo(best, 9)
      }),
      { numRuns: 150 },
    )
  })

  test('a full arm has a price, and goes to those who gain most from it', () => {
    const capacity = free.shares.map((share, a) => (a === 1 ? share / 2 : 1))
    const tree = bestPolicyTree(problem, { depth: 2, capacity })
    expect(tree.prices[1]).toBeGreaterThan(0)
    expect(tree.value[0]).toBeLessThan(free.value[0]!)
    expect(tree.value[0]).toBeGreaterThan(problem.rewards.subarray(0, 1500).reduce((sum, r) => sum + r, 0) / 1500)
  })

  test('where every arm is limited and no tree fits, the tree says so', () => {
    // Places for all, but no price makes a mix of arms the best for people who are all alike.
    const alike = Float64Array.from(problem.rewards, (_, at) => Math.floor(at / problem.table.rows))
    const thirds = new Float64Array(4).fill(0.36)
    expect(bestPolicyTree({ ...problem, rewards: alike }, { depth: 2, capacity: thirds }).isWithinCapacity).toBe(false)
    const capacity = new Float64Array(4).fill(0.25)
    expect(bestPolicyTree({ ...problem, columns: [] }, { depth: 2, capacity }).isWithinCapacity).toBe(false)
  })
})

describe('cost', () => {
  test('an arm that costs more than it gives is given to nobody', () => {
    const problem = problemOf(people(1500))
    expect(bestPolicyTree(problem, { depth: 2, cost: Float64Array.of(0, 50, 0) }).shares[1]).toBe(0)
  })

  test('a cost that is the same for all arms changes no rule', () => {
    const problem = problemOf(people(1500))
    const [free, dear] = [0, 3].map((each) =>
      bestPolicyTree(problem, { depth: 2, cost: new Float64Array(3).fill(each) }),
    )
    expect([dear!.column, dear!.cut, dear!.arm]).toEqual([free!.column, free!.cut, free!.arm])
    expect(dear!.value[0]).toBeCloseTo(free!.value[0]! - 3, 9)
  })
})

/** The best sum of a leaf or a single split with at most this share of the rows in any arm but the first. */
function bestSplitWithin({ rows, arms, kinds, bins, rewards }: Cells, most: number): number {
  const sumOf = (members: readonly number[], arm: number) => members.reduce((sum, i) => sum + rewards[i]![arm]!, 0)
  const sides: (readonly (readonly number[])[])[] = [[all(rows), []]]
  kinds.forEach((kind, j) => {
    const known = bins.map((row) => row[j]!).filter((bin) => bin !== missingBin)
    for (let cut = 0; cut < binsPerColumn; cut++) {
      const isCut =
        kind === 'category' ? known.includes(cut) : known.some((b) => b <= cut) && known.some((b) => b > cut)
      for (const missingLeft of isCut ? [true, false] : []) {
        const isLeft = (i: number) => {
          const bin = bins[i]![j]!
          return bin === missingBin ? missingLeft : kind === 'category' ? bin === cut : bin <= cut
        }
        sides.push([all(rows).filter(isLeft), all(rows).filter((i) => !isLeft(i))])
      }
    }
  })
  let best = -Infinity
  for (const [left, right] of sides) {
    for (let a = 0; a < arms; a++) {
      for (let b = 0; b < arms; b++) {
        const given = (arm: number) => (a === arm ? left!.length : 0) + (b === arm ? right!.length : 0)
        if (all(arms).some((arm) => arm > 0 && given(arm) > most * rows + 1e-6)) continue
        best = Math.max(best, sumOf(left!, a) + sumOf(right!, b))
      }
    }
  }
  return best
}
