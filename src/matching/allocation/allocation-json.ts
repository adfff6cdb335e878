// An allocation as it is kept, and read again. What cannot be read is told, never guessed.

import { z } from 'zod'
import { parseId, type ServiceId } from '#platform/ids.ts'
import { rules, type Question, type Rule } from './allocation.ts'
import { groupings, reasonsToLeaveOut, type Comparison } from './comparison.ts'

const serviceId = z.string().transform((text, context): ServiceId => {
  const id = parseId<'service'>(text)
  if (id) return id
  context.addIssue({ code: 'custom', message: 'is no id' })
  return z.NEVER
})

const question = z.object({
  services: z.array(z.object({ id: serviceId, name: z.string(), organization: z.string(), places: z.number() })),
  serviceTypes: z.array(z.string()),
  onlyChosen: z.boolean(),
  aversion: z.number(),
  seed: z.number(),
})

const figure = z.number().nullable()

const comparison = z.object({
  inQuestion: z.number(),
  worseOff: figure,
  leftOut: z.record(z.enum(reasonsToLeaveOut), z.number()),
  estimatedAnew: z.number(),
  withoutEstimate: z.number(),
  figures: z.array(
    z.object({
      rule: z.enum(rules),
      placed: z.number(),
      added: figure,
      medianWait: figure,
      longestLeft: figure,
      medianMinutes: figure,
      worseOffPlaced: figure,
    }),
  ),
  groups: z.array(
    z.object({
      rule: z.enum(rules),
      grouping: z.enum(groupings),
      value: z.string(),
      inQuestion: figure,
      placed: figure,
    }),
  ),
})

/** What one rule would give one client; `chance`: of any place, where it was drawn. */
export interface Got {
  readonly service: ServiceId | null
  readonly gain: number | null
  readonly minutes: number | null
  readonly chance: number | null
}

const got = z.partialRecord(
  z.enum(rules),
  z.object({ service: serviceId.nullable(), gain: figure, minutes: figure, chance: figure }),
)

export function readQuestion(kept: unknown): Question {
  return question.parse(kept)
}

export function readComparison(kept: unknown): Comparison {
  return comparison.parse(kept)
}

export function readGot(kept: unknown): Readonly<Partial<Record<Rule, Got>>> {
  return got.parse(kept)
}

/** What is read of a kept recommendation for one service. Points of no interest here are passed over. */
export const openService = z.array(
  z.object({
    id: serviceId,
    type: z.string().nullable(),
    points: z.array(z.object({ key: z.string(), values: z.record(z.string(), z.unknown()) })),
  }),
)

/** Of a kept estimate, what an allocation asks. */
export const keptEstimates = z.array(z.object({ type: z.string(), gain: z.number(), chanceWithout: z.number() }))

export const keptFacts = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]))
