// What was chosen beside what was suggested first, and how it is counted: never by adviser. Pure.

import { hideLinked, usualMinimum, withTotals, type LinkedTable } from '#platform/suppression.ts'
import { choiceReasons, type ChoiceReason } from '../choice.ts'

/** How far a choice has come; each stands for those before it too. */
export const stages = ['not_referred', 'referred', 'attended', 'completed'] as const
export type Stage = (typeof stages)[number]

/** A choice as it is counted for its adviser. `isWorking`: null where nothing was heard since. */
export interface ChoiceSoFar {
  readonly tookFirst: boolean
  readonly stage: Stage
  readonly isWorking: boolean | null
}

export interface SideFigures {
  readonly choices: number
  readonly referred: number
  readonly attended: number
  readonly completed: number
  /** Heard of since, and working then. */
  readonly heard: number
  readonly working: number
}

/** Those who took the first suggestion, and those who took another. */
export function sidesOf(choices: readonly ChoiceSoFar[]): {
  readonly first: SideFigures
  readonly another: SideFigures
} {
  const side = (tookFirst: boolean): SideFigures => {
    const here = choices.filter((choice) => choice.tookFirst === tookFirst)
    const reached = (stage: Stage) =>
      here.filter((choice) => stages.indexOf(choice.stage) >= stages.indexOf(stage)).length
    return {
      choices: here.length,
      ...{ referred: reached('referred'), attended: reached('attended'), completed: reached('completed') },
      heard: here.filter(({ isWorking }) => isWorking !== null).length,
      working: here.filter(({ isWorking }) => isWorking === true).length,
    }
  }
  return { first: side(true), another: side(false) }
}

/** A choice as it is counted for figures. `adviser` only says how many there are. */
export interface CountedChoice {
  /** `2026-10`. */
  readonly month: string
  readonly siteId: string
  /** The kind of what was suggested first. */
  readonly serviceType: string
  /** Null: the first suggestion was taken. */
  readonly reason: ChoiceReason | null
  readonly adviser: string
}

export type Breakdown = 'everyone' | 'site' | 'service_type'

export interface ChoiceFigure {
  readonly month: string | null
  readonly breakdown: Breakdown
  readonly value: string | null
  readonly measure: 'taken' | 'reason'
  /** `first`, `another`, a reason, or `total`. */
  readonly category: string
  /** Null: hidden. */
  readonly count: number | null
}

/** Fewer advisers than that, and a figure says what one of them does. */
export const fewestAdvisers = 3

/**
 * All figures, suppressed. A month, site or kind stands by itself from twice the minimum of choices and three advisers on; the
 * others count in the totals alone. None at all where fewer than three advisers chose. The same choices give the same figures, in
 * whatever order they come.
 */
export function countChoices(choices: readonly CountedChoice[], minimum = usualMinimum): readonly ChoiceFigure[] {
  if (new Set(choices.map(({ adviser }) => adviser)).size < fewestAdvisers) return []
  const kept = {
    month: standing(choices, ({ month }) => month, minimum),
    site: standing(choices, ({ siteId }) => siteId, minimum),
    service_type: standing(choices, ({ serviceType }) => serviceType, minimum),
  }
  const none = { month: [], site: [], service_type: [], byKind: false }
  // The whole comes first: where hiding small cells would hide it, the finer tables go, the finest first.
  const plans: readonly Plan[] = [
    { ...kept, byKind: true },
    { ...kept, byKind: false },
    { ...kept, site: [], byKind: false },
    { ...none, month: kept.month },
    none,
  ]
  // Where few went one of the two ways, both are hidden whatever is left out: then how many there were must do.
  const first = choices.filter(({ reason }) => reason === null).length
  const isTellable = [first, choices.length - first].every((count) => count === 0 || count >= minimum)
  for (const plan of plans) {
    const figures = figuresBy(choices, plan, minimum)
    const isWholeShown = figures.every(({ measure, category, month, value, count }) =>
      measure === 'taken' && month === null && value === null && (isTellable || category === 'total')
        ? count !== null
        : true,
    )
    if (isWholeShown || plan === none) return figures
  }
  return []
}

/** Which months, sites and kinds stand by themselves, and whether reasons are told by kind. */
interface Plan {
  readonly month: readonly string[]
  readonly site: readonly string[]
  readonly service_type: readonly string[]
  readonly byKind: boolean
}

function figuresBy(choices: readonly CountedChoice[], plan: Plan, minimum: number): readonly ChoiceFigure[] {
  const others = choices.filter(({ reason }) => reason !== null)
  const categories = reasonsToTell(others, minimum)
  const taken = {
    measure: 'taken',
    categories: ['first', 'another'],
    of: ({ reason }: CountedChoice) => (reason === null ? 'first' : 'another'),
  } as const
  const told = ({ reason }: CountedChoice) => (reason !== null && categories.includes(reason) ? reason : rareReasons)
  const tables = [
    tableOf(choices, { axis: 'month', values: plan.month, ...taken }),
    tableOf(choices, { axis: 'site', values: plan.site, ...taken }),
    tableOf(choices, { axis: 'service_type', values: plan.service_type, ...taken }),
    ...(categories.length === 0
      ? []
      : [
          tableOf(others, {
            ...{ axis: 'service_type', values: plan.byKind ? plan.service_type : [], measure: 'reason' },
            ...{ categories, of: told },
          }),
        ]),
  ]
  const hidden = hideLinked(tables, minimum)
  const seen = new Map<string, ChoiceFigure>()
  for (const table of tables) {
    table.figures.forEach((figure, cell) => {
      if (figure === null) return
      const key = [figure.measure, figure.category, figure.month, figure.breakdown, figure.value].join(' ')
      seen.set(key, { ...figure, count: hidden.has(table.names[cell]!) ? null : table.counts[cell]! })
    })
  }
  return [...seen.values()]
}

/** Reasons that are too rare to be told by themselves are one together. */
export const rareReasons = 'rare'

/** The reasons of the minimum and more, the most frequent first; then the others as one, which takes in the next when it is too small
 *  itself. None where even all together are too few. */
function reasonsToTell(others: readonly CountedChoice[], minimum: number): readonly string[] {
  if (others.length < minimum) return []
  const count = (reason: ChoiceReason) => others.filter((choice) => choice.reason === reason).length
  const bySize = choiceReasons.toSorted((a, b) => count(b) - count(a))
  const kept = bySize.filter((reason) => count(reason) >= minimum)
  let rest = others.length - kept.reduce((sum, reason) => sum + count(reason), 0)
  while (rest > 0 && rest < minimum) rest += count(kept.pop()!)
  return rest === 0 ? kept : [...kept, rareReasons]
}

function standing(
  choices: readonly CountedChoice[],
  of: (choice: CountedChoice) => string,
  minimum: number,
): readonly string[] {
  return [...Map.groupBy(choices, of)]
    .filter(
      ([, here]) => here.length >= 2 * minimum && new Set(here.map(({ adviser }) => adviser)).size >= fewestAdvisers,
    )
    .map(([value]) => value)
    .toSorted()
}

type Axis = 'month' | 'site' | 'service_type'

const valueOn: Readonly<Record<Axis, (choice: CountedChoice) => string>> = {
  month: ({ month }) => month,
  site: ({ siteId }) => siteId,
  service_type: ({ serviceType }) => serviceType,
}

interface TableWish {
  readonly axis: Axis
  readonly values: readonly string[]
  readonly measure: ChoiceFigure['measure']
  readonly categories: readonly string[]
  readonly of: (choice: CountedChoice) => string
}

interface ChoiceTable extends LinkedTable {
  /** What each cell is a figure of; null: of what is not shown. */
  readonly figures: readonly (Omit<ChoiceFigure, 'count'> | null)[]
}

/** Values (and the rest as one) by categories, each with its total. Cells of the same choices have the same name in all tables. */
function tableOf(choices: readonly CountedChoice[], { axis, values, measure, categories, of }: TableWish): ChoiceTable {
  const parts = [values.length + 1, categories.length]
  const inner = new Array<number>(parts[0]! * parts[1]!).fill(0)
  for (const choice of choices) {
    const found = values.indexOf(valueOn[axis](choice))
    const cell = (found < 0 ? values.length : found) * categories.length + categories.indexOf(of(choice))
    inner[cell] = inner[cell]! + 1
  }
  const rest = Symbol('rest')
  const cells = [...values, rest, null].flatMap((value) =>
    [...categories, 'total'].map((category) => ({ value, category })),
  )
  return {
    ...withTotals(parts, inner),
    names: cells.map(({ value, category }) => {
      // All reasons together are all who took another.
      const what = measure === 'reason' && category === 'total' ? 'taken another' : `${measure} ${category}`
      return `${what} ${value === null ? 'everyone' : value === rest ? `${axis} the rest` : `${axis} ${String(value)}`}`
    }),
    figures: cells.map(({ value, category }) => {
      if (typeof value === 'symbol') return null
      const isMonth = axis === 'month' && value !== null
      return {
        ...{ measure, category, month: isMonth ? value : null },
        breakdown: value === null || isMonth ? 'everyone' : axis === 'site' ? 'site' : 'service_type',
        value: isMonth ? null : value,
      }
    }),
  }
}
