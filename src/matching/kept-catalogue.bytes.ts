// What was offered at one moment as it is kept: one deflated document, named by what it says. Read again years later, it
// compiles to the same catalogue.

import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { isServiceType, type Rule } from '#directory/index.ts'
import type { ProviderResult } from '#evidence/index.ts'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { parseId, type LocationId, type OrganizationId, type ServiceId } from '#platform/ids.ts'
import { compileCatalogue, type Catalogue, type OfferedService } from './catalogue.ts'
import type { Finding } from './evidence-step.ts'

/** Everything that a ranking looks at besides the person and the estimates. */
export interface Offer {
  /** The day on which it was looked at, in the network's zone: hours hold on it, and places are old by it. */
  readonly today: CalendarDay
  readonly timeZone: string
  readonly catalogue: Catalogue
  readonly providers: readonly ProviderResult[]
  readonly findings: readonly Finding[]
}

export interface KeptOffer {
  /** A UUID of the content: the same offer has the same, in every network. */
  readonly id: string
  readonly content: Buffer
}

/** O(services); some ten milliseconds for ten thousand. */
export function packOffer({ today, timeZone, catalogue, providers, findings }: Offer): KeptOffer {
  const text = JSON.stringify({ today, timeZone, services: catalogue.services, providers, findings })
  const hash = createHash('sha256').update(text).digest('hex')
  const variant = '89ab'[Number.parseInt(hash[16]!, 16) % 4]
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  return { id, content: deflateRawSync(text, { level: 1 }) }
}

/** Throws when the bytes are damaged or hold something else: this feature alone writes them. */
export function unpackOffer(content: Buffer): Offer {
  const { services, ...rest } = offer.parse(JSON.parse(inflateRawSync(content).toString('utf8')))
  return { ...rest, catalogue: compileCatalogue(services) }
}

const idOf = <Id extends string>() =>
  z.string().transform((text, context): Id => {
    const id = parseId<'any'>(text)
    if (id) return id as string as Id
    context.addIssue({ code: 'custom', message: 'is no id' })
    return z.NEVER
  })

const day = z.string().transform((text, context): CalendarDay => {
  const parsed = parseDay(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'is no day' })
  return z.NEVER
})

const number = z.number().nullable()
const text = z.string().nullable()

const service = z.object({
  ...{ id: idOf<ServiceId>(), organizationId: idOf<OrganizationId>(), organizationName: z.string(), name: z.string() },
  serviceType: text.transform((type) => (isServiceType(type) ? type : null)),
  ...{ languages: z.array(z.string()), hasInterpretation: z.boolean() },
  ...{ placesFree: number, placesAsOf: z.coerce.date().nullable(), nextStart: day.nullable() },
  ...{ costCents: number, currency: text, assuredOn: day.nullable() },
  // Checked when it was entered, by the directory.
  rules: z.array(z.custom<Rule>((value) => z.object({ kind: z.string() }).safeParse(value).success)),
  places: z.array(
    z.object({
      ...{ locationId: idOf<LocationId>(), name: text, city: text, latitude: number, longitude: number },
      ...{ isOnline: z.boolean(), accessibility: z.array(z.string()) },
    }),
  ),
  openings: z.array(z.object({ weekdays: z.array(z.number()), opens: z.string(), closes: z.string() })),
  wait: z.object({ days: z.number(), people: z.number() }).nullable(),
}) satisfies z.ZodType<OfferedService>

const offer = z.object({
  ...{ today: day, timeZone: z.string(), services: z.array(service) },
  providers: z.array(
    z.object({
      ...{ type: z.string(), provider: z.string(), clients: z.number(), difference: z.number() },
      ...{ low: z.number(), high: z.number() },
    }),
  ),
  findings: z.array(
    z.object({
      ...{ type: z.string(), gain: z.number(), low: z.number(), high: z.number() },
      ...{ source: z.string(), year: number, population: text },
    }),
  ),
})
