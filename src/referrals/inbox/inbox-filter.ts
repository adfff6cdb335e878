// Which referrals a partner looks at: a tab, and what narrows it. It stands in the address, so that a page can be kept and sent.

import { parseId, type ContactId, type ServiceId } from '#platform/ids.ts'

export const views = ['needs_us', 'waiting', 'under_way', 'ended', 'all'] as const
export type View = (typeof views)[number]

export type Assigned = 'anyone' | 'me' | 'nobody' | ContactId

export interface InboxFilter {
  readonly view: View
  /** Null: every service. */
  readonly serviceId: ServiceId | null
  readonly assigned: Assigned
  /** A part of the reference or of the name as shared; empty for all. */
  readonly words: string
  /** From 1. */
  readonly page: number
}

const longestWords = 100
/** Further than this nobody turns pages: they search. */
const lastPage = 10_000

type Query = Readonly<Record<string, unknown>>

/** Reads an address. What is not understood is left out, so that an old or cut address still shows something. */
export function readInboxFilter(query: Query): InboxFilter {
  const text = (name: string) => {
    const value = query[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const page = Number(text('page'))
  return {
    view: views.find((view) => view === text('view')) ?? 'needs_us',
    serviceId: parseId<'service'>(text('service')),
    assigned: assignedOf(text('assigned')),
    words: text('q').normalize('NFC').slice(0, longestWords),
    page: Number.isInteger(page) && page >= 1 && page <= lastPage ? page : 1,
  }
}

/** The address's query of a filter; what is usual is left out. */
export function queryOf({ view, serviceId, assigned, words, page }: InboxFilter): string {
  const parts = new URLSearchParams()
  if (view !== 'needs_us') parts.set('view', view)
  if (serviceId !== null) parts.set('service', serviceId)
  if (assigned !== 'anyone') parts.set('assigned', assigned)
  if (words !== '') parts.set('q', words)
  if (page > 1) parts.set('page', String(page))
  const query = parts.toString()
  return query === '' ? '' : `?${query}`
}

/** Whether anything but the tab narrows the list. */
export function isNarrowed({ serviceId, assigned, words }: InboxFilter): boolean {
  return serviceId !== null || assigned !== 'anyone' || words !== ''
}

function assignedOf(text: string): Assigned {
  if (text === 'me' || text === 'nobody') return text
  return parseId<'contact'>(text) ?? 'anyone'
}
