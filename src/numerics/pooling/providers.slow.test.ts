// Whether providers' intervals hold: seeded repetitions with providers of few and of many clients. Slow lane.

import { expect, test } from 'vitest'
import { effectsByProvider, makeRandom } from '../index.ts'

const repetitions = 200
const sizes = [8, 12, 25, 25, 30, 40, 60, 80, 120, 150, 250, 400]

/** One network: provider p of arm 1 is worth 0.2 more than none, and its own difference; the rest took none. */
function network(seed: number, between: number) {
  const random = makeRandom(808, seed)
  const truth = Float64Array.from(sizes, () => 0.2 + between * random.normal())
  const provider = Int32Array.from([
    ...sizes.flatMap((size, p) => new Array<number>(size).fill(p)),
    ...new Array<number>(1200).fill(-1),
  ])
  const rows = provider.length
  const arm = Uint8Array.from(provider, (p) => (p >= 0 ? 1 : 0))
  const outcome = new Float64Array(2 * rows)
  const y = Float64Array.from(provider, (p, i) => {
    const x = 0.3 * random.normal()
    outcome[i] = x
    outcome[rows + i] = x + 0.2
    return x + (p >= 0 ? truth[p]! : 0) + 0.5 * random.normal()
  })
  const propensity = new Float64Array(2 * rows).fill(0.5)
  return { truth, problem: { arm, y, outcome, propensity, provider, providers: 12, compared: 1, minimumRows: 20 } }
}

test.each([0, 0.05, 0.15])('intervals of providers that differ by %d hold, those of too few clients too', (between) => {
  let held = 0
  let smallHeld = 0
  let pooledLoss = 0
  let rawLoss = 0
  for (let seed = 0; seed < repetitions; seed++) {
    const { truth, problem } = network(seed, between)
    const { providers } = effectsByProvider(problem)
    const none = problem.y.subarray(problem.y.length - 1200).reduce((sum, value) => sum + value, 0) / 1200
    providers.forEach(({ effect, raw, isOwn }, p) => {
      const isHeld = effect.low <= truth[p]! && truth[p]! <= effect.high
      if (!isOwn && isHeld) smallHeld++
      if (isOwn && isHeld) held++
      pooledLoss += (effect.estimate - truth[p]!) ** 2
      rawLoss += (raw - none - truth[p]!) ** 2
    })
  }
  const own = (100 * held) / (10 * repetitions)
  const small = (100 * smallHeld) / (2 * repetitions)
  const error = Math.sqrt(pooledLoss / rawLoss)
  console.log(
    `between ${between}: own ${own.toFixed(1)} %, too few ${small.toFixed(1)} %, error ${error.toFixed(2)} of raw`,
  )
  expect(own).toBeGreaterThanOrEqual(92.5)
  expect(small).toBeGreaterThanOrEqual(90)
  expect(error).toBeLessThan(0.9)
})
