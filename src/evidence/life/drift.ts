// Whether later episodes are still like those that a model learned from: who comes, what they take, what comes of it. Pure;
// docs/methods/model-life.md says how it is measured and how sure it is.

import type { Feature, LearningTable } from '../dataset/learning-table.ts'
import type { Calibration } from './calibration.ts'
import type { ArmShare, InputShares, LearnedInputs } from './learned-inputs.ts'
import { hide, withTotals } from '#platform/suppression.ts'
import { otherLevels } from '../dataset/levels.ts'

export const driftLevels = ['steady', 'moving', 'moved'] as const
export type DriftLevel = (typeof driftLevels)[number]

export interface DriftReport {
  /** Episodes since the learning. */
  readonly rows: number
  /** Null: too few to say. */
  readonly level: DriftLevel | null
  readonly inputs: readonly { readonly name: string; readonly index: number; readonly level: DriftLevel }[]
  readonly services: {
    readonly index: number
    readonly level: DriftLevel
    /** `now` null: too few to show. */
    readonly shares: readonly { readonly arm: string; readonly then: number; readonly now: number | null }[]
  } | null
  /** Services with enough known outcomes since. */
  readonly outcomes: readonly {
    readonly arm: string
    readonly known: number
    readonly then: number
    readonly now: number
    readonly se: number
    readonly level: DriftLevel
  }[]
  /** Whether what the model told agrees with what became of people; null: it was not looked at. */
  readonly calibration: Calibration | null
}

/** Fewer episodes than this say nothing: the index of ten ranges is then mostly chance. */
export const fewestRows = 200
/** Fewer known outcomes of a service say nothing; far above what is hidden for being few. */
export const fewestOutcomes = 50

const ranges = 10
/** Customary marks of the population stability index. Source: Siddiqi (2006), Credit Risk Scorecards. */
const marks = { moving: 0.1, moved: 0.25 } as const
/** So many known of a feature are missed when they are gone. */
const manyKnown = 60
/** A share of nothing would make the index infinite. */
const smallestShare = 1e-4
/** Two-sided normal points of 1 and 0.1 %: several services are looked at, each week anew. */
const points = { moving: 2.576, moved: 3.291 } as const
/** A difference below this matters to nobody, however sure it is: five people of a hundred, a fifth of a deviation. */
const worthTelling = { yesNo: 0.05, deviations: 0.2 } as const

/** Shares, arms and outcomes of the table that a model learned from. Rows × features. */
export function learnedInputs(table: LearningTable): LearnedInputs {
  return {
    rows: table.rows,
    isYesNo: table.outcome.kind === 'yes_no',
    inputs: table.features.map((feature) => {
      const { name, kind, levels, values } = feature
      const edges = kind === 'number' ? tenths(values) : null
      const shape = { name, edges, levels: kind === 'number' ? null : levels }
      return { ...shape, shares: sharesIn(shape, feature) }
    }),
    arms: armShares(table),
  }
}

/**
 * Compares the episodes since with those learned from. An input has moved when its population stability index is above the
 * mark and above what chance alone gives in one of twenty comparisons of this size. Levels that only one side has count
 * together, because rare ones are put together where the table is made; a feature that few are known to have now is told only
 * where many would have been. Deterministic; rows × features.
 */
export function driftSince(
  then: LearnedInputs,
  now: LearningTable,
  calibration: Calibration | null = null,
): DriftReport {
  if (now.rows < fewestRows)
    return { rows: now.rows, level: null, inputs: [], services: null, outcomes: [], calibration: null }
  const sizes = { then: then.rows, now: now.rows }
  const features = new Map(now.features.map((feature) => [feature.name, feature]))
  const inputs = then.inputs.flatMap((input) => {
    const compared = sharesToCompare(input, features.get(input.name), now.rows)
    return compared ? [{ name: input.name, ...judgeShares(compared.then, compared.now, sizes) }] : []
  })
  const arms = armShares(now)
  const services = servicesSince(then, now, arms)
  const outcomes = outcomesSince(then, arms)
  const levels = [...inputs, services, ...outcomes].map(({ level }) => level)
  const level = worst(calibration?.verdict === 'drifts' ? [...levels, 'moved'] : levels)
  return { rows: now.rows, level, inputs, services, outcomes, calibration }
}

/** Sum over ranges of (now − then) · ln(now / then); 0 when they are alike. Shares each sum to one. */
export function stabilityIndex(then: readonly number[], now: readonly number[]): number {
  return then.reduce((sum, share, at) => {
    const [before, after] = [Math.max(share, smallestShare), Math.max(now[at] ?? 0, smallestShare)]
    return sum + (after - before) * Math.log(after / before)
  }, 0)
}

/** What the index of two samples from one population exceeds in one of twenty: it is then about (1/n + 1/m) times a
 *  chi-square of one less than the ranges (Yurdakul 2018), whose point is by Wilson and Hilferty (1931). */
export function indexByChance(parts: number, sizes: { readonly then: number; readonly now: number }): number {
  const freedom = Math.max(1, parts - 1)
  const spread = 2 / (9 * freedom)
  const point = freedom * (1 - spread + 1.645 * Math.sqrt(spread)) ** 3
  return (1 / sizes.then + 1 / sizes.now) * point
}

interface Compared {
  readonly then: readonly number[]
  readonly now: readonly number[]
}

/** Null: not there now, and not so many would have been known that this is news. */
function sharesToCompare(input: InputShares, feature: Feature | undefined, rows: number): Compared | null {
  const { edges, levels, shares } = input
  if (!feature) {
    // Yes and no of rare things comes and goes with the size of a table.
    const isTwofold = edges !== null && edges.length <= 1
    if (isTwofold || (1 - shares.at(-1)!) * rows < manyKnown) return null
    return { then: shares, now: shares.map((_, at) => Number(at === shares.length - 1)) }
  }
  if (levels === null || feature.kind === 'number') return { then: shares, now: sharesIn(input, feature) }
  const known = sharesIn({ edges: null, levels: feature.levels }, feature)
  const common = levels.filter((level) => level !== otherLevels && feature.levels.includes(level))
  return {
    then: togetherBut(common, levels, shares),
    now: togetherBut(common, feature.levels, known),
  }
}

/** Shares of the common levels, of all others together, and of "not known". */
function togetherBut(common: readonly string[], levels: readonly string[], shares: readonly number[]): number[] {
  const kept = common.map((level) => shares[levels.indexOf(level)] ?? 0)
  const unknown = shares.at(-1) ?? 0
  return [...kept, Math.max(0, 1 - unknown - kept.reduce((sum, share) => sum + share, 0)), unknown]
}

function judgeShares(then: readonly number[], now: readonly number[], sizes: { then: number; now: number }) {
  const index = stabilityIndex(then, now)
  const used = then.filter((share, at) => share > 0 || (now[at] ?? 0) > 0).length
  const isChance = index <= indexByChance(used, sizes)
  const level: DriftLevel = isChance || index <= marks.moving ? 'steady' : index <= marks.moved ? 'moving' : 'moved'
  return { index, level }
}

/** Up to nine cuts at the tenths of what is known, each once; a number of few values is cut at each. */
function tenths(values: Float64Array): number[] {
  const known = values.filter((value) => Number.isFinite(value)).sort()
  if (known.length === 0) return []
  const distinct = [...new Set(known)]
  if (distinct.length <= ranges) return distinct.slice(0, -1)
  const cuts = Array.from({ length: ranges - 1 }, (_, n) => known[Math.floor(((n + 1) * known.length) / ranges)]!)
  return [...new Set(cuts)].filter((cut) => cut < known.at(-1)!)
}

function sharesIn(shape: Pick<InputShares, 'edges' | 'levels'>, feature: Feature): number[] {
  const parts = shape.edges ? shape.edges.length + 1 : (shape.levels?.length ?? 0)
  const counts = new Array<number>(parts + 1).fill(0)
  const placeOf = shape.edges ? rangeOf(shape.edges) : levelOf(shape.levels ?? [], feature)
  for (const value of feature.values) {
    const place = Number.isFinite(value) ? placeOf(value) : parts
    counts[place < 0 ? parts : place]! += 1
  }
  return counts.map((count) => (feature.values.length === 0 ? 0 : count / feature.values.length))
}

function rangeOf(edges: readonly number[]): (value: number) => number {
  return (value) => {
    const at = edges.findIndex((edge) => value <= edge)
    return at < 0 ? edges.length : at
  }
}

/** Levels are known by their names. */
function levelOf(levels: readonly string[], feature: Feature): (value: number) => number {
  const places = feature.levels.map((level) => levels.indexOf(level))
  return (value) => places[value] ?? -1
}

function armShares({ rows, arms, arm, outcome }: LearningTable): ArmShare[] {
  const took = new Float64Array(arms.length)
  const known = new Float64Array(arms.length)
  const sum = new Float64Array(arms.length)
  const squares = new Float64Array(arms.length)
  for (let row = 0; row < rows; row++) {
    const [place, value] = [arm[row]!, outcome.values[row]!]
    took[place]! += 1
    if (Number.isNaN(value)) continue
    known[place]! += 1
    sum[place]! += value
    squares[place]! += value * value
  }
  return arms.map((name, at) => {
    const n = known[at]!
    const mean = n > 0 ? sum[at]! / n : null
    const deviation = n > 1 && mean !== null ? Math.sqrt(Math.max(0, (squares[at]! - n * mean * mean) / (n - 1))) : null
    return { arm: name, share: rows === 0 ? 0 : took[at]! / rows, known: n, mean, deviation }
  })
}

function servicesSince(then: LearnedInputs, now: LearningTable, arms: readonly ArmShare[]) {
  const names = [...new Set([...then.arms, ...arms].map(({ arm }) => arm))]
  const shareIn = (list: readonly ArmShare[], name: string) => list.find(({ arm }) => arm === name)?.share ?? 0
  const [before, after] = [then.arms, arms].map((list) => names.map((name) => shareIn(list, name)))
  const counts = after!.map((share) => Math.round(share * now.rows))
  const hidden = hide(withTotals([counts.length], counts))
  return {
    ...judgeShares(before!, after!, { then: then.rows, now: now.rows }),
    shares: names.map((arm, at) => ({ arm, then: before![at]!, now: hidden[at] ? null : after![at]! })),
  }
}

function outcomesSince(then: LearnedInputs, arms: readonly ArmShare[]): DriftReport['outcomes'] {
  return arms.flatMap(({ arm, known, mean, deviation }) => {
    const before = then.arms.find((each) => each.arm === arm)
    if (known < fewestOutcomes || mean === null || deviation === null) return []
    if (!before || before.mean === null || before.deviation === null) return []
    const se = Math.sqrt(deviation ** 2 / known + before.deviation ** 2 / before.known)
    const off = Math.abs(mean - before.mean)
    const isWorth = off >= (then.isYesNo ? worthTelling.yesNo : worthTelling.deviations * before.deviation)
    const level: DriftLevel =
      !isWorth || off <= points.moving * se ? 'steady' : off <= points.moved * se ? 'moving' : 'moved'
    return [{ arm, known, then: before.mean, now: mean, se, level }]
  })
}

function worst(levels: readonly DriftLevel[]): DriftLevel {
  return levels.reduce<DriftLevel>(
    (most, level) => (driftLevels.indexOf(level) > driftLevels.indexOf(most) ? level : most),
    'steady',
  )
}
