// What a client is shown of a recommendation, as it is kept with their link: nothing of it is read from the file again, so whoever
// holds the link reads this and no more. Pure.

import { z } from 'zod'
import type { RankedBy } from '#evidence/index.ts'
import type { RankedService } from '../recommend.ts'
import type { KeptRecommendation } from '../recommendations.store.ts'
import { ownEvidence } from '../together/own-evidence.ts'
import { usualOptions } from '../together/together.ts'

/** So many services are explained: a letter is read, a list is not. */
const explainedServices = 5

/** What is said of a service in practice: where, when, what it costs. What it says of the person (their needs, their access) is
 *  left in the file. */
const practicalKeys: readonly string[] = [
  ...['near', 'far', 'farther_than_willing', 'online', 'remote', 'place_unknown', 'home_unknown'],
  ...['starts', 'starts_late', 'places', 'places_none', 'wait', 'free', 'costs'],
]

/** Needs that tell of a person's health or safety are not written where somebody else may read along. */
export const keptBackNeeds: readonly string[] = ['health', 'safety']

const factValue = z.union([z.number(), z.boolean(), z.string(), z.array(z.string())])
const estimate = z.object({
  ...{ type: z.string(), chanceWith: z.number(), chanceWithout: z.number() },
  ...{ gain: z.number(), low: z.number(), high: z.number() },
  ...{ similar: z.number().nullable(), similarWithout: z.number().nullable() },
})
const point = z.object({
  side: z.enum(['for', 'against', 'unknown']),
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
const study = z.object({
  ...{ gain: z.number(), low: z.number(), high: z.number() },
  ...{ source: z.string(), year: z.number().nullable(), population: z.string().nullable() },
})
const shape = z.object({
  madeAt: z.coerce.date(),
  adviserName: z.string(),
  siteName: z.string(),
  rankedBy: z.enum(['model', 'switched_off', 'checks_failed'] satisfies RankedBy[]),
  /** Past clients behind the estimates; null where there were none. */
  episodes: z.number().nullable(),
  /** Their own answers that were used, by the codes of the directory's facts. */
  facts: z.array(z.object({ code: z.string(), value: factValue })),
  hasKeptBack: z.boolean(),
  services: z.array(
    z.object({
      ...{ name: z.string(), organizationName: z.string(), type: z.string().nullable() },
      ...{ points: z.array(point), estimate: estimate.nullable() },
      /** Between services of one tier nobody knows which one helps more. */
      tier: z.number().nullable().default(null),
      clientsThere: z.number().nullable().default(null),
      why: z.enum(['no_support', 'too_few', 'not_by_model']).nullable().default(null),
      studies: z.array(study).default([]),
    }),
  ),
  /** Facts that are still to be asked, and facts that would open more and can change. */
  open: z.array(z.string()),
  change: z.array(z.string()),
})

export type ClientView = z.infer<typeof shape>

/** Throws when the column holds something else: it is written by this part alone. */
export function readClientView(column: unknown): ClientView {
  return shape.parse(column)
}

export interface Seen extends Pick<ClientView, 'adviserName' | 'siteName' | 'episodes'> {
  /** Whether the fact may be shown: none that is protected. */
  readonly mayShow: (code: string) => boolean
  /** Facts that rules ask for and that can change. */
  readonly changeable: (service: RankedService) => readonly string[]
}

/** The recommendation as its client sees it. */
export function viewOf(
  recommendation: Pick<KeptRecommendation, 'madeAt' | 'rankedBy' | 'person' | 'services' | 'estimates'>,
  { mayShow, changeable, ...seen }: Seen,
): ClientView {
  const { services, rankedBy, person, estimates } = recommendation
  const facts = Object.entries(person.facts).flatMap(([code, value]) =>
    value === undefined || !mayShow(code) ? [] : { code, value: shownValue(code, value) },
  )
  const codesOf = (codes: readonly string[]) => [...new Set(codes)].filter(mayShow)
  return {
    ...seen,
    madeAt: recommendation.madeAt,
    rankedBy,
    facts: facts.filter(({ value }) => !Array.isArray(value) || value.length > 0),
    hasKeptBack: keptBackNeeds.some((need) => [person.facts.needs].flat().includes(need)),
    services: explained(services).map(({ name, organizationName, type, tier, points, evidence }) => {
      const { studies, ...own } = ownEvidence({ estimates, rankedBy }, { type, evidence })
      return {
        ...{ name, organizationName, type, tier, ...own, studies: [...studies] },
        points: points.filter(({ key }) => practicalKeys.includes(key)).map((each) => ({ ...each })),
      }
    }),
    open: codesOf(services.filter(({ standing }) => standing === 'not_known').flatMap(({ open }) => open)),
    change: codesOf(services.filter(({ standing }) => standing === 'not_eligible').flatMap(changeable)),
  }
}

/** Those that would stand side by side, then the first of each further kind, in the order of the ranking. */
function explained(services: readonly RankedService[]): readonly RankedService[] {
  const eligible = services.filter(({ standing }) => standing === 'eligible')
  const firstOfKind = [...Map.groupBy(eligible, ({ type }) => type).values()].flatMap(([first]) => first ?? [])
  const told = [...new Set([...usualOptions({ services }), ...firstOfKind])].slice(0, explainedServices)
  return told.sort((a, b) => services.indexOf(a) - services.indexOf(b))
}

function shownValue(code: string, value: z.infer<typeof factValue> | readonly string[]) {
  if (typeof value !== 'object') return value
  return code === 'needs' ? value.filter((need) => !keptBackNeeds.includes(need)) : [...value]
}
