// The card of what was learned: averages, values of rules, groups, the dial, hidden reasons, providers, and what to beware of.

import {
  averageEffects,
  averageOutcomes,
  chooseByWelfare,
  choosePolicy,
  effectsByProvider,
  effectsOnTreated,
  meanOf,
  overturningStrength,
  rowValues,
  scoresAsItWas,
  type ScoreProblem,
  type Sampling,
} from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { capacityAsItWas } from '../policy/capacity.ts'
import { groupFigures } from '../policy/group-figures.ts'
import { policyNodes } from '../policy/policy-nodes.ts'
import { protectedGroups } from '../policy/protected-groups.ts'
import type { Card } from './card.ts'
import { checkAnswers, finite } from './checks.ts'
import { classicChoices } from './classic-member.ts'
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
  const checked = checkAnswers({ ...view.sampling, ...view, effect: effectOf(learned), seed: occasion.seed })
  const chosen = engineChoices(learned)
  const values = valuesOf(table, learned, view, chosen)
  const pooled = checked.checks[0]!
  const limits = limitsOf(table, learned, pooled.passed && checked.calibration.passed)
  return {
    version: 1,
    ...occasion,
    outcome: { name: table.outcome.name, kind: table.outcome.kind },
    treatment: table.treatment,
    control: arms[0]!,
    arms: armsOf(table, learned),
    features: table.features.map(({ name, kind, levels, isProtected, values: cells }) => {
      return { name, kind, levels: [...levels], isProtected, missingShare: shareOf(cells, Number.isNaN) }
    }),
    data: {
      rows: table.rows,
      refused: occasion.refused,
      from: table.span?.from ?? null,
      to: table.span?.to ?? null,
      clusters: table.cluster?.count ?? null,
      hasWeights: table.weight !== null,
      hasKnownPropensities: table.knownPropensity !== null,
    },
    nuisances: learned.scored.nuisances.report.map(({ what, chosen: by, losses }) => {
      return { what, arm: null, chosen: by, losses: losses.map((loss) => ({ ...loss })) }
    }),
    averages: averageEffects(view.scored).map((about, k) => ({ arm: arms[k + 1]!, ...finite(about) })),
    treated: effectsOnTreated(view.problem, view.sampling).map((about, k) => ({ arm: arms[k + 1]!, ...finite(about) })),
    members: membersOf(table, learned),
    ...checked,
    checks: [...checked.checks, ...overlapChecks(table, learned)],
    intervals: intervalsOf(table, learned),
    values,
    policyTree: treeOf(table, learned),
    ...groupsOf(table, learned, view, chosen),
    welfare: welfareOf(table, learned, view),
    sensitivity: arms.slice(1).map((arm, k) => {
      const { point, interval } = overturningStrength({ ...view.problem, ...view.sampling, compared: k + 1 })
      return { arm, gammaPoint: finiteOrNull(point), gammaInterval: finiteOrNull(interval) }
    }),
    providers: providersOf(table, view),
    limits,
    usedForRanking: pooled.passed && checked.calibration.passed && !limits.includes('no_variation'),
  }
}

interface View {
  readonly rows: number
  readonly arms: readonly string[]
  readonly heldOut: Float64Array
  readonly problem: ScoreProblem
  readonly sampling: Sampling
  readonly scored: Sampling & { scores: Float64Array; rows: number }
}

function viewOf(table: LearningTable, { prepared, scored, heldOut }: Learned): View {
  const { rows } = table
  const { outcome, propensity, observedWeight } = scored.nuisances
  const isAllKnown = prepared.isKnown.every((one) => one === 1)
  const y = table.outcome.values.map((value) => (Number.isNaN(value) ? 0 : value))
  const sampling = { weight: prepared.weight, cluster: prepared.cluster }
  return {
    ...{ rows, arms: table.arms, heldOut, sampling },
    problem: { arm: table.arm, y, outcome, propensity, observedWeight: isAllKnown ? null : observedWeight },
    scored: { ...sampling, scores: scored.scores, rows },
  }
}

function effectOf({ prepared, scored }: Learned): Float64Array {
  return scored.effect.map((value) => value * prepared.scale)
}

/** The arm of the largest held-out effect among those with support; the control where none gains. */
function engineChoices({ prepared, heldOut, support }: Learned): Uint8Array {
  const { rows, arms } = prepared
  const chosen = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    let best = 0
    for (let k = 0; k < arms - 1; k++) {
      const at = k * rows + i
      if (support[at] === 1 && heldOut[at]! > best) {
        best = heldOut[at]!
        chosen[i] = k + 1
      }
    }
  }
  return chosen
}

function valuesOf(
  table: LearningTable,
  learned: Learned,
  { problem, sampling, scored, rows }: View,
  chosen: Uint8Array,
) {
  const { model, prepared } = learned
  const average = learned.model.stack.average
  const single = average.reduce((best, value, k) => (value > (best === 0 ? 0 : average[best - 1]!) ? k + 1 : best), 0)
  const tree = new Uint8Array(rows)
  if (model.policy !== null) choosePolicy(model.policy, prepared.ranking, tree)
  const classic = classicChoices(table, prepared, learned.scored.nuisances.fold)
  const valueOf = (rule: Card['values'][number]['rule'], rowsOfRule: Float64Array): Card['values'][number] => {
    const { estimate, se } = finite(meanOf(rowsOfRule, sampling))
    return { rule, value: estimate, se }
  }
  const by = (places: Uint8Array) => rowValues(scored.scores, rows, { chosen: places })
  const atRandom = new Float64Array(scored.scores.length).fill(1 / table.arms.length)
  return [
    valueOf('as_it_was', scoresAsItWas(problem)),
    valueOf('random', rowValues(scored.scores, rows, { shares: atRandom })),
    valueOf('best_single', by(new Uint8Array(rows).fill(single))),
    ...(classic === null ? [] : [valueOf('classic', by(classic))]),
    valueOf('engine', by(chosen)),
    ...(model.policy === null ? [] : [valueOf('policy_tree', by(tree))]),
  ]
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

function treeOf(table: LearningTable, { model, prepared }: Learned): Card['policyTree'] {
  if (model.policy === null) return null
  const ranking = table.features.filter(({ isProtected }) => !isProtected)
  const { depth, isExact } = model.policy
  return { depth, isExact, nodes: [...policyNodes(model.policy, ranking, prepared.ranking.columns, table.arms)] }
}

function groupsOf(table: LearningTable, { scored }: Learned, { problem, sampling, rows }: View, chosen: Uint8Array) {
  const { groups, leftOut } = groupFigures(protectedGroups(table.features), {
    ...sampling,
    ...{
      asItWas: scoresAsItWas(problem),
      engine: rowValues(scored.scores, rows, { chosen }),
      chosen,
      arms: table.arms,
    },
  })
  return { groups: [...groups], groupsLeftOut: leftOut }
}

function welfareOf(table: LearningTable, { scored, heldOut }: Learned, { rows, sampling }: View): Card['welfare'] {
  const { outcome } = scored.nuisances
  const outcomes = outcome.slice()
  const isChance = table.outcome.kind === 'yes_no'
  for (let at = rows; at < outcomes.length; at++) {
    const predicted = outcome[at % rows]! + heldOut[at - rows]!
    outcomes[at] = isChance ? Math.max(0, Math.min(1, predicted)) : predicted
  }
  const { places } = capacityAsItWas(table.arm, table.arms.length)
  const choices = chooseByWelfare({
    ...{ outcomes, scores: scored.scores, rows, isChance, places, cost: null },
    ...{ weight: sampling.weight ?? null, cluster: sampling.cluster ?? null },
  })
  return choices.map(({ aversion, value, worseOff, shares }) => ({
    aversion,
    value: finite(value).estimate,
    se: finite(value).se,
    worseOffValue: finite(worseOff).estimate,
    worseOffSe: finite(worseOff).se,
    allocation: table.arms.map((arm, place) => ({ arm, share: shares[place]! })),
  }))
}

const fewestOfProvider = 20

function providersOf({ provider, arms }: LearningTable, { problem, sampling }: View): Card['providers'] {
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
