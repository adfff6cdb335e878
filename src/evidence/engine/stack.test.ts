import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { levelFolds, stackMembers, type Stack, type StackProblem } from './stack.ts'

const began = [0.3, 0.3, 0]

/** Scores of one or more effects around truths, and members that tell those truths with errors of their own. */
function problemOf(
  rows: number,
  {
    errors,
    effects = 1,
    noise = 1,
    seed = 1,
  }: { errors: readonly number[]; effects?: number; noise?: number; seed?: number },
): StackProblem {
  const random = makeRandom(seed, 0)
  const truth = Float64Array.from({ length: rows * effects }, () => random.normal())
  return {
    ...{ rows, effects, among: new Float64Array(rows * effects).fill(1), began },
    effect: truth.map((value) => value + noise * random.normal()),
    heldOut: errors.map((error) => Float32Array.from(truth, (value) => value + error * random.normal())),
  }
}

const weightsOf = ({ weights }: Stack, k = 0) => [...weights.subarray(k * began.length, (k + 1) * began.length)]

test('with hardly any rows the weights are those begun with', () => {
  const weights = weightsOf(stackMembers(problemOf(5, { errors: [1, 1, 1], noise: 50 })))
  weights.forEach((weight, m) => expect(Math.abs(weight - began[m]!)).toBeLessThan(0.05))
})

test('with many rows the member that is right is heard in full, the others not at all', () => {
  const weights = weightsOf(stackMembers(problemOf(20_000, { errors: [1, 1, 0] })))
  expect(weights[2]).toBeGreaterThan(0.95)
  expect(weights[0]! + weights[1]!).toBeLessThan(0.05)
})

test('a member that tells differences twice too large is heard by half', () => {
  const problem = problemOf(20_000, { errors: [0] })
  const heldOut = [problem.heldOut[0]!.map((value) => 2 * value)]
  expect(stackMembers({ ...problem, heldOut, began: [0] }).weights[0]).toBeCloseTo(0.5, 1)
})

test('a member that tells the contrary is not heard', () => {
  const problem = problemOf(5000, { errors: [0] })
  const heldOut = [problem.heldOut[0]!.map((value) => -value)]
  expect(stackMembers({ ...problem, heldOut, began: [0.3] }).weights[0]).toBe(0)
})

test('no weight is below nought, whatever the members say', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }),
      (seed, errors) => {
        const { weights } = stackMembers(problemOf(60, { errors, effects: 2, seed }))
        expect(weights.every((weight) => weight >= 0 && Number.isFinite(weight))).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})

test('members that say the same of everybody keep what they began with', () => {
  const problem = problemOf(500, { errors: [0] })
  const heldOut = began.map(() => new Float32Array(500).fill(0.2))
  expect(weightsOf(stackMembers({ ...problem, heldOut }))).toStrictEqual(began)
})

test('a shift of a member or of the scores moves no weight, only the member’s average', () => {
  const problem = problemOf(800, { errors: [0.5, 1, 2] })
  const [plain, moved] = [
    stackMembers(problem),
    stackMembers({
      ...problem,
      effect: problem.effect.map((value) => value - 3),
      heldOut: problem.heldOut.map((member) => member.map((value) => value + 1)),
    }),
  ]
  weightsOf(moved).forEach((weight, m) => expect(weight).toBeCloseTo(weightsOf(plain)[m]!, 4))
  moved.centre.forEach((value, m) => expect(value - plain.centre[m]!).toBeCloseTo(1, 5))
})

test('services lean on each other: one with few people goes where the others went', () => {
  const many = problemOf(4000, { errors: [1, 1, 0], effects: 2 })
  const random = makeRandom(2, 0)
  const loud = many.effect.map((value, at) => (at < 4000 ? value : value + 30 * random.normal()))
  const weights = weightsOf(stackMembers({ ...many, effect: loud }), 1)
  expect(weights[2]).toBeGreaterThan(0.8)
})

test('the loss is the mean squared distance of the scores from the average and the member’s deviations', () => {
  const { effect, heldOut, ...problem } = problemOf(300, { errors: [1, 0.5, 0] })
  const { loss, centre } = stackMembers({ effect, heldOut, ...problem })
  const mean = effect.reduce((sum, value) => sum + value, 0) / 300
  heldOut.forEach((member, m) => {
    const expected = member.reduce((sum, value, i) => sum + (effect[i]! - mean - (value - centre[m]!)) ** 2, 0) / 300
    expect(loss[m]).toBeCloseTo(expected, 6)
  })
})

test('a row that counts twice is a row that is there twice', () => {
  const { effect, heldOut, ...problem } = problemOf(200, { errors: [1, 0.5, 0] })
  const order = [...Array(200).keys()].flatMap((i) => (i < 50 ? [i, i] : [i]))
  const weighted = stackMembers({
    ...problem,
    effect,
    heldOut,
    among: Float64Array.from({ length: 200 }, (_, i) => (i < 50 ? 2 : 1)),
  })
  const repeated = stackMembers({
    ...{ ...problem, rows: order.length, among: new Float64Array(order.length).fill(1) },
    effect: Float64Array.from(order, (i) => effect[i]!),
    heldOut: heldOut.map((member) => Float32Array.from(order, (i) => member[i]!)),
  })
  weightsOf(weighted).forEach((weight, m) => expect(weight).toBeCloseTo(weightsOf(repeated)[m]!, 9))
})

test('people whom nobody like took a service say nothing of it, and speak of the others', () => {
  const problem = problemOf(300, { errors: [1, 0.5, 0], effects: 2 })
  const isOut = (at: number) => at < 100
  const absurd = { ...problem, effect: problem.effect.map((value, at) => (isOut(at) ? 1e6 : value)) }
  const among = problem.among.map((one, at) => (isOut(at) ? 0 : one))
  const [plain, found] = [stackMembers({ ...problem, among }), stackMembers({ ...absurd, among })]
  expect(found).toStrictEqual(plain)
  expect(weightsOf(stackMembers(absurd))).not.toStrictEqual(weightsOf(plain))
})

test('levelled, every fold has the mean of all, and people of one fold differ as before', () => {
  const random = makeRandom(7, 0)
  const rows = 90
  const fold = Uint8Array.from({ length: rows }, () => random.below(3))
  const weight = Float64Array.from({ length: 2 * rows }, () => random.uniform())
  const before = Float32Array.from({ length: 2 * rows }, (_, at) => random.normal() + 5 * fold[at % rows]!)
  const after = before.slice()
  levelFolds(after, fold, weight)
  const meanIn = (from: number, isIn: (row: number) => boolean) => {
    const some = [...fold.keys()].filter(isIn)
    return (
      some.reduce((sum, i) => sum + weight[from + i]! * after[from + i]!, 0) /
      some.reduce((sum, i) => sum + weight[from + i]!, 0)
    )
  }
  for (const from of [0, rows]) {
    const overall = meanIn(from, () => true)
    for (const f of [0, 1, 2]) {
      expect(meanIn(from, (i) => fold[i] === f)).toBeCloseTo(overall, 5)
      const first = fold.indexOf(f)
      fold.forEach((own, i) => {
        if (own !== f) return
        expect(after[from + i]! - after[from + first]!).toBeCloseTo(before[from + i]! - before[from + first]!, 4)
      })
    }
  }
})
