// The partner's inbox: what needs an answer first, then what is due; a row says what is wanted and who looks after it.

import { dayIn, type CalendarDay } from '#platform/dates.ts'
import type { FieldProblem, PageModel, PartnerActor, Scene } from '#platform/http/index.ts'
import type { ReferralId, ServiceId } from '#platform/ids.ts'
import type { Contact } from '#partners/index.ts'
import { stateTag, type StateTag } from '../../pages/timeline.page.ts'
import { isEnded, type Referral, type ReferralState } from '../../referral.ts'
import { isNarrowed, queryOf, views, type InboxFilter, type View } from '../inbox-filter.ts'
import { mostExported, type InboxRow } from '../inbox.store.ts'
import { partnerSteps, type PartnerStep } from '../turn.ts'

export type InboxScene = Scene<PartnerActor>

export interface InboxListing {
  readonly filter: InboxFilter
  readonly rows: readonly InboxRow[]
  /** Messages of the adviser that nobody here has read, by referral. */
  readonly unread: ReadonlyMap<ReferralId, number>
  readonly hasMore: boolean
  readonly counts: Readonly<Record<View, number>>
  readonly services: readonly { readonly id: ServiceId; readonly name: string }[]
  /** Who may look after something: those of the own organisation who sign in. */
  readonly team: readonly Contact[]
  readonly problems: readonly FieldProblem[]
}

// messages: referrals.inbox.view.*
// messages: referrals.inbox.says.*
// messages: referrals.inbox.empty.*
// messages: referrals.inbox.wanted.*
// messages: referrals.inbox.state.*

export function inboxPage(scene: InboxScene, listing: InboxListing): PageModel {
  const { filter, rows, hasMore, counts } = listing
  const count = counts[filter.view]
  return {
    title: scene.t('referrals.inbox.title'),
    tabs: views.map((view) => ({
      href: `/inbox${queryOf({ ...filter, view, page: 1 })}`,
      key: 'referrals.inbox.tab',
      values: { view: scene.t(`referrals.inbox.view.${view}`), count: counts[view] },
      isCurrent: view === filter.view,
    })),
    says: scene.t(`referrals.inbox.says.${filter.view}`, { count }),
    ...filterFields(scene, listing),
    rows: rows.map((row) => ({ ...inboxRow(scene, row), unread: unreadText(scene, listing.unread.get(row.file.id)) })),
    mayChoose: rows.some(({ referral }) => !isEnded(referral.state)),
    empty: scene.t(`referrals.inbox.empty.${isNarrowed(filter) ? 'narrowed' : filter.view}`),
    clearHref: isNarrowed(filter) ? `/inbox${queryOf({ ...filter, ...everything })}` : null,
    page: filter.page,
    previous: filter.page > 1 ? `/inbox${queryOf({ ...filter, page: filter.page - 1 })}` : null,
    next: hasMore ? `/inbox${queryOf({ ...filter, page: filter.page + 1 })}` : null,
    exportHref: `/inbox/export.csv${queryOf({ ...filter, page: 1 })}`,
    exportLead: scene.t('referrals.inbox.export.lead', { count }),
    exportMost: count > mostExported ? scene.t('referrals.inbox.export.most', { most: mostExported }) : null,
    count,
    problems: scene.problems(listing.problems),
  }
}

const everything = { serviceId: null, assigned: 'anyone', words: '', page: 1 } as const

function filterFields(scene: InboxScene, { filter, services, team }: InboxListing) {
  const option = (chosen: string) => (value: string, text: string) => ({ value, text, selected: value === chosen })
  const service = option(filter.serviceId ?? '')
  const assigned = option(filter.assigned)
  return {
    view: filter.view,
    q: filter.words,
    hidden: hiddenOf(filter),
    services: [
      service('', scene.t('referrals.inbox.filter.any_service')),
      ...services.map(({ id, name }) => service(id, name)),
    ],
    assigned: [
      assigned('anyone', scene.t('referrals.inbox.filter.anyone')),
      assigned('me', scene.t('referrals.inbox.filter.me')),
      assigned('nobody', scene.t('referrals.inbox.filter.nobody')),
      ...team.filter(({ id }) => id !== scene.actor.id).map(({ id, name }) => assigned(id, name)),
    ],
  }
}

/** What leads back to the same list, as the fields of a form. */
export function hiddenOf(filter: InboxFilter): readonly { readonly name: string; readonly value: string }[] {
  return [...new URLSearchParams(queryOf(filter))].map(([name, value]) => ({ name, value }))
}

/** One referral in a list. The name is what was shared, as long as it is; else the reference stands for the person. */
/** How many messages of the adviser nobody here has read; null for none. */
function unreadText(scene: InboxScene, count: number | undefined): string | null {
  return count === undefined ? null : scene.t('referrals.conversation.unread_count', { count })
}

export function inboxRow(scene: InboxScene, row: InboxRow) {
  const { file, referral, sharedName, assignedTo } = row
  const wanted = wantedOf(row, scene.today)
  return {
    id: file.id,
    href: `/inbox/${file.id}`,
    reference: file.reference,
    name: sharedName,
    service: file.serviceName,
    state: ownStateTag(scene, referral.state),
    isNew: isUnopened(referral),
    isOpen: !isEnded(referral.state),
    wanted: wanted && wantedSentence(scene, referral, wanted),
    isWanted: isOurs(wanted),
    due: isOurs(wanted) ? dueOf(scene, row) : null,
    isLate: isLate(row, scene.today),
    assigned: {
      key: assignedKey(scene, assignedTo),
      values: { name: assignedTo?.name ?? '' },
    },
    received: scene.t('referrals.inbox.row.received', { day: scene.day(dayIn(scene.network.timeZone, row.sentAt)) }),
    from: { key: 'referrals.inbox.row.from', values: { name: row.senderName } },
  }
}

/** The state in the partner's words: what the adviser calls sent is here to be answered. */
export function ownStateTag(scene: InboxScene, state: ReferralState): StateTag {
  return { ...stateTag(scene, state), text: ownStateWord(scene, state) }
}

export function ownStateWord(scene: InboxScene, state: ReferralState): string {
  const isOwnWord = state === 'sent' || state === 'more_information_asked'
  return scene.t(isOwnWord ? `referrals.inbox.state.${state}` : `referrals.state.${state}`)
}

/** Nobody at the partner has opened it, and it still waits for the first answer. */
export function isUnopened({ state, openedAt }: Pick<Referral, 'state' | 'openedAt'>): boolean {
  return state === 'sent' && openedAt === null
}

function assignedKey({ actor }: InboxScene, assignedTo: InboxRow['assignedTo']): string {
  if (assignedTo === null) return 'referrals.inbox.row.unassigned'
  return assignedTo.id === actor.id ? 'referrals.inbox.row.assigned_me' : 'referrals.inbox.row.assigned'
}

type Wanted = PartnerStep | 'adviser' | 'attend' | 'wait' | 'go_on'

/** What a row says: what is wanted of the partner, or what is being waited for; null once it has ended. */
function wantedOf({ referral, turnOn }: InboxRow, today: CalendarDay): Wanted | null {
  if (isEnded(referral.state)) return null
  if (turnOn === null) return 'adviser'
  const isTurn = turnOn <= today
  switch (referral.state) {
    case 'waiting_list':
      return isTurn ? 'offer_start' : 'wait'
    case 'accepted':
      return referral.appointment === null ? 'name_appointment' : isTurn ? 'report_attendance' : 'attend'
    case 'under_way':
      return isTurn ? 'report_end' : 'go_on'
    default:
      return 'answer'
  }
}

function isOurs(wanted: Wanted | null): boolean {
  return partnerSteps.some((step) => step === wanted)
}

function wantedSentence(scene: InboxScene, { appointment, expectedOn }: Referral, wanted: Wanted): string {
  const day = wanted === 'wait' ? expectedOn : (appointment?.day ?? null)
  const values = { day: day === null ? '' : scene.day(day), hasDay: day === null ? 'no' : 'yes' }
  return scene.t(`referrals.inbox.wanted.${wanted}`, values)
}

function isLate({ dueOn }: InboxRow, today: CalendarDay): boolean {
  return dueOn !== null && dueOn < today
}

function dueOf(scene: InboxScene, row: InboxRow): string | null {
  if (row.dueOn === null) return null
  const key = isLate(row, scene.today) ? 'referrals.inbox.due.late' : 'referrals.inbox.due.by'
  return scene.t(key, { day: scene.day(row.dueOn, 'short') })
}
