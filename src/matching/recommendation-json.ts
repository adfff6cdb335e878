// A recommendation as it is kept, and read again years later. What cannot be read is told, never guessed.

import { z } from 'zod'
import type { FactCode, Rule, Unmet } from '#directory/index.ts'
import type { ArmAverage, Difference, NearestFact, RankedBy } from '#evidence/index.ts'
import { parseId, type OrganizationId, type ServiceId } from '#platform/ids.ts'
import type { Person } from './person.ts'
import { standings, type RankedService, type Recommendation } from './recommend.ts'

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

const rule = z.custom<Rule>((value) => z.object({ kind: z.string() }).safeParse(value).success)
const code = z.string().transform((text) => text as FactCode)
const number = z.number().nullable()

const estimate = z.object({
  ...{ type: z.string(), chanceWith: z.number(), chanceWithout: z.number() },
  ...{ gain: z.number(), low: z.number(), high: z.number() },
  ...{ similar: number, similarWithout: number },
})

const finding = z.object({
  ...{ type: z.string(), gain: z.number(), low: z.number(), high: z.number() },
  ...{ source: z.string(), year: number, population: z.string().nullable() },
})

const evidence = z.object({
  source: z.enum(['model', 'model_and_provider', 'none']),
  ...{ gain: number, low: number, high: number },
  provider: z.object({ clients: z.number(), difference: z.number(), low: z.number(), high: z.number() }).nullable(),
  why: z.enum(['no_support', 'too_few', 'not_by_model']).nullable(),
  studies: z.array(finding),
})

const measured = z.object({
  ...{ minutes: number, isOnline: z.boolean(), startsIn: number, waitDays: number, placesFree: number },
  ...{ isFree: z.boolean().nullable(), isInOwnLanguage: z.boolean().nullable() },
  ...{ hasEvenings: z.boolean().nullable(), hasChildcare: z.boolean() },
})

/** Steps that were not kept before 2026-11 may be missing. */
const service = z.object({
  id: idShape<ServiceId>(),
  name: z.string(),
  organizationId: idShape<OrganizationId>(),
  organizationName: z.string(),
  type: z.string().nullable(),
  standing: z.enum(standings),
  rank: number,
  tier: number.optional(),
  chance: number.default(null),
  requirements: z
    .array(
      z.object({
        rule,
        answer: z.enum(['meets', 'does_not_meet', 'not_known']),
        why: unmet.nullable(),
        facts: z.array(code),
      }),
    )
    .optional(),
  evidence: evidence.optional(),
  points: z.array(point),
  measured: measured.optional(),
  unmet: z.array(unmet),
  open: z.array(code),
})

const kept = z.object({ estimates: z.array(estimate), services: z.array(service) })

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
  const { estimates, services } = kept.parse({ estimates: columns.estimates, services: columns.ranking })
  return { estimates, services: services.map((one) => withSteps(one, estimates)) }
}

const notMeasured: RankedService['measured'] = {
  ...{ minutes: null, isOnline: false, startsIn: null, waitDays: null, placesFree: null },
  ...{ isFree: null, isInOwnLanguage: null, hasEvenings: null, hasChildcare: false },
}

/** A ranking kept before every step was has the rules that were not met, and the estimate of its type. In it nothing was said
 *  of ties: each stands alone. */
function withSteps(one: z.output<typeof service>, estimates: Recommendation['estimates']): RankedService {
  const estimate = estimates.find(({ type }) => type === one.type)
  const { gain, low, high } = estimate ?? { gain: null, low: null, high: null }
  return {
    ...one,
    tier: one.tier === undefined ? one.rank : one.tier,
    requirements:
      one.requirements ?? one.unmet.map((why) => ({ rule: why.rule, answer: 'does_not_meet', why, facts: [] })),
    evidence: one.evidence ?? {
      ...{ source: estimate ? ('model' as const) : ('none' as const), gain, low, high },
      ...{ provider: null, why: estimate ? null : ('too_few' as const), studies: [] },
    },
    measured: one.measured ?? notMeasured,
  }
}

const difference = z.object({ type: z.string(), other: z.string(), low: z.number(), high: z.number() })

export function readEstimates(column: unknown): Recommendation['estimates'] {
  return z.array(estimate).parse(column)
}

export function readDifferences(column: unknown): readonly Difference[] {
  return z.array(difference).parse(column)
}

const nearestFact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('range'), feature: z.string(), from: number, to: number }),
  z.object({ kind: z.literal('steps'), feature: z.string(), from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('levels'), feature: z.string(), levels: z.array(z.string()) }),
])

export function readNearest(column: unknown): readonly NearestFact[] {
  return z.array(nearestFact).parse(column)
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
