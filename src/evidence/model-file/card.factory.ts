// A model card for tests: everything a reader looks for, small enough to check by eye.

import type { Card } from '../engine/card.ts'

/** Two arms beside none, 2,000 rows; parts of it replaced. */
export function aCard(replaced: Partial<Card> = {}): Card {
  const estimate = (value: number, se: number) => ({
    estimate: value,
    se,
    low: value - 1.96 * se,
    high: value + 1.96 * se,
  })
  return {
    version: 1,
    learnedAt: '2026-03-02T09:30:00.000Z',
    seed: 1,
    outcome: { name: 'employed12m', kind: 'yes_no' },
    treatment: 'service',
    control: 'none',
    arms: [
      {
        arm: 'none',
        rows: 900,
        outcomeKnown: 880,
        meanOutcome: 0.48,
        lowestPropensity: 0.12,
        bounded: 0,
        supportedShare: 1,
      },
      {
        arm: 'language',
        rows: 400,
        outcomeKnown: 390,
        meanOutcome: 0.55,
        lowestPropensity: 0.02,
        bounded: 3,
        supportedShare: 0.91,
      },
      {
        arm: 'vocational',
        rows: 700,
        outcomeKnown: 695,
        meanOutcome: 0.61,
        lowestPropensity: 0.05,
        bounded: 0,
        supportedShare: 0.97,
      },
    ],
    features: [
      { name: 'age', kind: 'number', levels: [], isProtected: true, missingShare: 0 },
      {
        name: 'schooling',
        kind: 'ordered',
        levels: ['none', 'basic', 'degree'],
        isProtected: false,
        missingShare: 0.04,
      },
      { name: 'region', kind: 'category', levels: ['north', 'south'], isProtected: false, missingShare: 0 },
    ],
    data: {
      ...{ rows: 2000, refused: 12, from: '2023-01-01', to: '2024-12-31', clusters: 14 },
      ...{ hasWeights: false, hasKnownPropensities: false },
    },
    nuisances: [
      {
        ...{ what: 'outcome', arm: 'none', chosen: 'boosting' },
        losses: [
          { learner: 'boosting', loss: 0.61 },
          { learner: 'penalised', loss: 0.63 },
        ],
      },
      { what: 'propensity', arm: null, chosen: 'penalised', losses: [{ learner: 'penalised', loss: 0.9 }] },
    ],
    averages: [
      { arm: 'language', ...estimate(0.04, 0.02) },
      { arm: 'vocational', ...estimate(0.12, 0.015) },
    ],
    treated: [
      { arm: 'language', ...estimate(0.05, 0.022) },
      { arm: 'vocational', ...estimate(0.13, 0.017) },
    ],
    members: [
      { arm: 'language', member: 'averages', weight: 0.8, heldOutLoss: 0.31 },
      { arm: 'language', member: 'forest', weight: 0.2, heldOutLoss: 0.32 },
      { arm: 'vocational', member: 'averages', weight: 0.35, heldOutLoss: 0.3 },
      { arm: 'vocational', member: 'forest', weight: 0.65, heldOutLoss: 0.29 },
    ],
    checks: [
      { name: 'mean_forest_prediction', arm: null, estimate: 1.02, se: 0.1, p: 0.0001, passed: true },
      { name: 'differential_prediction', arm: 'vocational', estimate: 0.9, se: 0.3, p: 0.002, passed: true },
      { name: 'overlap', arm: 'language', estimate: 0.91, se: null, p: null, passed: true },
    ],
    calibration: {
      passed: true,
      bins: [{ arm: 'vocational', rows: 400, predicted: 0.08, ...estimate(0.07, 0.03) }],
    },
    toc: [
      {
        ...{ arm: 'vocational', rate: estimate(0.02, 0.008) },
        points: [
          { share: 0.5, gain: 0.03, se: 0.01 },
          { share: 1, gain: 0, se: 0 },
        ],
      },
    ],
    intervals: [
      { arm: 'language', factor: 1.4, meanWidth: 0.18, semiSyntheticCoverage: 0.94 },
      { arm: 'vocational', factor: 1.2, meanWidth: 0.15, semiSyntheticCoverage: null },
    ],
    values: [
      { rule: 'as_it_was', value: 0.537, se: 0.011 },
      { rule: 'random', value: 0.524, se: 0.012 },
      { rule: 'best_single', value: 0.608, se: 0.014 },
      { rule: 'engine', value: 0.631, se: 0.015 },
      { rule: 'policy_tree', value: 0.622, se: 0.015 },
    ],
    policyTree: {
      ...{ depth: 2, isExact: true },
      nodes: [
        {
          ...{ arm: null, feature: 'schooling', cut: 0, levels: null, missingGoesLeft: true, left: 1, right: 2 },
          ...{ rows: 2000, value: null },
        },
        {
          ...{
            arm: 'language',
            feature: null,
            cut: null,
            levels: null,
            missingGoesLeft: false,
            left: null,
            right: null,
          },
          ...{ rows: 300, value: 0.02 },
        },
        {
          ...{ arm: null, feature: 'region', cut: null, levels: ['north'], missingGoesLeft: false, left: 3, right: 4 },
          ...{ rows: 1700, value: null },
        },
        {
          ...{ arm: 'vocational', feature: null, cut: null, levels: null, missingGoesLeft: false },
          ...{ left: null, right: null, rows: 1200, value: 0.14 },
        },
        {
          ...{ arm: 'none', feature: null, cut: null, levels: null, missingGoesLeft: false },
          ...{ left: null, right: null, rows: 500, value: 0 },
        },
      ],
    },
    groups: [],
    groupsLeftOut: 0,
    welfare: [],
    sensitivity: [{ arm: 'vocational', gammaPoint: 1.9, gammaInterval: 1.4 }],
    providers: [],
    limits: ['no_known_propensities'],
    usedForRanking: true,
    ...{ seconds: 41.2, cpuSeconds: 58.3, peakMiB: 512, threads: 2 },
    ...replaced,
  }
}
