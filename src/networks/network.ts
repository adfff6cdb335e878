// What a network and its sites are.

import { z } from 'zod'
import type { CalendarDay } from '#platform/dates.ts'
import type { SiteId } from '#platform/ids.ts'

export const siteKinds = ['centre', 'satellite', 'outreach', 'partner_room', 'phone', 'online'] as const

export type SiteKind = (typeof siteKinds)[number]

/** A door: where or how people come in. */
export interface Site {
  readonly id: SiteId
  readonly name: string
  readonly kind: SiteKind
  readonly address: string | null
  /** Degrees, WGS 84. */
  readonly position: { readonly latitude: number; readonly longitude: number } | null
  /** Where it differs from the network's. */
  readonly timeZone: string | null
  readonly isActive: boolean
}

export interface NewNetwork {
  readonly slug: string
  readonly name: string
  readonly timeZone: string
  readonly locale: string
  readonly holidays: readonly CalendarDay[]
  readonly isDemo: boolean
}

/** What `network create` is given: the slug goes into addresses. */
export const newNetworkShape = z.object({
  slug: z.string().regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, 'a slug has 3 to 40 small letters, digits and dashes'),
  name: z.string().trim().min(2, 'a name has at least 2 characters').max(120, 'a name has at most 120 characters'),
  timeZone: z.string().refine(isTimeZone, 'a time zone is named as in Europe/Zurich'),
  locale: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'a language is named as in en or fr-CA'),
})

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
