// Solves who gets which place by HiGHS (WebAssembly, one thread), in a thread of the pool: it blocks until it is done.

import * as solver from 'highs'
import type { Highs } from 'highs'
import { faceOfBest, makeRandom, rowsOfTransport, transportOf, type Transport } from '#numerics/index.ts'

/** The pairs that may come together, people and services by their places in lists; `places` a service. */
export interface TransportPairs {
  readonly people: number
  readonly person: Uint32Array
  readonly service: Uint32Array
  readonly places: Float64Array
}

/** Objectives in the order in which they count, each the larger the better; whole numbers, one a pair. */
export interface TransportWish {
  readonly objectives: readonly Float64Array[]
  readonly seed: number
}

export interface TransportAnswer {
  /** The service of each person; -1 where there is none. */
  readonly chosen: Int32Array
  /** The sum of each objective, in their order. */
  readonly sums: Float64Array
  /** What one place more in each service would add to the first objective, to within what changes nothing: whole, 0 or more. They
   *  prove the answer: no other is worth more than these prices allow. */
  readonly prices: Float64Array
}

/** The package's types describe what CommonJS gets; an ES module gets the function itself. */
const loadHighs = solver.default as unknown as typeof solver.default.default
/** Compiled once a thread. */
const ready = loadHighs()
/** A solve that takes longer is given up: the page then asks for fewer services. */
const longestSeconds = 120
/** As many tickets as there are for a draw among equal answers; small enough that sums of them are exact. */
const tickets = 1 << 20

/**
 * The best pairs for the first objective; among all best ones the best for the second, and so on; what is still equal is drawn by
 * the seed. Each person at most one service, no service over its places. The same pairs, objectives and seed give the same answer.
 * Throws when a solve is given up, and what `transportOf` refuses.
 */
export async function solveTransport(shared: TransportPairs, wish: TransportWish): Promise<TransportAnswer> {
  const highs = await ready
  const whole = transportOf(shared)
  const random = makeRandom(wish.seed, 1)
  const draw = Float64Array.from(whole.person, () => random.below(tickets))
  let problem = whole
  let pairs = Uint32Array.from({ length: whole.person.length }, (_, e) => e)
  let placed: Uint32Array = new Uint32Array(0)
  let prices: Float64Array | null = null
  for (const objective of [...wish.objectives, draw]) {
    const solved = solve(highs, problem, (e) => objective[pairs[e]!]!)
    placed = pairs.filter((_, e) => solved.values[e]! > half)
    prices ??= solved.rowDuals.subarray(shared.people).map((price) => Math.max(0, Math.round(price)))
    const face = faceOfBest(problem, solved.columnDuals, solved.rowDuals)
    pairs = face.pairs.map((e) => pairs[e]!)
    problem = face.problem
  }
  const chosen = new Int32Array(shared.people).fill(-1)
  for (const e of placed) chosen[shared.person[e]!] = shared.service[e]!
  const sums = wish.objectives.map((objective) => placed.reduce((sum, e) => sum + objective[e]!, 0))
  return { chosen, sums: Float64Array.from(sums), prices: prices ?? new Float64Array(shared.places.length) }
}

const half = 0.5

interface Solved {
  readonly values: Float64Array
  readonly columnDuals: Float64Array
  readonly rowDuals: Float64Array
}

function solve(highs: Highs, problem: Transport, objective: (pair: number) => number): Solved {
  const { starts, indices, values, rowLower, rowUpper } = rowsOfTransport(problem)
  const numCols = problem.person.length
  const numRows = rowUpper.length
  if (numCols === 0) {
    return { values: new Float64Array(0), columnDuals: new Float64Array(0), rowDuals: new Float64Array(numRows) }
  }
  const data = {
    ...{ numCols, numRows, sense: highs.constants.objectiveSense.maximize },
    colCost: Float64Array.from({ length: numCols }, (_, e) => objective(e)),
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(highs.infinity),
    ...{ rowLower, rowUpper },
    matrix: { format: 'csc' as const, numRows, numCols, starts, indices, values },
  }
  return highs.withModel(data, (model) => {
    // The interior point method, then brought to a corner, takes half the time here; where it should fail, the simplex method.
    for (const solver of ['ipm', 'simplex']) {
      model.options.set({ output_flag: false, time_limit: longestSeconds, solver })
      model.run()
      const { colValue, colDual, rowDual } = model.getSolution()
      const isBest = model.getModelStatus() === highs.constants.modelStatus.optimal
      if (isBest && [colValue, colDual, rowDual].every(areWhole)) {
        return { values: colValue, columnDuals: colDual, rowDuals: rowDual }
      }
    }
    throw new Error('HiGHS gave up before it had the best answer')
  })
}

/** At a corner of this problem all are, up to rounding. */
function areWhole(values: Float64Array): boolean {
  return values.every((value) => Math.abs(value - Math.round(value)) < nearlyWhole)
}

const nearlyWhole = 1e-4
