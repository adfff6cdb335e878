// Services by what they are expected to add: tiers between whose members there is no clear difference, and in each the kinds.

import type { RankedService } from '../recommend.ts'

export interface Tier {
  readonly tier: number | null
  readonly services: readonly RankedService[]
  /** How many stand in the tier altogether, whatever is shown of it. */
  readonly size: number
  readonly kinds: number
}

/** In the order given; `all`: every service of the same list, to say how many more a tier has. */
export function tiersIn(shown: readonly RankedService[], all: readonly RankedService[]): Tier[] {
  const whole = Map.groupBy(all, ({ tier }) => tier)
  return [...Map.groupBy(shown, ({ tier }) => tier)].map(([tier, services]) => {
    const members = whole.get(tier) ?? services
    return { tier, services, size: members.length, kinds: new Set(members.map(({ type }) => type)).size }
  })
}

/** What a tier is called: by the most that any of it is expected to add, and whether it is the only one with a number. Null where nothing is estimated by a model at all. */
export function tierTitle(
  { services, tier }: Tier,
  isOnly: boolean,
): 'most' | 'alike' | 'less' | 'none' | 'unknown' | null {
  const gains = services.flatMap(({ evidence }) => (evidence.gain === null ? [] : [evidence.gain]))
  if (gains.length === 0) return services.some(({ evidence }) => evidence.why === 'not_by_model') ? null : 'unknown'
  if (Math.max(...gains) < 0.005) return 'none'
  // The highest of several; where nothing is clearly less, nothing is clearly most either.
  if (isOnly) return 'alike'
  return tier === 1 ? 'most' : 'less'
}
