import { describe, expect, test } from 'vitest'
import { binTable } from '../bins/bins.ts'
import { makeRandom, shuffled } from '../rng.ts'
import { causalForestDefaults, growCausalForest, type CausalForest } from './causal-forest.ts'
import { effectiveNumbers, measureNeighbours, type Neighbours } from './neighbours.ts'
import { drawSample, type Sample } from './sample.factory.ts'
import { drawRows, tossHalf } from './subsample.ts'
import { findLeaf, roomForRows, rowsFrom, rowsSideBySide } from './trees.ts'

const options = { seed: 5, minNode: 15 }

function numbersOf(neighbours: Neighbours, sample: Pick<Sample, 'table'>): Float64Array[] {
  return Array.from({ length: sample.table.rows }, (_, row) => {
    const numbers = new Float64Array(3)
    effectiveNumbers(neighbours, sample.table, row, numbers)
    return numbers
  })
}

/** Every row's weight for one person, by the definition: tree by tree, row by row. */
function weightsByHand(forest: CausalForest, input: Sample, bins: Uint8Array): Float64Array {
  const { rows } = input.table
  const columns = forest.columns
  const own = roomForRows(rows, columns)
  rowsSideBySide(input.table, 0, rows, own)
  const alpha = new Float64Array(rows)
  const sampling = { ...causalForestDefaults, seed: forest.seed, rows, cluster: input.cluster, weight: input.weight }
  for (let tree = 0; tree < forest.trees; tree++) {
    const coins = new Uint8Array(rows)
    tossHalf(forest.seed, Math.floor(tree / forest.bagSize), coins)
    const { measured } = drawRows(sampling, coins, new Uint8Array(rows), makeRandom(forest.seed, tree), true)
    const leafOf = (of: Uint8Array, at: number) => findLeaf(forest.nodes, 2 * forest.nodeStart[tree]!, of, at)
    const leaf = leafOf(bins, rowsFrom)
    const near = [...measured].filter((row) => leafOf(own, rowsFrom + row * columns) === leaf)
    for (const row of near) alpha[row]! += (input.weight?.[row] ?? 1) / near.length / forest.trees
  }
  return alpha
}

function numbersByHand(forest: CausalForest, input: Sample, asked: Sample): Float64Array[] {
  return Array.from({ length: asked.table.rows }, (_, row) => {
    const bins = roomForRows(1, forest.columns)
    rowsSideBySide(asked.table, row, row + 1, bins)
    const alpha = weightsByHand(forest, input, bins)
    return Float64Array.from({ length: 3 }, (_, arm) => {
      let [sum, square] = [0, 0]
      alpha.forEach((weight, i) => {
        if (input.arm[i] !== arm) return
        sum += weight
        square += weight * weight
      })
      return square > 0 ? sum ** 2 / square : 0
    })
  })
}

const weighted = (sample: Sample): Sample => ({
  ...sample,
  weight: Float64Array.from(sample.y, (_, i) => (i % 7 === 0 ? 0 : 0.5 + (i % 3))),
})

describe('how many past people a forest rests on', () => {
  test.each([
    ['as they are', (sample: Sample) => sample],
    ['weighted', weighted],
  ])('the effective numbers are those of all weights worked out by hand, rows %s', (_, made) => {
    const input = made(drawSample(900, 41))
    const forest = growCausalForest(input, options, { from: 0, to: 48 })
    const asked = drawSample(40, 42)
    const found = numbersOf(measureNeighbours(forest, input), asked)
    const byHand = numbersByHand(forest, input, asked)
    const ratios = found.flatMap((numbers, row) => [...numbers].map((number, a) => number / byHand[row]![a]!)).sort()
    expect(ratios[Math.floor(0.5 * ratios.length)]).toBeCloseTo(1, 1)
    expect(ratios[Math.floor(0.05 * ratios.length)]).toBeGreaterThan(0.75)
    expect(ratios[Math.floor(0.95 * ratios.length)]).toBeLessThan(1.33)
  })

  test('where no column splits, it is next to all who took the arm', () => {
    const input = { ...drawSample(800, 43), columns: [] }
    const forest = growCausalForest(input, options, { from: 0, to: 200 })
    const taken = [0, 1, 2].map((arm) => input.arm.filter((a) => a === arm).length)
    const [numbers] = numbersOf(measureNeighbours(forest, input), { table: drawSample(1, 44).table })
    numbers!.forEach((number, a) => {
      expect(number).toBeLessThanOrEqual(taken[a]!)
      expect(number).toBeGreaterThan(0.95 * taken[a]!)
    })
  })

  test('where many took an arm it counts more than where few did, and nothing where nobody did', () => {
    const input = drawSample(3000, 45)
    const first = input.values[0]!
    // Arm 2 was hardly ever taken above a half in the first column, and never above three quarters.
    const isRare = (x: number, i: number) => x > 0.75 || (x > 0.5 && i % 8 !== 0)
    const arm = input.arm.map((a, i) => (a === 2 && isRare(first[i]!, i) ? 0 : a))
    const thinned = { ...input, arm, columns: [0] }
    const forest = growCausalForest(thinned, { seed: 1, minNode: 20, minArm: 0 }, { from: 0, to: 80 })
    const others = [0.5, 2, 1].map((value) => new Float64Array(3).fill(value))
    const asked = binTable(input.table.columns, [Float64Array.of(0.25, 0.6, 0.95), ...others], 3)
    const [many, few, none] = numbersOf(measureNeighbours(forest, thinned), { table: asked })
    expect(many![2]).toBeGreaterThan(2 * few![2]!)
    expect(few![2]).toBeGreaterThan(0)
    expect(none![2]).toBeLessThan(5)
    expect(none![0]).toBeGreaterThan(30)
  })

  test('rows in another order count alike, but for what trees draw', () => {
    const drawn = drawSample(1200, 46)
    const order = shuffled(1200, makeRandom(3, 0))
    const of = <T extends Float64Array | Uint8Array>(values: T, columns = 1) =>
      values.map((_, at) => values[Math.floor(at / 1200) * 1200 + order[at % 1200]!]!).subarray(0, columns * 1200) as T
    const mixed: Sample = {
      ...drawn,
      table: { ...drawn.table, bins: of(drawn.table.bins, 4) },
      ...{ y: of(drawn.y), arm: of(drawn.arm), yHat: of(drawn.yHat), eHat: of(drawn.eHat, 3) },
    }
    const [one, other] = [drawn, mixed].map((input) => {
      const forest = growCausalForest(input, options, { from: 0, to: 200 })
      return numbersOf(measureNeighbours(forest, input), drawSample(30, 47))
    })
    const mean = (all: Float64Array[]) => all.reduce((sum, numbers) => sum + numbers[0]!, 0) / all.length
    expect(mean(one!) / mean(other!)).toBeCloseTo(1, 1)
    one!.forEach((numbers, row) => expect(Math.abs(Math.log(numbers[0]! / other![row]![0]!))).toBeLessThan(0.5))
  })

  test('the same forest gives the same record, and another table is refused', () => {
    const input = drawSample(400, 48)
    const forest = growCausalForest(input, options, { from: 0, to: 16 })
    const neighbours = measureNeighbours(forest, input)
    expect(measureNeighbours(forest, input)).toEqual(neighbours)
    expect(() => measureNeighbours(forest, drawSample(300, 48))).toThrow(RangeError)
    expect(() => effectiveNumbers(neighbours, input.table, 0, new Float64Array(2))).toThrow(RangeError)
  })
})
