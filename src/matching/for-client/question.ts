// "This is not right" and "please look again": what a client asks of a recommendation, how long it may wait, and its end. Pure.

import { addWorkingDays, dayIn, momentIn, type Holidays } from '#platform/dates.ts'
import type { ClientId, Id, RecommendationId, SiteId, StaffId } from '#platform/ids.ts'

export const questionKinds = ['correction', 'look_again'] as const
export type QuestionKind = (typeof questionKinds)[number]

export type QuestionId = Id<'client_question'>

/** How a question may end: a correction is made or the fact stays as it is; a second look ends with what was found. */
export const answersOf = { correction: ['corrected', 'kept'], look_again: ['looked_again'] } as const
export type AnswerCode = (typeof answersOf)[QuestionKind][number]

export interface ClientQuestion {
  readonly id: QuestionId
  readonly recommendationId: RecommendationId
  readonly clientId: ClientId
  readonly kind: QuestionKind
  /** The code of the fact that is not right; null where it is another. */
  readonly fact: string | null
  readonly words: string
  readonly askedAt: Date
  readonly answer: { readonly code: AnswerCode; readonly words: string | null; readonly at: Date } | null
}

/** A client is answered within a week's work; after that whoever manages the site sees it too. */
const workingDays = 5

/** By when the adviser must have answered. */
export function answerDue(
  { askedAt }: Pick<ClientQuestion, 'askedAt'>,
  { timeZone, holidays }: { readonly timeZone: string; readonly holidays: Holidays },
): Date {
  return momentIn(timeZone, addWorkingDays(dayIn(timeZone, askedAt), workingDays, holidays), '17:00')
}

export interface Asker {
  readonly id: StaffId
  readonly siteIds: readonly SiteId[]
  readonly managedSiteIds: readonly SiteId[]
  /** Who still works here. */
  readonly colleagues: ReadonlySet<StaffId>
}

/** Whether the question stands on this person's day: the client's adviser, anybody at the site of a client whom nobody looks
 *  after, and from its due time on whoever manages the site. */
export function isTheirs(
  client: { readonly adviserId: StaffId | null; readonly siteId: SiteId },
  asker: Asker,
  isLate: boolean,
): boolean {
  if (client.adviserId === asker.id) return true
  if (isLate && asker.managedSiteIds.includes(client.siteId)) return true
  const isNobodys = client.adviserId === null || !asker.colleagues.has(client.adviserId)
  return isNobodys && [...asker.siteIds, ...asker.managedSiteIds].includes(client.siteId)
}
