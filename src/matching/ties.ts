// Which kinds of help can be told apart: tiers of no clear difference, from the interval of a difference, not from two
// intervals that overlap. Pure.

import type { Difference } from '#evidence/index.ts'
import type { EvidenceStep } from './evidence-step.ts'
import type { HelpKind } from './catalogue.ts'

export interface Told {
  readonly kind: HelpKind
  readonly step: EvidenceStep
}

/**
 * The tier of each of `told`, 1 the best. In the order of gains, a tier begins with its highest, and takes in everyone whose
 * difference from that one may be nothing; the first that is clearly less begins the next. Kinds without an estimate are a
 * tier of their own, after those with something to gain and before those with something to lose: of them nothing is known, and
 * nothing is claimed. O(n log n).
 */
export function tiersOf(told: readonly Told[], differences: readonly Difference[]): Uint32Array {
  const apart = differenceBetween(differences)
  const tiers = new Uint32Array(told.length)
  const known = told.flatMap(({ step }, at) => (step.gain === null ? [] : [at]))
  known.sort((a, b) => gainOf(told[b]!) - gainOf(told[a]!))
  let tier = 0
  let leader: Told | null = null
  let unknownAfter = 0
  for (const at of known) {
    const one = told[at]!
    if (!leader || apart(leader, one)) {
      tier++
      leader = one
      if (gainOf(one) >= 0) unknownAfter = tier
    }
    tiers[at] = tier
  }
  if (known.length === told.length) return tiers
  return tiers.map((place) => (place === 0 ? unknownAfter + 1 : place > unknownAfter ? place + 1 : place))
}

/** Whether the second is clearly less. Between types the interval that came with the estimates stands, or where none came one
 *  from both doubts as if they had nothing in common; providers' own doubts come on top. */
function differenceBetween(differences: readonly Difference[]): (higher: Told, lower: Told) => boolean {
  const halves = new Map<string, number>()
  for (const { type, other, low, high } of differences) {
    const half = (high - low) / 2
    halves.set(`${type}\n${other}`, half)
    halves.set(`${other}\n${type}`, half)
  }
  return (higher, lower) => {
    const between =
      higher.kind.type === lower.kind.type
        ? 0
        : (halves.get(`${higher.kind.type}\n${lower.kind.type}`) ?? Math.hypot(typeHalf(higher), typeHalf(lower)))
    const half = Math.hypot(between, providerHalf(higher), providerHalf(lower))
    return gainOf(higher) - gainOf(lower) > half
  }
}

function gainOf({ step }: Told): number {
  return step.gain ?? 0
}

/** Half the interval, without what the provider's own results add to it. */
function typeHalf({ step }: Told): number {
  const half = ((step.high ?? 0) - (step.low ?? 0)) / 2
  const own = step.provider ? (step.provider.high - step.provider.low) / 2 : 0
  return Math.sqrt(Math.max(0, half * half - own * own))
}

function providerHalf({ step }: Told): number {
  return step.provider ? (step.provider.high - step.provider.low) / 2 : 0
}
