// What a learned model says of itself: one record that the commands print, the pages show and the model's file carries.
// Effects are in the outcome's units (a yes/no outcome: chance, 0.05 = five people of a hundred), against the control.

import { z } from 'zod'
import { termShape } from '../policy/terms.ts'

const named = z.string().max(200)
const number = z.number()

/** An estimate with its standard error and 95 % interval. */
const estimate = z.object({ estimate: number, se: number, low: number, high: number })
const armEstimate = estimate.extend({ arm: named })

/** A check of the model by held-out doubly robust scores. p: one-sided. `arm` null: over all arms. */
const check = z.object({
  name: z.enum(['mean_forest_prediction', 'differential_prediction', 'rate', 'overlap', 'better_than_averages']),
  arm: named.nullable(),
  estimate: number.nullable(),
  se: number.nullable(),
  p: number.nullable(),
  passed: z.boolean(),
})

/** Mean predicted effect in a bin of predicted effects, beside the doubly robust one of the same rows. */
const calibrationBin = z.object({ arm: named, rows: number, predicted: number }).merge(estimate)

/** Targeting operator characteristic: gain over the average when the first `share` by predicted effect take the arm. */
const tocCurve = z.object({
  arm: named,
  rate: estimate,
  points: z.array(z.object({ share: number, gain: number, se: number })),
})

/** Mean outcome if a rule chose for everyone, by held-out doubly robust scores, costs not taken off. cost: what its services cost
 *  a person, in the outcome's units. isWithinPlaces: whether nobody is given a service beyond its places. Null where no costs or
 *  places were said. */
const ruleValue = z.object({
  rule: z.enum(['as_it_was', 'random', 'best_single', 'classic', 'engine', 'policy_tree']),
  value: number,
  se: number,
  cost: number.nullable().default(null),
  isWithinPlaces: z.boolean().nullable().default(null),
})

/** A node of a policy tree, the root first. value: mean of what its rows gain, costs taken off. A leaf has `arm`; a split has feature, cut and two children by place. `levels`:
 *  the labels that go left where the feature is a category; else at most `cut` goes left. */
const policyNode = z.object({
  arm: named.nullable(),
  feature: named.nullable(),
  cut: number.nullable(),
  levels: z.array(named).nullable(),
  missingGoesLeft: z.boolean(),
  left: number.nullable(),
  right: number.nullable(),
  rows: number,
  value: number.nullable(),
})

/** How much of a member enters one arm's answer. */
const memberWeight = z.object({ arm: named, member: named, weight: number, heldOutLoss: number.nullable() })

/** One group of a protected fact (or of two of them), small cells left out and counted. */
const groupFigure = z.object({
  feature: named,
  group: named,
  rows: number,
  asItWas: estimate.nullable(),
  engine: estimate.nullable(),
  allocation: z.array(z.object({ arm: named, share: number })),
})

/** A point of the trade-off between the sum of gains and priority to the worse off (Atkinson, aversion 0 = the sum). */
const welfarePoint = z.object({
  aversion: number.nullable(),
  value: number,
  se: number,
  worseOffValue: number,
  worseOffSe: number,
  allocation: z.array(z.object({ arm: named, share: number })),
})

/** How strong an unrecorded reason would have to be: the odds ratio of taking the service at which the interval reaches 0. */
const sensitivity = z.object({ arm: named, gammaPoint: number.nullable(), gammaInterval: number.nullable() })

const provider = z.object({ arm: named, provider: named, rows: number, raw: number.nullable() }).merge(estimate)

const nuisance = z.object({
  what: z.enum(['outcome', 'propensity', 'observed']),
  arm: named.nullable(),
  chosen: named,
  losses: z.array(z.object({ learner: named, loss: number })),
})

const feature = z.object({
  name: named,
  kind: z.enum(['number', 'ordered', 'category']),
  levels: z.array(named),
  isProtected: z.boolean(),
  missingShare: number,
})

const armData = z.object({
  arm: named,
  rows: number,
  outcomeKnown: number,
  meanOutcome: number.nullable(),
  lowestPropensity: number,
  bounded: number,
  supportedShare: number,
})

export const cardShape = z.object({
  version: z.literal(1),
  learnedAt: z.string(),
  seed: number,
  outcome: z.object({ name: named, kind: z.enum(['yes_no', 'number']) }),
  treatment: named,
  control: named,
  arms: z.array(armData),
  features: z.array(feature),
  data: z.object({
    rows: number,
    refused: number,
    from: z.string().nullable(),
    to: z.string().nullable(),
    clusters: number.nullable(),
    hasWeights: z.boolean(),
    hasKnownPropensities: z.boolean(),
  }),
  nuisances: z.array(nuisance),
  averages: z.array(armEstimate),
  treated: z.array(armEstimate),
  members: z.array(memberWeight),
  checks: z.array(check),
  calibration: z.object({ passed: z.boolean(), bins: z.array(calibrationBin) }),
  toc: z.array(tocCurve),
  intervals: z.array(
    z.object({ arm: named, factor: number, meanWidth: number, semiSyntheticCoverage: number.nullable() }),
  ),
  /** What services were said to cost and how many can have them: tree and dial keep to it. */
  terms: z.array(termShape).default([]),
  values: z.array(ruleValue),
  policyTree: z.object({ depth: number, isExact: z.boolean(), nodes: z.array(policyNode) }).nullable(),
  groups: z.array(groupFigure),
  groupsLeftOut: number,
  welfare: z.array(welfarePoint),
  sensitivity: z.array(sensitivity),
  providers: z.array(provider),
  /** What a reader must know before using it; words in the catalogue under `evidence.limit.<code>`. */
  limits: z.array(
    z.enum(['few_rows', 'weak_overlap', 'no_variation', 'arm_too_small', 'checks_failed', 'no_known_propensities']),
  ),
  usedForRanking: z.boolean(),
  seconds: number,
  cpuSeconds: number,
  peakMiB: number,
  threads: number,
})

export type Card = z.output<typeof cardShape>
