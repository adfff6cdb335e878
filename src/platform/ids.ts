// Ids are UUIDv7 made by the application; people say a short reference aloud instead.

import { randomBytes, randomInt } from 'node:crypto'

/** A UUID that names one kind of thing: an `Id<'client'>` is not accepted where an `Id<'service'>` is wanted. */
export type Id<Kind extends string> = string & { readonly __kind: Kind }

export type NetworkId = Id<'network'>
export type SiteId = Id<'site'>
export type StaffId = Id<'staff'>
export type ClientId = Id<'client'>
export type ContactId = Id<'contact'>
export type OrganizationId = Id<'organization'>
export type ServiceId = Id<'service'>
export type LocationId = Id<'location'>
export type AssessmentId = Id<'assessment'>
export type RecommendationId = Id<'recommendation'>
export type ReferralId = Id<'referral'>
export type EpisodeId = Id<'episode'>

/** A new UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then chance, so that new rows lie together. */
export function newId<Kind extends string>(now: number = Date.now()): Id<Kind> {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Kind>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The id in lower case, or null when the text is no UUID. Says nothing about whether such a thing exists. */
export function parseId<Kind extends string>(text: unknown): Id<Kind> | null {
  return typeof text === 'string' && uuid.test(text) ? (text.toLowerCase() as Id<Kind>) : null
}

// Without letters and digits that are mistaken for one another aloud or on paper: no 0 O 1 I L U V 5 S 2 Z 8 B.
const spoken = '34679ACDEFGHJKMNPQRTWXY'

/** A short reference to say aloud, `R-7K3F-6Q`: 23^6, about 148 million; unique in a network by its index. */
export function newReference(prefix: string): string {
  const letters = Array.from({ length: 6 }, () => spoken[randomInt(spoken.length)]).join('')
  return `${prefix}-${letters.slice(0, 4)}-${letters.slice(4)}`
}
