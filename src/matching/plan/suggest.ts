// "First …, then …": a kind of service that would help and is not open yet, but opens once another has raised what it asks. Pure.

import type { AskingService, Outlook } from '../changes/what-could-change.ts'
import type { Raise } from '../changes/raise.ts'
import type { FactValue } from '#directory/index.ts'

export interface Sequence {
  /** The kind of service that leads there. */
  readonly first: string
  readonly raise: Raise
  readonly from: FactValue
  /** The kind that then opens, and its services. */
  readonly then: string
  readonly services: readonly AskingService[]
  /** Estimated gain of the second for the client as they are now, a share of one. */
  readonly gain: number
}

export interface Suggesting {
  readonly outlook: Outlook
  /** Kinds of which a service is open now. */
  readonly openTypes: ReadonlySet<string>
  readonly gains: ReadonlyMap<string, number>
}

/** Worth a detour: at least half of the most that anything but the first step is estimated to add for this client. */
const worthwhile = 0.5
/** A gain below one person of a hundred is none that could be told. */
const least = 0.005

/** One a kind that opens, by its smallest step; what adds most first. No protected or fixed fact is among them: none is ever a change
 *  (what-could-change.ts). Nothing where no gain is estimated. */
export function suggestSequences({ outlook, openTypes, gains }: Suggesting): readonly Sequence[] {
  const found = new Map<string, Sequence>()
  for (const { steps } of outlook.changes) {
    for (const { fact, to, from, opens, helpedBy } of steps) {
      const first = helpedBy.find((type) => openTypes.has(type))
      if (first === undefined) continue
      const best = Math.max(0, ...[...gains].map(([type, gain]) => (type === first ? 0 : gain)))
      for (const [type, services] of Map.groupBy(opens, (service) => service.type)) {
        const gain = type === null ? 0 : (gains.get(type) ?? 0)
        if (type === null || type === first || openTypes.has(type) || found.has(type)) continue
        if (gain < Math.max(least, worthwhile * best)) continue
        found.set(type, { first, raise: { fact, to }, from, then: type, services, gain })
      }
    }
  }
  return [...found.values()].toSorted((a, b) => b.gain - a.gain || (a.then < b.then ? -1 : 1))
}
