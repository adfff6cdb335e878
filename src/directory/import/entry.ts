// What the directory keeps of an organisation: columns for searching and matching, and the rows whole.

import type { CalendarDay } from '#platform/dates.ts'
import type { AccessibilityCode } from '../accessibility.ts'
import type { TableName } from '../hsds.ts'
import type { Opening } from '../opening.ts'
import type { ServiceType } from '../service-type.ts'
import type { Values } from './row.ts'

/** A row as the source gave it (ids made UUIDs), with the rows that hang on it. */
export interface Kept {
  readonly row: Values
  readonly children: Partial<Record<TableName, Values[]>>
}

export interface Known {
  /** What the source calls it. */
  readonly sourceId: string
  readonly exchangeId: string
  readonly hsds: Kept
}

export interface OrganizationEntry extends Known {
  readonly name: string
  readonly alternateName: string | null
  readonly description: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly website: string | null
  readonly locations: readonly LocationEntry[]
  readonly services: readonly ServiceEntry[]
  readonly links: readonly LinkEntry[]
  readonly openings: readonly EntryOpening[]
}

export interface LocationEntry extends Known {
  readonly contentHash: string
  readonly name: string | null
  readonly kind: string
  readonly address: string | null
  readonly city: string | null
  readonly postalCode: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly transport: string | null
  readonly accessibility: readonly AccessibilityCode[]
  readonly languages: readonly string[]
}

export interface ServiceEntry extends Known {
  readonly contentHash: string
  readonly name: string
  readonly alternateName: string | null
  readonly description: string | null
  readonly serviceType: ServiceType | null
  readonly status: string
  readonly languages: readonly string[]
  readonly interpretation: string | null
  readonly email: string | null
  readonly url: string | null
  readonly phone: string | null
  readonly fees: string | null
  readonly costCents: number | null
  readonly currency: string | null
  readonly eligibility: string | null
  readonly minimumAge: number | null
  readonly maximumAge: number | null
  readonly areas: readonly string[]
  readonly documents: readonly string[]
  readonly keywords: string
  readonly placesFree: number | null
  /** ISO moment. */
  readonly placesAsOf: string | null
  readonly assuredOn: CalendarDay | null
  readonly sourceChangedOn: CalendarDay | null
}

/** A service at a location, which may be another organisation's: ids are exchange ids. */
export interface LinkEntry extends Known {
  readonly service: string
  readonly location: string
  readonly file: string
  readonly line: number
}

/** Of a service, of a location, or of a service there: exchange ids. */
export interface EntryOpening extends Opening {
  readonly service: string | null
  readonly location: string | null
}

/** Two accounts of one thing that differ. */
export interface Contradiction {
  readonly file: string
  readonly line: number
  readonly field: string
  readonly value: string
}

export type ExchangeId = (table: TableName, sourceId: string) => string

export interface EntryTools {
  readonly exchangeId: ExchangeId
  /** Tells two contents apart. */
  readonly digestOf: (value: unknown) => string
}
