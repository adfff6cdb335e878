// What a handler is given: who asks, in which network, at what time, in which language, inside one transaction.

import type { CalendarDay } from '../dates.ts'
import type { ActingRole, Db, StaffRole } from '../db/index.ts'
import type { MessageValues, Words } from '../i18n/index.ts'
import type { ClientId, ContactId, NetworkId, OrganizationId, SiteId, StaffId } from '../ids.ts'
import type { JobData } from '../jobs/queue.ts'
import type { FieldProblem } from './form.ts'

export interface Network {
  readonly id: NetworkId
  readonly slug: string
  readonly name: string
  readonly timeZone: string
  readonly locale: string
  readonly holidays: ReadonlySet<CalendarDay>
  readonly isDemo: boolean
}

/** A signed-in member of staff. */
export interface StaffActor {
  readonly kind: 'staff'
  readonly id: StaffId
  readonly name: string
  readonly roles: readonly StaffRole[]
  /** The sites where the person works. */
  readonly siteIds: readonly SiteId[]
  /** Those of them that the person manages. */
  readonly managedSiteIds: readonly SiteId[]
  readonly locale: string
  readonly sessionId: string
}

/** A signed-in contact of a partner. */
export interface PartnerActor {
  readonly kind: 'partner'
  readonly id: ContactId
  readonly name: string
  readonly organizationId: OrganizationId
  /** Looks after the team's accounts. */
  readonly isLead: boolean
  readonly locale: string
  readonly sessionId: string
}

/** Anyone else: the bearer of a link, a job, somebody at the door. */
export interface OtherActor {
  readonly kind: Exclude<ActingRole, 'staff' | 'partner'>
  readonly id: string | null
}

export interface Mail {
  /** Chosen by the feature: `referrals.sent`. It builds the words when the mail is sent. */
  readonly kind: string
  readonly to: string
  readonly locale: string
  /** Ids that the words are made from. Nothing personal, no secrets. */
  readonly ids: Readonly<Record<string, string>>
}

export interface AuditFacts {
  readonly clientId?: ClientId
  readonly subjectId?: string
  /** Codes and ids only. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

/** What every piece of work has, page or job: the transaction, the network, the clock, the words. */
export interface Work {
  readonly db: Db
  readonly network: Network
  readonly now: Date
  /** Today in the network's zone. */
  readonly today: CalendarDay
  /** Adds to the audit trail in this transaction. */
  record(action: string, facts?: AuditFacts): Promise<void>
  /** Saves a job with this transaction. */
  enqueue(name: string, ids: Omit<JobData, 'networkId'>, options?: { startAfter?: Date; key?: string }): Promise<void>
  /** Saves a mail with this transaction; gives its id. */
  mail(mail: Mail): Promise<string>
}

export interface Scene<Actor = StaffActor> extends Work {
  readonly actor: Actor
  readonly words: Words
  readonly locale: string
  /** The message as plain text. */
  t(key: string, values?: MessageValues): string
  /** A day in the reader's language: `long` 4 March 2026, `short` 4 Mar, `weekday` Wednesday 4 March 2026. */
  day(day: CalendarDay, style?: 'long' | 'short' | 'weekday'): string
  /** A moment in the reader's language and the network's (or the given) zone. */
  moment(moment: Date, options?: { timeZone?: string | null; style?: 'full' | 'time' }): string
  /** Problems as the macros want them. */
  problems(list: readonly FieldProblem[]): ShownProblems
}

export interface ShownProblems {
  readonly any: boolean
  /** For `govukErrorSummary`: each leads to its field. */
  readonly summary: readonly { readonly text: string; readonly href: string }[]
  /** For `errorMessage` of an input. */
  readonly byField: Readonly<Record<string, { readonly text: string } | undefined>>
}

export const noProblems: ShownProblems = { any: false, summary: [], byField: {} }
