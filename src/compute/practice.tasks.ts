// Small tasks by which the pool is tested and its cost measured: what each kind of work looks like, good and bad.

import { makeRandom } from '#numerics/index.ts'

export interface PracticeShared {
  readonly values: Float64Array
  readonly seed: number
}

/** The sum of `count` values drawn with replacement, and the draws themselves: chance from (seed, task) alone. */
export function drawSum(shared: PracticeShared, task: { index: number; count: number }) {
  const random = makeRandom(shared.seed, task.index)
  const drawn = new Float64Array(task.count)
  let sum = 0
  for (let i = 0; i < task.count; i++) {
    drawn[i] = shared.values[random.below(shared.values.length)]!
    sum += drawn[i]!
  }
  return { index: task.index, sum, drawn }
}

/** Writes to its own place of what all share. */
export function markPlace(shared: { readonly places: Int32Array }, task: number): null {
  shared.places[task] = task + 1
  return null
}

export async function waitFor(_shared: null, milliseconds: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  return milliseconds
}

export function failAt(shared: { readonly place: number }, task: number): number {
  if (task === shared.place) throw new RangeError('the table has no rows')
  return task
}

export function endThread(): never {
  process.exit(7)
}

export function fillMemory(): number {
  const kept: number[][] = []
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => i + kept.length))
}
