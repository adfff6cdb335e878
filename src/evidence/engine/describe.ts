// The card of what was learned: averages, members, intervals, hidden reasons, providers, and what to beware of.

import {
  averageOutcomes,
  effectScores,
  effectsByProvider,
  effectsOnTreated,
  meanOf,
  overturningStrength,
  type Estimate,
} from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { groupsOf, treeOf, valuesOf, welfareOf } from './card-rules.ts'
import { viewOf, type CardView } from './card-view.ts'
import type { Card } from './card.ts'
import { checkAnswers, finite } from './checks.ts'
import type { Learned } from './learn-evidence.run.ts'

/** What the card says that the learning does not know of itself. */
export interface Occasion {
  readonly learnedAt: string
  readonly seed: number
  readonly refused: number
  readonly threads: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMiB: number
}

/** Describes a learned model. O(rows · effects · log rows), but for the classic estimator's fit. */
export function describe(table: LearningTable, learned: Learned, occasion: Occasion): Card {
  const view = viewOf(table, learned)
  const { arms } = table
  const checked = checkAnswers({
    ...view.sampling,
    ...view,
    effect: effectOf(learned),
    among: learned.among,
    seed: occasion.seed,
  })
  const pooled = checked.checks[0]!
  const overlap = overlapChecks(table, learned)
  const known = learned.prepared.isKnown.reduce((sum, one) => sum + one, 0)
  const isPassed = pooled.passed && checked.calibration.passed && known >= fewestToRank
  const limits = limitsOf(table, learned, isPassed)
  const { refused, ...told } = occasion
  return {
    version: 1,
    ...told,
    outcome: { name: table.outcome.name, kind: table.outcome.kind },
    treatment: table.treatment,
    control: arms[0]!,
    arms: armsOf(table, learned),
    features: table.features.map(({ name, kind, levels, isProtected, values: cells }) => {
      return { name, kind, levels: [...levels], isProtected, missingShare: shareOf(cells, Number.isNaN) }
    }),
    data: {
      rows: table.rows,
      refused,
      from: table.span?.from ?? null,
      to: table.span?.to ?? null,
      clusters: table.cluster?.count ?? null,
      hasWeights: table.weight !== null,
      hasKnownPropensities: table.knownPropensity !== null,
    },
    nuisances: learned.scored.nuisances.report.map(({ what, chosen: by, losses }) => {
      return { what, arm: null, chosen: by, losses: losses.map((loss) => ({ ...loss })) }
    }),
    averages: arms.slice(1).map((arm, k) => ({ arm, ...finite(averageOf(view, k + 1)) })),
    treated: effectsOnTreated(view.problem, view.sampling).map((about, k) => ({ arm: arms[k + 1]!, ...finite(about) })),
    members: membersOf(table, learned),
    ...checked,
    checks: [...checked.checks, ...overlap],
    intervals: intervalsOf(table, learned),
    terms: learned.terms.map((term) => ({ ...term })),
    values: valuesOf(table, learned, view),
    policyTree: treeOf(table, learned),
    ...groupsOf(table, view),
    welfare: welfareOf(table, learned, view),
    sensitivity: arms.slice(1).map((arm, k) => {
      const { point, interval } = overturningStrength({ ...view.problem, ...view.sampling, compared: k + 1 })
      return { arm, gammaPoint: finiteOrNull(point), gammaInterval: finiteOrNull(interval) }
    }),
    providers: providersOf(table, view),
    limits,
    usedForRanking:
      isPassed &&
      !limits.includes('no_variation') &&
      // Where every service is without people to compare, what sets people apart is who took what.
      overlap.some(({ passed }) => passed),
  }
}

/** Of fewer known outcomes one of twenty tests passes by chance and no interval can be trusted: everyone gets the averages. */
const fewestToRank = 200

function effectOf({ prepared, scored }: Learned): Float64Array {
  return scored.effect.map((value) => value * prepared.scale)
}

/** The average effect over those who could get both the arm and the control: of others (a known chance of 0) the scores hold
 *  nothing but what the regression expects, and no doubt about it. */
function averageOf({ scored, problem: { propensity }, rows }: CardView, arm: number): Estimate {
  const isOpen = Uint8Array.from({ length: rows }, (_, i) => {
    return Number(propensity[i]! > 0 && propensity[arm * rows + i]! > 0)
  })
  const effect = effectScores(scored.scores, rows, arm)
  if (!isOpen.includes(0)) return meanOf(effect, scored)
  return meanOf(effect, { ...scored, weight: Float64Array.from(isOpen, (open, i) => open * (scored.weight?.[i] ?? 1)) })
}

function armsOf({ arms, arm, outcome, rows }: LearningTable, { scored, support }: Learned): Card['arms'] {
  return arms.map((name, place) => {
    let [count, known, sum, supported] = [0, 0, 0, 0]
    for (let i = 0; i < rows; i++) {
      if (place > 0) supported += support[(place - 1) * rows + i]!
      if (arm[i] !== place) continue
      count++
      if (Number.isNaN(outcome.values[i]!)) continue
      known++
      sum += outcome.values[i]!
    }
    const { lowestPropensity = 0, bounded = 0 } = scored.nuisances.arms[place] ?? {}
    const supportedShare = place === 0 ? 1 : supported / rows
    return {
      arm: name,
      rows: count,
      outcomeKnown: known,
      meanOutcome: known > 0 ? sum / known : null,
      lowestPropensity,
      bounded,
      supportedShare,
    }
  })
}

function membersOf({ arms }: LearningTable, { memberNames, stack }: Learned): Card['members'] {
  return arms.slice(1).flatMap((arm, k) =>
    memberNames.map((member, m) => {
      const at = k * memberNames.length + m
      return { arm, member, weight: stack.weights[at]!, heldOutLoss: finiteOrNull(stack.loss[at]!) }
    }),
  )
}

/** Fewer of a hundred than these with support: averages speak of people who never took the service. */
const leastSupported = 0.5

function overlapChecks({ arms, rows }: LearningTable, { support }: Learned): Card['checks'] {
  return arms.slice(1).map((arm, k) => {
    const share = shareOf(support.subarray(k * rows, (k + 1) * rows), (one) => one === 1)
    return { name: 'overlap' as const, arm, estimate: share, se: null, p: null, passed: share >= leastSupported }
  })
}

function intervalsOf({ arms }: LearningTable, { model, interval }: Learned): Card['intervals'] {
  return arms.slice(1).map((arm, k) => ({
    arm,
    factor: model.interval.stretch[k]!,
    meanWidth: interval.meanWidth[k]!,
    semiSyntheticCoverage: finiteOrNull(interval.coverage[k]!),
  }))
}

const fewestOfProvider = 20

function providersOf({ provider, arms }: LearningTable, { problem, sampling }: CardView): Card['providers'] {
  if (provider === null) return []
  return arms.slice(1).flatMap((arm, k) => {
    const own = provider.places.map((place, row) => (problem.arm[row] === k + 1 ? place : -1))
    const found = effectsByProvider({
      ...{ ...problem, ...sampling, compared: k + 1, provider: own },
      ...{ providers: provider.names.length, minimumRows: fewestOfProvider },
    })
    return found.providers.flatMap(({ rows, raw, effect }, place) =>
      rows === 0 ? [] : [{ arm, provider: provider.names[place]!, rows, raw: finiteOrNull(raw), ...finite(effect) }],
    )
  })
}

const fewRows = 1000
const smallArm = 50

function limitsOf(table: LearningTable, learned: Learned, isPassed: boolean): Card['limits'] {
  const { scored } = learned
  const weak = overlapChecks(table, learned).some(({ passed }) => !passed)
  const sizes = table.arms.map((_, place) => table.arm.reduce((count, one) => count + Number(one === place), 0))
  const isFlat = averageOutcomes({ scores: scored.scores, rows: table.rows }).every(({ se }) => se === 0)
  const said: readonly [Card['limits'][number], boolean][] = [
    ['few_rows', table.rows < fewRows],
    ['weak_overlap', weak],
    ['no_variation', isFlat],
    ['arm_too_small', sizes.some((size) => size < smallArm)],
    ['checks_failed', !isPassed],
    ['no_known_propensities', table.knownPropensity === null],
  ]
  return said.flatMap(([limit, holds]) => (holds ? [limit] : []))
}

function shareOf(values: ArrayLike<number>, holds: (value: number) => boolean): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if (holds(values[i]!)) count++
  return values.length === 0 ? 0 : count / values.length
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
