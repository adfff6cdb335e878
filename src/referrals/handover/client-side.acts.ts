// What a client sees of their own referral by their link, and what they may do: say that they cannot come, write, stop, take
// back their consent. As `waypost_client`: this referral of theirs and nothing else.

import type { OtherActor, Scene, Work } from '#platform/http/index.ts'
import { changeScope } from '#platform/db/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import type { Result } from '#platform/result.ts'
import type { MessageTopic, ReferralActor, ReferralEventId, ReportedEvent } from '../event.ts'
import { conversationOf, markSeen } from '../conversation/referral-messages.store.ts'
import type { ClientDeclineReason, EarlyEndReason } from '../reason.ts'
import { isEnded, rules, type Referral, type ReferralProblem, type ReferralState } from '../referral.ts'
import { actOn } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { withdrawSharing } from '../sharing/sharing.acts.ts'
import { appointmentEvent, calendarEntryOf, isAhead } from './appointment.ts'
import { writeCalendar } from './appointment.calendar.ts'
import { calendarOfGuest } from './calendar.scene.ts'
import { markOpened, type ClientLink } from './client-links.store.ts'
import { noWords, wordsBeside } from './handover.store.ts'
import { letterOf, letterText, type ClientLetter } from './letter.ts'

type ClientScene = Scene<OtherActor>

export const clientStoppedJob = 'referrals.client_stopped'

/** Why a client stops, in their own words; each is a reason of the machine, before and after the partner said yes. */
export const stopReasons = ['found_work', 'changed_mind', 'hours', 'too_far', 'other'] as const
export type StopReason = (typeof stopReasons)[number]

const asDecline: Readonly<Record<StopReason, ClientDeclineReason>> = {
  found_work: 'found_work',
  changed_mind: 'changed_mind',
  hours: 'hours_do_not_suit',
  too_far: 'too_far',
  other: 'client_other',
}
const asEnd: Readonly<Record<StopReason, EarlyEndReason>> = {
  found_work: 'found_work_early',
  changed_mind: 'end_other',
  hours: 'not_suitable',
  too_far: 'not_suitable',
  other: 'end_other',
}

export interface ClientView {
  readonly reference: string
  readonly serviceName: string
  readonly partnerName: string
  readonly adviserName: string
  readonly adviserEmail: string
  readonly siteName: string
  readonly state: ReferralState
  readonly hasEnded: boolean
  readonly isWithdrawn: boolean
  /** The appointment that stands; null where there is none. */
  readonly letter: ClientLetter | null
  /** The same as a text to keep, with the address of their page in it. */
  readonly letterText: string | null
  readonly isAhead: boolean
  /** Its time has passed, and nobody has said yet whether they were there. */
  readonly mayHaveMissed: boolean
  /** They have said that they cannot come, or were missed: another is being agreed. */
  readonly isBeingMoved: boolean
  /** What the partner can see of them, field by field; null once consent is taken back. */
  readonly shared: readonly { readonly field: string; readonly lines: readonly string[] }[] | null
  readonly messages: readonly { readonly words: string; readonly isOwn: boolean; readonly when: string }[]
  readonly mayStop: boolean
}

/** Everything that the client's pages show. Undefined where the referral is no longer theirs to see. */
export async function clientView(
  scene: ClientScene,
  link: ClientLink,
  address: string,
): Promise<{ readonly kept: KeptReferral; readonly view: ClientView } | undefined> {
  const kept = await findReferral(scene.db, link.referralId)
  if (!kept) return undefined
  const { file, referral } = kept
  const share = await findShare(scene.db, file.id)
  const from = { adviserName: share?.senderName ?? '', siteName: share?.siteName }
  // On their own page they need not be told where it is.
  const letter = await ownLetter(scene, kept, { ...from, address: null })
  const toKeep = await ownLetter(scene, kept, { ...from, address })
  const messages = await conversationOf(scene.db, file.id, 'client')
  const { appointment } = referral
  const standsAhead = appointment !== null && letter !== null && isAhead(appointment, scene.network.timeZone, scene.now)
  const isBeingMoved = referral.missedAppointment && !isEnded(referral.state)
  const view = {
    reference: file.reference,
    serviceName: file.serviceName,
    partnerName: file.organizationName,
    adviserName: share?.senderName ?? '',
    adviserEmail: share?.senderEmail ?? '',
    siteName: share?.siteName ?? scene.network.name,
    state: referral.state,
    hasEnded: isEnded(referral.state),
    isWithdrawn: share?.entries === null,
    letter,
    // Windows reads it as UTF-8 only with the mark.
    letterText: toKeep && `\uFEFF${letterText(toKeep)}`,
    isAhead: standsAhead,
    mayHaveMissed: letter !== null && !standsAhead && !isBeingMoved && !isEnded(referral.state) && !cameSince(referral),
    isBeingMoved,
    shared: share?.entries ?? null,
    messages: messages.map(({ words, from, at }) => ({ words, isOwn: from === 'client', when: scene.moment(at) })),
    mayStop: rules[stoppingKind(referral.state)].from.includes(referral.state),
  }
  return { kept, view }
}

/** They have pressed "Show": remembered once, with its trace. */
export async function openAsClient(scene: ClientScene, link: ClientLink): Promise<void> {
  await markOpened(scene.db, link.id, scene.now)
  await scene.record('referrals.client_opened', { clientId: link.clientId, subjectId: link.referralId })
}

/** They have read what was written to them. */
export async function readAsClient(scene: ClientScene, link: ClientLink): Promise<void> {
  await markSeen(scene.db, link.referralId, 'client', scene.now)
}

interface Saying {
  /** Drawn with the form: sent twice it is one. */
  readonly event: ReferralEventId
  readonly words: string | null
}

/** They cannot come, or were not there: their adviser hears of it and agrees another time. */
export function sayMissing(work: Work, link: ClientLink, { event, words, about }: Saying & { about: MessageTopic }) {
  return act(work, link, { kind: 'message', about, ...by(link, event) }, words)
}

/** They write to their adviser. */
export function writeAsClient(work: Work, link: ClientLink, { event, words }: Saying) {
  return act(work, link, { kind: 'message', ...by(link, event) }, words)
}

/** They do not want this any more: a no before it began, an end afterwards. The partner hears of it by its link. */
export async function stopAsClient(
  work: Work,
  link: ClientLink,
  { event, words, reason }: Saying & { readonly reason: StopReason },
): Promise<Result<KeptReferral, ReferralProblem>> {
  const kept = await findReferral(work.db, link.referralId)
  if (!kept) throw new Error('There is no such referral for this client.')
  const done = await act(work, link, { ...stopping(kept.referral.state, reason, work), ...by(link, event) }, words)
  if (done.ok) await work.enqueue(clientStoppedJob, { referralId: link.referralId })
  return done
}

/** They take back their consent: at once nobody at the partner sees anything of them. The consent stands in their file, which a
 *  client's link may not touch: from here on the transaction acts as the system does, on their word. */
export async function withdrawAsClient(work: Work, link: ClientLink): Promise<void> {
  await changeScope(work.db, { role: 'job', networkId: link.networkId })
  await withdrawSharing(work, link.referralId, {
    actor: actorOf(link),
    channel: 'link',
    hand: { networkId: link.networkId, staffId: null, now: work.now },
    how: 'online',
    toldBy: 'client',
  })
  await work.record('referrals.client_withdrew', { clientId: link.clientId, subjectId: link.referralId })
}

/** The calendar file of their appointment; null where none stands. */
export async function clientCalendar(scene: ClientScene, kept: KeptReferral, address: string): Promise<string | null> {
  const appointment = await calendarOfGuest(scene, kept, { audience: 'client', address })
  return appointment && writeCalendar(appointment, 'PUBLISH')
}

async function ownLetter(
  scene: ClientScene,
  { file, referral }: KeptReferral,
  from: { readonly address: string | null; readonly adviserName: string; readonly siteName: string | undefined },
): Promise<ClientLetter | null> {
  const entry = calendarEntryOf(referral)
  if (entry === null || entry.isCancelled) return null
  const event = appointmentEvent(referral)
  const { language } = entry.appointment.interpreter
  return letterOf(scene, {
    reference: file.reference,
    clientName: '',
    networkName: scene.network.name,
    siteName: from.siteName ?? scene.network.name,
    adviserName: from.adviserName,
    serviceName: file.serviceName,
    partnerName: file.organizationName,
    appointment: entry.appointment,
    networkZone: scene.network.timeZone,
    beside: event ? await wordsBeside(scene.db, event.id) : noWords,
    address: from.address,
    languageName: language && nameOfLanguage(language, scene.locale),
  })
}

/** Whether somebody has reported that they came on the day of the appointment or later. */
function cameSince({ appointment, events, corrected }: Referral): boolean {
  return events.some(
    (event) =>
      event.kind === 'attended' && !corrected.has(event.id) && appointment !== null && event.on >= appointment.day,
  )
}

function act(work: Work, link: ClientLink, event: ReportedEvent, words: string | null) {
  return actOn(work, link.referralId, event, { words, audience: 'client' })
}

function by(link: ClientLink, id: ReferralEventId) {
  return { id, actor: actorOf(link), channel: 'link' } as const
}

// Their name stands in their file, not in the history of a referral.
function actorOf({ clientId }: ClientLink): ReferralActor {
  return { kind: 'client', id: clientId, name: '' }
}

function stoppingKind(state: ReferralState): 'declined' | 'ended_early' {
  return state === 'accepted' || state === 'under_way' ? 'ended_early' : 'declined'
}

function stopping(state: ReferralState, reason: StopReason, { today }: Pick<Work, 'today'>) {
  return stoppingKind(state) === 'declined'
    ? ({ kind: 'declined', by: 'client', reason: asDecline[reason] } as const)
    : ({ kind: 'ended_early', on: today, reason: asEnd[reason] } as const)
}
