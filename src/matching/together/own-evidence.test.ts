import { describe, expect, test } from 'vitest'
import type { EvidenceStep } from '../evidence-step.ts'
import { ownEvidence, tiesAmong } from './own-evidence.ts'

const ofType = {
  ...{ type: 'a', chanceWith: 0.6, chanceWithout: 0.5, gain: 0.1, low: 0, high: 0.2 },
  ...{ similar: 90, similarWithout: 90 },
}
const byModel = { estimates: [ofType], rankedBy: 'model' } as const
const known = { gain: 0.1, low: 0, high: 0.2, provider: null, why: null, studies: [], source: 'model' } as const
const study = { type: 'b', gain: 0.04, low: 0.01, high: 0.07, source: 'A review', year: 2018, population: null }
const unknown: EvidenceStep = {
  ...{ source: 'none', gain: null, low: null, high: null, provider: null, why: 'too_few' },
  studies: [study, { ...study, year: 2010 }, { ...study, year: 2001 }],
}

describe('what is known of one service', () => {
  test('is the chance without it and the gain of this very service, its provider\u2019s results among it', () => {
    const provider = { clients: 40, difference: 0.05, low: 0, high: 0.1 }
    const evidence = { ...known, source: 'model_and_provider', provider, gain: 0.15, low: 0.02, high: 0.28 } as const
    const { estimate, clientsThere } = ownEvidence(byModel, { type: 'a', evidence })
    expect(estimate).toMatchObject({ chanceWithout: 0.5, gain: 0.15, low: 0.02, high: 0.28 })
    expect(estimate?.chanceWith).toBeCloseTo(0.65, 12)
    expect(clientsThere).toBe(40)
  })

  test('is never a chance above one or below nothing', () => {
    const withGain = (gain: number) => ownEvidence(byModel, { type: 'a', evidence: { ...known, gain } }).estimate
    expect(withGain(0.9)?.chanceWith).toBe(1)
    expect(withGain(-0.9)?.chanceWith).toBe(0)
  })

  test('is what studies found of others, the newest ones, where nothing is known here, and says why nothing is', () => {
    const own = ownEvidence(byModel, { type: 'b', evidence: unknown })
    expect(own).toMatchObject({ estimate: null, why: 'too_few', studies: [{ year: 2018 }, { year: 2010 }] })
    expect(own.studies).toHaveLength(2)
    expect(ownEvidence(byModel, { type: 'a', evidence: known }).studies).toEqual([])
  })

  test('is nothing where no model orders services now, whatever was estimated', () => {
    const off = { estimates: [ofType], rankedBy: 'checks_failed' } as const
    expect(ownEvidence(off, { type: 'a', evidence: known })).toMatchObject({ estimate: null, why: 'not_by_model' })
  })
})

test('a tie is of services of one tier; of one whose rules are not all known nothing is claimed', () => {
  const of = (name: string, tier: number | null) => ({ name, tier })
  const names = (...services: ReturnType<typeof of>[]) => tiesAmong(services).map((tie) => tie.map(({ name }) => name))
  expect(names(of('A', 1), of('B', 1), of('C', 2))).toEqual([['A', 'B']])
  expect(names(of('A', 1), of('B', 2), of('C', null), of('D', null))).toEqual([])
  expect(names(of('A', 1), of('B', 1), of('C', 2), of('D', 2))).toEqual([
    ['A', 'B'],
    ['C', 'D'],
  ])
})
