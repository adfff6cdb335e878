// Few places, many suitable clients: who would get one by each rule. Pure; the solver and its chance are elsewhere.

import { atkinsonScale, makeRandom, shuffled } from '#numerics/index.ts'
import type { ClientId, RecommendationId, ServiceId, SiteId, StaffId } from '#platform/ids.ts'

export const rules = ['first_come', 'gain', 'worse_off', 'lottery'] as const
export type Rule = (typeof rules)[number]

/** The rules that need an estimate. */
export const rulesByEstimate: readonly Rule[] = ['gain', 'worse_off']

/** What is asked of an allocation. */
export interface Question {
  readonly services: readonly {
    readonly id: ServiceId
    readonly name: string
    readonly organization: string
    readonly places: number
  }[]
  readonly serviceTypes: readonly string[]
  /** Only those who have chosen one of these services; else also those who have chosen nothing yet. */
  readonly onlyChosen: boolean
  /** How much more a gain counts for those with a low chance of work: Atkinson's epsilon (docs/methods/welfare-dial.md). */
  readonly aversion: number
  readonly seed: number
}

/** A place that a client could take: `service` by its place in the question. */
export interface Option {
  readonly service: number
  /** More of one working; null where there is no estimate. */
  readonly gain: number | null
  /** Null where the way is not known; 0 online. */
  readonly minutes: number | null
}

/** A client in question. */
export interface Suitor {
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
  readonly recommendationId: RecommendationId
  readonly waitingDays: number
  /** The chance of working without help; null where there is no estimate. */
  readonly chanceWithout: number | null
  readonly options: readonly Option[]
}

/** What a rule gives each client, in their order; null where there is no place. */
export type Given = readonly (Option | null)[]

/** Longest waiting first; who waits as long as another is drawn by the seed. */
export function orderByWaiting(suitors: readonly Suitor[], seed: number): readonly number[] {
  return drawnOrder(suitors.length, seed, 2).toSorted((a, b) => suitors[b]!.waitingDays - suitors[a]!.waitingDays)
}

/** Everybody alike, by chance. `draw`: 0 the one that counts, others to see what else could have come. */
export function orderByLot(count: number, seed: number, draw = 0): readonly number[] {
  return drawnOrder(count, seed, 3 + draw)
}

/** One after another takes the best place that is left: of the most gain, then the nearest, then the first in the list. */
export function placeInOrder(suitors: readonly Suitor[], places: readonly number[], order: readonly number[]): Given {
  const left = [...places]
  const given: (Option | null)[] = suitors.map(() => null)
  for (const at of order) {
    const best = bestFirst(suitors[at]!.options).find(({ service }) => left[service]! > 0)
    if (!best) continue
    left[best.service] = left[best.service]! - 1
    given[at] = best
  }
  return given
}

/** So many draws tell a chance to about one in a hundred: the standard error of a half is 0.016. */
export const drawsForChances = 1000

/** For each client the chance of a place in such a draw. Exact where there is one service and all may have it; else counted in
 *  many draws with other chance. O(draws · clients · options). */
export function chancesByLot(suitors: readonly Suitor[], places: readonly number[], seed: number): readonly number[] {
  const open = suitors.filter(({ options }) => options.length > 0).length
  if (places.length === 1) {
    const chance = open === 0 ? 0 : Math.min(1, places[0]! / open)
    return suitors.map(({ options }) => (options.length > 0 ? chance : 0))
  }
  const sorted = suitors.map((suitor) => ({ ...suitor, options: bestFirst(suitor.options) }))
  const counts = new Array<number>(suitors.length).fill(0)
  for (let draw = 1; draw <= drawsForChances; draw++) {
    const left = [...places]
    for (const at of orderByLot(suitors.length, seed, draw)) {
      const found = sorted[at]!.options.find(({ service }) => left[service]! > 0)
      if (!found) continue
      left[found.service] = left[found.service]! - 1
      counts[at] = counts[at]! + 1
    }
  }
  return counts.map((count) => count / drawsForChances)
}

/** The pairs that a rule by estimate may bring together, with its objectives in the order in which they count: what the places
 *  add (in tenths of a person of a hundred), how many have one, and short ways (minutes). Nobody is sent where the estimate is
 *  below nothing; where there is none, it stands at nothing, as in a ranking. */
export interface Pairs {
  readonly person: Uint32Array
  readonly service: Uint32Array
  readonly options: readonly Option[]
  readonly objectives: readonly Float64Array[]
}

export function pairsFor(suitors: readonly Suitor[], aversion: number): Pairs {
  const worth = worthOf(suitors, aversion)
  const pairs = suitors.flatMap((suitor, person) =>
    suitor.options.filter(({ gain }) => (gain ?? 0) >= 0).map((option) => ({ person, option, suitor })),
  )
  return {
    person: Uint32Array.from(pairs, ({ person }) => person),
    service: Uint32Array.from(pairs, ({ option }) => option.service),
    options: pairs.map(({ option }) => option),
    objectives: [
      Float64Array.from(pairs, ({ suitor, option }) => Math.round(1000 * worth(suitor, option)) || 0),
      new Float64Array(pairs.length).fill(1),
      Float64Array.from(pairs, ({ option }) => -Math.round(option.minutes ?? unknownMinutes)),
    ],
  }
}

/** Where the way is not known it counts as what people who say nothing are taken to travel. */
const unknownMinutes = 60

/** The gain as it counts: at aversion 0 as it is, above that as the rise of Atkinson's scale, in units of the person in the middle. */
function worthOf(suitors: readonly Suitor[], aversion: number): (suitor: Suitor, option: Option) => number {
  const { utility, slope } = atkinsonScale(aversion, 0, 1)
  const known = suitors.flatMap(({ chanceWithout }) => chanceWithout ?? []).sort((a, b) => a - b)
  const middle = known[(known.length - 1) >> 1] ?? 0.5
  return ({ chanceWithout }, { gain }) => {
    if (gain === null) return 0
    if (chanceWithout === null) return gain
    const with_ = Math.min(1, chanceWithout + gain)
    return (utility(with_) - utility(chanceWithout)) / slope(middle)
  }
}

function drawnOrder(count: number, seed: number, stream: number): readonly number[] {
  return [...shuffled(count, makeRandom(seed, stream))]
}

function bestFirst(options: readonly Option[]): readonly Option[] {
  return options.toSorted(
    (a, b) =>
      (b.gain ?? 0) - (a.gain ?? 0) ||
      (a.minutes ?? unknownMinutes) - (b.minutes ?? unknownMinutes) ||
      a.service - b.service,
  )
}
