// A recommendation as it is kept, and read again years later. What cannot be read is told, never guessed.

import { z } from 'zod'
import type { FactCode, Unmet } from '#directory/index.ts'
import type { ArmAverage, RankedBy } from '#evidence/index.ts'
import { parseId, type OrganizationId, type ServiceId } from '#platform/ids.ts'
import type { Person } from './person.ts'
import { standings, type Recommendation } from './recommend.ts'

const idShape = <Id extends string>() =>
  z.string().transform((text, context): Id => {
    const id = parseId<'any'>(text)
    if (id) return id as string as Id
    context.addIssue({ code: 'custom', message: 'is no id' })
    return z.NEVER
  })

const point = z.object({
  side: z.enum(['for', 'against', 'unknown']),
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

const factValue = z.union([z.number(), z.boolean(), z.string(), z.array(z.string())])

// The rule inside is the directory's own; it was checked when it was entered, and is only put into words here.
const unmet = z.custom<Unmet>((value) => z.object({ rule: z.object({ kind: z.string() }) }).safeParse(value).success)

const recommendation = z.object({
  estimates: z.array(
    z.object({
      type: z.string(),
      chanceWith: z.number(),
      chanceWithout: z.number(),
      gain: z.number(),
      low: z.number(),
      high: z.number(),
      similar: z.number().nullable(),
      similarWithout: z.number().nullable(),
    }),
  ),
  services: z.array(
    z.object({
      id: idShape<ServiceId>(),
      name: z.string(),
      organizationId: idShape<OrganizationId>(),
      organizationName: z.string(),
      type: z.string().nullable(),
      standing: z.enum(standings),
      rank: z.number().nullable(),
      points: z.array(point),
      unmet: z.array(unmet),
      open: z.array(z.string().transform((code) => code as FactCode)),
    }),
  ),
})

const person = z.object({
  facts: z.record(z.string(), factValue),
  wishes: z.object({
    position: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
    positionOf: z.enum(['home', 'site']).nullable(),
    languages: z.array(z.string()),
    needsInterpreter: z.boolean(),
    accessNeeds: z.array(z.string().transform((need) => need as Person['wishes']['accessNeeds'][number])),
  }),
})

/** Throws when the columns hold something else: they are written by this feature alone. */
export function readRecommendation(columns: {
  readonly estimates: unknown
  readonly ranking: unknown
}): Recommendation {
  return recommendation.parse({ estimates: columns.estimates, services: columns.ranking })
}

const rankingShape = z.object({
  rankedBy: z.enum(['model', 'switched_off', 'checks_failed'] satisfies RankedBy[]),
  averages: z.array(z.object({ type: z.string(), gain: z.number(), low: z.number(), high: z.number() })),
})

/** What ordered it, and the averages that stood beside. */
export function readRanking(columns: { readonly ranked_by: string; readonly averages: unknown }): {
  readonly rankedBy: RankedBy
  readonly averages: readonly ArmAverage[]
} {
  return rankingShape.parse({ rankedBy: columns.ranked_by, averages: columns.averages })
}

export function readPerson(columns: { readonly facts: unknown; readonly wishes: unknown }): Person {
  return person.parse(columns)
}
