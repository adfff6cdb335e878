// What the engine promises of intervals and support, where the truth is known: through the real commands, on episodes of the
// project's own generator. About five minutes.

import { beforeAll, describe, expect, test } from 'vitest'
import { measureCell } from './cells.ts'
import type { Run } from './runs.ts'

const seeds = [1, 2, 3, 4, 5, 6]

for (const shape of ['bands', 'weak']) {
  describe(`2,000 episodes a seed, ${shape}`, () => {
    let judged: NonNullable<Run['judged']>[]

    beforeAll(async () => {
      judged = []
      for (const seed of seeds) {
        const common = {
          method: 'engine',
          generator: 'own',
          outcome: 'employed',
          missing: null,
          ates: '',
          more: '',
        } as const
        const run = await measureCell({
          cell: { shape, n: 2000, seed, protected: [], ...common },
          reference: null,
          limitSeconds: 600,
        })
        if (run.judged === null) throw new Error(run.problem ?? 'nothing was judged')
        judged.push(run.judged)
      }
    })

    const meanOf = (of: (arm: NonNullable<Run['judged']>['arms'][number]) => number | null) => {
      const values = judged.flatMap(({ arms }) => arms.map(of)).filter((value) => value !== null)
      return values.reduce((sum, value) => sum + value, 0) / values.length
    }

    test('95 % intervals of people with support hold the true effect for at least 90 of 100', () => {
      expect(meanOf(({ coverage }) => coverage)).toBeGreaterThan(0.9)
    })

    test('four of five pairs whose chance of the service is 5 % or more have support', () => {
      expect(meanOf(({ supported }) => supported)).toBeGreaterThan(0.8)
    })
  })
}
