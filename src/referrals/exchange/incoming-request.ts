// Reading what a partner's system sends when it sends us somebody: a ServiceRequest with the person and the consent, inside it
// or beside it in a Bundle. Without a consent nothing of it is kept.

import { z } from 'zod'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { issuesOf, type Issue } from './outcome.ts'
import type { IncomingFields, NewIncomingReferral } from './incoming-referral.ts'

type Reading<T> = Result<T, readonly [Issue, ...Issue[]]>

const text = (max: number) => z.string().trim().min(1).max(max)
const reference = z.object({ reference: z.string().max(300).optional(), display: text(200).optional() })
const words = z.object({ text: text(2000).optional() })
const resource = z.looseObject({ resourceType: z.string(), id: z.string().max(64).optional() })

const requestShape = z.object({
  resourceType: z.literal('ServiceRequest'),
  status: z.literal('active'),
  intent: z.string(),
  identifier: z
    .array(z.object({ system: z.string().max(300).optional(), value: text(200).optional() }))
    .min(1)
    .max(20),
  subject: reference,
  requester: reference.optional(),
  reasonCode: z.array(words).max(20).optional(),
  orderDetail: z.array(words).max(20).optional(),
  note: z.array(words).max(20).optional(),
  supportingInfo: z.array(reference).max(50).optional(),
  contained: z.array(resource).max(20).optional(),
})

const patientShape = z.object({
  resourceType: z.literal('Patient'),
  name: z
    .array(
      z.object({
        text: text(200).optional(),
        family: text(100).optional(),
        given: z.array(text(100)).max(10).optional(),
      }),
    )
    .min(1)
    .max(10),
  birthDate: z.string().optional(),
  telecom: z
    .array(z.object({ system: z.string().optional(), value: text(200).optional() }))
    .max(20)
    .optional(),
  address: z
    .array(
      z.object({
        text: text(500).optional(),
        line: z.array(text(200)).max(5).optional(),
        postalCode: text(20).optional(),
        city: text(100).optional(),
      }),
    )
    .max(10)
    .optional(),
  communication: z
    .array(
      z.object({
        language: z.object({
          text: text(100).optional(),
          coding: z
            .array(z.object({ code: text(35).optional() }))
            .max(5)
            .optional(),
        }),
      }),
    )
    .max(10)
    .optional(),
})

const consentShape = z.object({
  resourceType: z.literal('Consent'),
  status: z.literal('active'),
  dateTime: z.string(),
  provision: z.object({ type: z.string().optional() }).optional(),
})

const bundleShape = z.object({
  resourceType: z.literal('Bundle'),
  type: z.enum(['transaction', 'batch']),
  entry: z
    .array(z.object({ fullUrl: z.string().max(300).optional(), resource }))
    .min(1)
    .max(20),
})

/** A request from a ServiceRequest that holds the person and the consent, or from a Bundle of the three. Never throws. */
export function readIncoming(json: unknown): Reading<NewIncomingReferral> {
  const kind = resource.safeParse(json)
  if (!kind.success) return refused(issuesOf('', kind.error))
  if (kind.data.resourceType === 'ServiceRequest') return readRequest(json, new Map())
  if (kind.data.resourceType !== 'Bundle')
    return refusedAt('not-supported', 'resourceType', 'A ServiceRequest, or a Bundle with one, is taken here.')
  const bundle = bundleShape.safeParse(json)
  if (!bundle.success) return refused(issuesOf('Bundle', bundle.error))
  const requests = bundle.data.entry.filter((entry) => entry.resource.resourceType === 'ServiceRequest')
  if (requests.length !== 1)
    return refusedAt('business-rule', 'Bundle.entry', 'One Bundle holds one ServiceRequest: one person at a time.')
  const named = bundle.data.entry.flatMap(({ fullUrl, resource: one }): [string, unknown][] => [
    ...(fullUrl === undefined ? [] : [[fullUrl, one] as [string, unknown]]),
    ...(one.id === undefined ? [] : [[`${one.resourceType}/${one.id}`, one] as [string, unknown]]),
  ])
  return readRequest(requests[0]?.resource, new Map(named))
}

function readRequest(json: unknown, beside: ReadonlyMap<string, unknown>): Reading<NewIncomingReferral> {
  const request = requestShape.safeParse(json)
  if (!request.success) return refused(issuesOf('ServiceRequest', request.error))
  const { identifier, subject, supportingInfo = [], contained = [] } = request.data
  const sender = identifier.find((each) => each.value !== undefined)
  if (sender?.value === undefined)
    return refusedAt('required', 'ServiceRequest.identifier', 'Say by which name you know this request.')
  const within = new Map(contained.map((one) => [`#${one.id ?? ''}`, one as unknown]))
  const find = (name: string | undefined) => (name === undefined ? undefined : (within.get(name) ?? beside.get(name)))
  const consentOn = readConsent(supportingInfo.map((each) => find(each.reference)))
  if (!consentOn.ok) return consentOn
  const person = patientShape.safeParse(find(subject.reference))
  if (!person.success) return refused(issuesOf('Patient', person.error))
  const fields = fieldsOf(request.data, person.data)
  if (!fields.ok) return fields
  return ok({
    sender: { system: sender.system ?? '', value: sender.value },
    fields: fields.value,
    consentOn: consentOn.value,
  })
}

function readConsent(referenced: readonly unknown[]): Reading<CalendarDay> {
  const at = 'ServiceRequest.supportingInfo'
  const consents = referenced.flatMap((one) => {
    const read = consentShape.safeParse(one)
    return read.success && read.data.provision?.type !== 'deny' ? [read.data] : []
  })
  const [consent] = consents
  if (!consent)
    return refusedAt(
      'required',
      at,
      'Nobody is sent here without agreeing to it: name an active Consent of the person, with its dateTime.',
    )
  const day = parseDay(consent.dateTime.slice(0, 10))
  return day === null ? refusedAt('value', at, 'The dateTime of the Consent begins with no day.') : ok(day)
}

function fieldsOf(
  request: z.infer<typeof requestShape>,
  person: z.infer<typeof patientShape>,
): Reading<IncomingFields> {
  const name = person.name[0]
  const given = name?.given?.join(' ') ?? null
  // Where only the whole name is known, it is kept as the name by which the person is called.
  const called = given ?? name?.text ?? name?.family ?? null
  if (called === null) return refusedAt('required', 'Patient.name', 'Say how the person is called.')
  const birthDate = person.birthDate === undefined ? null : parseDay(person.birthDate)
  if (person.birthDate !== undefined && birthDate === null)
    return refusedAt('value', 'Patient.birthDate', 'A whole day is expected here, as YYYY-MM-DD.')
  const reached = (system: string) =>
    (person.telecom ?? []).flatMap((each) => (each.system === system && each.value ? [each.value] : []))
  const address = person.address?.[0]
  const language = person.communication?.[0]?.language
  return ok({
    name: called,
    familyName: given === null ? null : (name?.family ?? null),
    birthDate,
    phones: reached('phone').slice(0, 5),
    email: reached('email')[0] ?? null,
    address: address ? (address.text ?? joined([...(address.line ?? []), address.postalCode, address.city])) : null,
    language: language?.coding?.[0]?.code ?? language?.text ?? null,
    reason: joined(textsOf(request.reasonCode)),
    needs: textsOf(request.orderDetail),
    words: textsOf(request.note),
    contact: request.requester?.display ?? null,
  })
}

function textsOf(list: readonly { readonly text?: string | undefined }[] = []): readonly string[] {
  return list.flatMap(({ text: one }) => (one === undefined ? [] : [one]))
}

function joined(parts: readonly (string | undefined)[]): string | null {
  const said = parts.filter((part) => part !== undefined)
  return said.length === 0 ? null : said.join(', ')
}

function refusedAt(code: Issue['code'], at: string, says: string) {
  return refused([{ code, at, says }] as const)
}
