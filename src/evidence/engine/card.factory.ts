// A card and a table for tests: all parts are there, so that a page that shows one shows each of its sections.

import { makeRandom } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { cardShape, type Card } from './card.ts'

const about = (estimate: number, se: number) => ({
  estimate,
  se,
  low: estimate - 1.96 * se,
  high: estimate + 1.96 * se,
})

/** Two services against none; the checks passed unless said otherwise. */
export function aCard(said: Partial<Card> = {}): Card {
  const arms = ['language_training', 'vocational_training']
  const share = (none: number, language: number) => [
    { arm: 'none', share: none },
    { arm: 'language_training', share: language },
    { arm: 'vocational_training', share: 1 - none - language },
  ]
  const leaf = { feature: null, cut: null, levels: null, missingGoesLeft: false, left: null, right: null }
  return cardShape.parse({
    version: 1,
    learnedAt: '2026-03-02T08:00:00.000Z',
    seed: 1,
    outcome: { name: 'working_at_365', kind: 'yes_no' },
    treatment: 'service',
    control: 'none',
    arms: ['none', ...arms].map((arm, at) => ({
      ...{ arm, rows: 3000 - 800 * at, outcomeKnown: 2700 - 750 * at, meanOutcome: 0.4 + 0.03 * at },
      ...{ lowestPropensity: 0.02, bounded: 12 * at, supportedShare: 0.97 - 0.05 * at },
    })),
    features: [
      { name: 'age', kind: 'number', levels: [], isProtected: true, missingShare: 0 },
      { name: 'language_level', kind: 'ordered', levels: ['A1', 'A2', 'B1'], isProtected: false, missingShare: 0.03 },
      { name: 'months_unemployed', kind: 'number', levels: [], isProtected: false, missingShare: 0.01 },
      { name: 'needs: childcare', kind: 'number', levels: [], isProtected: false, missingShare: 0.02 },
    ],
    data: {
      ...{ rows: 6600, refused: 14, from: '2023-01-09', to: '2025-02-28', clusters: 4 },
      ...{ hasWeights: false, hasKnownPropensities: false },
    },
    nuisances: [
      {
        ...{ what: 'outcome', arm: null, chosen: 'regression + boosting' },
        losses: [
          { learner: 'forest', loss: 0.655 },
          { learner: 'regression', loss: 0.641 },
        ],
      },
    ],
    averages: [
      { arm: arms[0], ...about(0.062, 0.017) },
      { arm: arms[1], ...about(0.011, 0.016) },
    ],
    treated: [
      { arm: arms[0], ...about(0.071, 0.019) },
      { arm: arms[1], ...about(0.009, 0.018) },
    ],
    members: arms.flatMap((arm) => [
      { arm, member: 'forest', weight: 0.6, heldOutLoss: 0.2311 },
      { arm, member: 'averages', weight: 0.4, heldOutLoss: 0.2318 },
    ]),
    checks: [
      { name: 'differential_prediction', arm: arms[0], estimate: 0.93, se: 0.21, p: 0.00001, passed: true },
      { name: 'rate', arm: arms[0], estimate: 0.031, se: 0.009, p: 0.0003, passed: true },
      { name: 'overlap', arm: null, estimate: 0.94, se: null, p: null, passed: true },
    ],
    calibration: {
      passed: true,
      bins: arms.flatMap((arm) =>
        [-0.02, 0.02, 0.05, 0.09, 0.14].map((predicted, at) => ({
          ...{ arm, rows: 1320, predicted },
          ...about(predicted + 0.01 * (at % 2), 0.02),
        })),
      ),
    },
    toc: arms.map((arm) => ({
      arm,
      rate: about(0.031, 0.009),
      points: [0.1, 0.2, 0.4, 0.6, 0.8, 1].map((part) => ({ share: part, gain: 0.06 * (1 - part), se: 0.012 })),
    })),
    intervals: arms.map((arm) => ({ arm, factor: 1.2, meanWidth: 0.18, semiSyntheticCoverage: 0.951 })),
    terms: [],
    values: [
      { rule: 'as_it_was', value: 0.42, se: 0.006 },
      { rule: 'random', value: 0.424, se: 0.008 },
      { rule: 'best_single', value: 0.462, se: 0.014 },
      { rule: 'classic', value: 0.468, se: 0.011 },
      { rule: 'engine', value: 0.481, se: 0.01 },
      { rule: 'policy_tree', value: 0.475, se: 0.011 },
    ],
    policyTree: {
      ...{ depth: 2, isExact: true },
      nodes: [
        {
          ...{ arm: null, feature: 'language_level', cut: 1, levels: null, missingGoesLeft: true },
          ...{ left: 1, right: 2, rows: 6600, value: 0.475 },
        },
        { ...leaf, arm: arms[0], rows: 2900, value: 0.49 },
        {
          ...{ arm: null, feature: 'months_unemployed', cut: 11, levels: null, missingGoesLeft: false },
          ...{ left: 3, right: 4, rows: 3700, value: 0.46 },
        },
        { ...leaf, arm: 'none', rows: 2200, value: 0.47 },
        { ...leaf, arm: arms[1], rows: 1500, value: 0.45 },
      ],
    },
    groups: [
      {
        ...{ feature: 'sex', group: 'female', rows: 3400, asItWas: about(0.41, 0.008), engine: about(0.47, 0.014) },
        allocation: share(0.4, 0.35),
      },
      {
        ...{ feature: 'born_abroad × sex', group: '1 × male', rows: 900, asItWas: about(0.38, 0.02) },
        ...{ engine: about(0.45, 0.03), allocation: share(0.3, 0.4) },
      },
      { feature: 'sex', group: 'other', rows: 12, asItWas: null, engine: null, allocation: [] },
    ],
    groupsLeftOut: 3,
    welfare: [0, 0.5, 1, 2, null].map((aversion, at) => ({
      ...{ aversion, value: 0.481 - 0.003 * at, se: 0.01, worseOffValue: 0.3 + 0.008 * at, worseOffSe: 0.012 },
      allocation: share(0.4 - 0.02 * at, 0.35),
    })),
    sensitivity: [
      { arm: arms[0], gammaPoint: 1.62, gammaInterval: 1.21 },
      { arm: arms[1], gammaPoint: 1.08, gammaInterval: 1 },
    ],
    providers: [
      { arm: arms[0], provider: 'Quay Works', rows: 410, raw: 0.11, ...about(0.066, 0.02) },
      { arm: arms[0], provider: 'Old Mill School', rows: 230, raw: 0.02, ...about(0.058, 0.022) },
    ],
    limits: ['no_known_propensities'],
    usedForRanking: true,
    ...{ seconds: 41, cpuSeconds: 71, peakMiB: 512, threads: 2 },
    ...said,
  } satisfies Record<keyof Card, unknown>)
}

/** Episodes in which chance alone decides; `working`: the share that works. */
export function aTable({ seed = 1, rows = 600, working = 0.4 } = {}): LearningTable {
  const random = makeRandom(seed, 0)
  return {
    rows,
    features: [
      {
        ...{ name: 'age', kind: 'number', levels: [], isProtected: true },
        values: Float64Array.from({ length: rows }, () => 20 + random.below(40)),
      },
    ],
    treatment: 'service',
    arms: ['none', 'language_training', 'vocational_training'],
    arm: Uint8Array.from({ length: rows }, () => random.below(3)),
    outcome: {
      ...{ name: 'working_at_365', kind: 'yes_no' },
      values: Float64Array.from({ length: rows }, () => Number(random.uniform() < working)),
    },
    weight: null,
    cluster: null,
    knownPropensity: null,
    span: null,
    provider: null,
  }
}
