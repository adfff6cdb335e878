// A question about places that names nobody: what is wanted, as codes, and what can be answered. Pure.

import type { CalendarDay } from '#platform/dates.ts'
import type { Id, OrganizationId, ServiceId, StaffId } from '#platform/ids.ts'

export type QuestionId = Id<'capacity_question'>

export const partsOfWeek = ['mornings', 'afternoons', 'evenings', 'weekends'] as const
export type PartOfWeek = (typeof partsOfWeek)[number]

/** What the place must have. Of whoever needs it, nothing. */
export const placeNeeds = ['interpreter', 'step_free', 'childcare', 'quiet_room', 'online', 'part_time'] as const
export type PlaceNeed = (typeof placeNeeds)[number]

export interface Wanted {
  readonly places: number
  /** Null: as soon as there is one. */
  readonly from: CalendarDay | null
  readonly hours: readonly PartOfWeek[]
  readonly needs: readonly PlaceNeed[]
  /** BCP 47: of the interpreter that is wanted. */
  readonly language: string | null
  readonly note: string | null
}

/** `places`: so many are free, none included, from a day on where one was named. */
export type CapacityAnswer =
  | { readonly kind: 'places'; readonly free: number; readonly startsOn: CalendarDay | null }
  | { readonly kind: 'ask_again'; readonly on: CalendarDay | null }
  | { readonly kind: 'not_taking' }

export interface CapacityQuestion {
  readonly id: QuestionId
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly serviceId: ServiceId
  readonly serviceName: string
  readonly askerName: string
  readonly wanted: Wanted
  readonly askedAt: Date
  readonly expiresAt: Date
  readonly answered: Answered | null
}

export interface Answered {
  readonly answer: CapacityAnswer
  readonly words: string | null
  readonly at: Date
  readonly by: 'partner' | 'staff'
  /** The partner, or the member of staff who was told it on the phone. */
  readonly name: string
}

/** Open: somebody may still answer it, and whoever wants to know the same joins it. */
export function isOpen({ answered, expiresAt }: Pick<CapacityQuestion, 'answered' | 'expiresAt'>, now: Date): boolean {
  return answered === null && expiresAt > now
}

/** How many places that leaves free: none where they are to be asked again, or take nobody. */
export function placesAfter(answer: CapacityAnswer): number {
  return answer.kind === 'places' ? answer.free : 0
}

/** One of those who want to know. */
export interface Asker {
  readonly questionId: QuestionId
  readonly staffId: StaffId
}
