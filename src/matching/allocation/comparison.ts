// Rules beside each other: what each would add, how long people have waited, how far they go, and the shares of groups. Pure.

import { hideLinked, usualMinimum, withTotals, type LinkedTable } from '#platform/suppression.ts'
import type { Given, Rule, Suitor } from './allocation.ts'

export interface RuleFigures {
  readonly rule: Rule
  readonly placed: number
  /** More people working in a year than without, of all who have a place and an estimate; null where there is none. */
  readonly added: number | null
  /** Days: the middle one of those placed, and the longest of those left without a place. */
  readonly medianWait: number | null
  readonly longestLeft: number | null
  /** Minutes: the middle one of known ways. */
  readonly medianMinutes: number | null
  /** Of the third with the lowest chance without help, how many have a place. */
  readonly worseOffPlaced: number | null
}

export const groupings = ['sex', 'born_abroad', 'disability', 'age_band'] as const
export type Grouping = (typeof groupings)[number]

/** One group under one rule; counts are null where they are hidden. `the_rest`: groups too small to stand by themselves. */
export interface GroupFigure {
  readonly rule: Rule
  readonly grouping: Grouping
  readonly value: string
  readonly inQuestion: number | null
  readonly placed: number | null
}

export interface Comparison {
  readonly inQuestion: number
  /** How many of them are in the third with the lowest chance; null without estimates. */
  readonly worseOff: number | null
  readonly leftOut: Readonly<Record<LeftOut, number>>
  /** Estimated anew, because the recommendation was made by another model than the one in use. */
  readonly estimatedAnew: number
  readonly withoutEstimate: number
  readonly figures: readonly RuleFigures[]
  readonly groups: readonly GroupFigure[]
}

export const reasonsToLeaveOut = ['no_recommendation', 'not_open', 'placed', 'chose_other', 'too_far'] as const
export type LeftOut = (typeof reasonsToLeaveOut)[number]

export function figuresOf(rule: Rule, suitors: readonly Suitor[], given: Given): RuleFigures {
  const placed = suitors.flatMap((suitor, at) => (given[at] ? [{ suitor, option: given[at] }] : []))
  const gains = placed.flatMap(({ option }) => option.gain ?? [])
  const worse = worseOffOf(suitors)
  return {
    rule,
    placed: placed.length,
    added: gains.length === 0 ? null : gains.reduce((sum, gain) => sum + gain, 0),
    medianWait: middleOf(placed.map(({ suitor }) => suitor.waitingDays)),
    longestLeft: suitors.reduce<number | null>(
      (most, { waitingDays }, at) => (given[at] ? most : Math.max(most ?? 0, waitingDays)),
      null,
    ),
    medianMinutes: middleOf(placed.flatMap(({ option }) => option.minutes ?? [])),
    worseOffPlaced: worse && suitors.filter((_, at) => worse.has(at) && given[at]).length,
  }
}

/** The third with the lowest chance without help, by their places; null where nobody has an estimate. */
export function worseOffOf(suitors: readonly Suitor[]): ReadonlySet<number> | null {
  const known = suitors
    .flatMap(({ chanceWithout }, at) => (chanceWithout === null ? [] : [{ at, chanceWithout }]))
    .sort((a, b) => a.chanceWithout - b.chanceWithout)
  if (known.length === 0) return null
  const limit = known[Math.ceil(known.length / 3) - 1]!.chanceWithout
  return new Set(known.filter(({ chanceWithout }) => chanceWithout <= limit).map(({ at }) => at))
}

/**
 * The groups' shares under every rule, suppressed. `valuesOf`: for each client the value of each grouping. A value of fewer than
 * twice the minimum is told with the others that are too small, and not at all where even those are too few. A group counts the
 * same people in every rule, so what is hidden in one is not shown by another.
 */
export function groupsOf(
  given: ReadonlyMap<Rule, Given>,
  valuesOf: readonly Readonly<Record<Grouping, string>>[],
  minimum = usualMinimum,
): readonly GroupFigure[] {
  const tables = groupings.flatMap((grouping) => {
    const values = standing(
      valuesOf.map((each) => each[grouping]),
      minimum,
    )
    return [...given].map(([rule, places]) => tableOf({ rule, grouping, values, places, valuesOf }))
  })
  const hidden = hideLinked(tables, minimum)
  const shown = (name: string, count: number) => (hidden.has(name) ? null : count)
  return tables.flatMap(({ rule, grouping, values, names, counts }) => {
    // How many have a place is told above in any case: where hiding a group would take hiding that, no group is told.
    const isTold = names.slice(-3).every((name) => !hidden.has(name))
    return values.kept.map((value, v): GroupFigure => {
      const [placed, all] = [3 * v, 3 * v + 2]
      return {
        ...{ rule, grouping, value },
        placed: isTold ? shown(names[placed]!, counts[placed]!) : null,
        inQuestion: isTold ? shown(names[all]!, counts[all]!) : null,
      }
    })
  })
}

interface Standing {
  /** Told apart, `the_rest` last where it is large enough. */
  readonly kept: readonly string[]
  /** Where a value is counted. */
  readonly at: (value: string) => number
  /** Places on the axis: one more than is kept where the rest is too small to be told. */
  readonly size: number
}

function standing(values: readonly string[], minimum: number): Standing {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const large = [...counts].filter(([, count]) => count >= 2 * minimum).map(([value]) => value)
  const own = large.toSorted()
  const rest = values.length - own.reduce((sum, value) => sum + counts.get(value)!, 0)
  // One value alone compares nothing.
  const told = rest >= 2 * minimum ? [...own, 'the_rest'] : own
  const kept = told.length > 1 ? told : []
  return {
    kept,
    size: own.length + (rest > 0 ? 1 : 0),
    at: (value) => (own.includes(value) ? own.indexOf(value) : own.length),
  }
}

interface GroupTable extends LinkedTable {
  readonly rule: Rule
  readonly grouping: Grouping
  readonly values: Standing
}

/** Values by placed and not placed, each with its total. */
function tableOf({
  rule,
  grouping,
  values,
  places,
  valuesOf,
}: {
  rule: Rule
  grouping: Grouping
  values: Standing
  places: Given
  valuesOf: readonly Readonly<Record<Grouping, string>>[]
}): GroupTable {
  const inner = new Array<number>(2 * values.size).fill(0)
  valuesOf.forEach((each, at) => {
    const cell = 2 * values.at(each[grouping]) + (places[at] ? 0 : 1)
    inner[cell] = inner[cell]! + 1
  })
  const table = withTotals([values.size, 2], inner)
  const names = Array.from({ length: values.size + 1 }, (_, v) => {
    const of = v === values.size ? 'everyone' : `${grouping} ${v}`
    return [`${rule} placed ${of}`, `${rule} left ${of}`, `all ${of}`]
  }).flat()
  return { ...table, names, rule, grouping, values }
}

function middleOf(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1]!
}
