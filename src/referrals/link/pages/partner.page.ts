// What a partner sees from the link: the door with one button, the referral, one question a page, and a calm page when the
// link is dead. Before the button nothing personal; after the end nothing personal any more.

import type { CalendarDay } from '#platform/dates.ts'
import {
  textOf,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type PageModel,
  type Panel,
  type Scene,
} from '#platform/http/index.ts'
import { openActs, type PartnerAct } from '../../act.ts'
import { correctableEvent, isClosed, type Referral, type ReferralState } from '../../referral.ts'
import { labelled } from '../../sharing/pages/sharing.page.ts'
import type { Share } from '../../sharing/referral-shares.store.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import type { ReferralLink } from '../referral-links.store.ts'
import { maskedAddress, renewalLimits } from '../renewal.ts'
import { dayParts, type AnyScene } from '../../pages/act.page.ts'
import { meetingLines } from '../../handover/pages/meeting-lines.ts'
import { appointmentLine, showsPerson, type Line } from '../../pages/timeline.page.ts'

type LinkScene = Scene<OtherActor>

// messages: referrals.partner.*
// messages: referrals.stands.*

export function doorPage(scene: LinkScene, { file }: KeptReferral): PageModel {
  return { title: scene.t('referrals.partner.door_title'), reference: file.reference, networkName: scene.network.name }
}

const noWayOn = { reference: null, contact: null, renewal: null }

export function unknownLinkPage(scene: LinkScene): PageModel {
  return { title: scene.t('referrals.partner.dead_title'), says: scene.t('referrals.partner.unknown'), ...noWayOn }
}

/** Somebody tries addresses. Whoever holds a link that works never comes here. */
export function tooManyGuessesPage(scene: LinkScene): PageModel {
  return { title: scene.t('referrals.partner.dead_title'), says: scene.t('referrals.link.too_many'), ...noWayOn }
}

/** `renewal`: where a code may renew the link, and whom it goes to. */
export function deadLinkPage(
  scene: LinkScene,
  {
    reference,
    share,
    renewal,
  }: { reference: string; share: Share | undefined; renewal: { recipient: string; token: string } | null },
): PageModel {
  return {
    title: scene.t('referrals.partner.dead_title'),
    says: scene.t(renewal ? 'referrals.link.expired' : 'referrals.partner.dead'),
    reference,
    renewal: renewal && {
      key: 'referrals.link.renew_hint',
      values: { address: maskedAddress(renewal.recipient) },
      href: `/r/${renewal.token}/renew`,
    },
    contact: share ? contactOf(share) : null,
  }
}

export function codePage(
  scene: LinkScene,
  at: { reference: string; link: ReferralLink; token: string; problems: readonly FieldProblem[] },
): PageModel {
  return {
    title: scene.t('referrals.link.code_title'),
    reference: at.reference,
    lead: {
      key: 'referrals.link.code_lead',
      values: { address: maskedAddress(at.link.recipient), minutes: renewalLimits.codeMinutes },
    },
    again: `/r/${at.token}`,
    problems: scene.problems(at.problems),
  }
}

export interface PartnerReferralOptions {
  readonly kept: KeptReferral
  readonly share: Share | undefined
  /** The conversation and the files. */
  readonly panels: readonly Panel[]
  /** What the addresses of acts and places begin with: the link, or the referral in the inbox. */
  readonly base: string
  readonly clash: Line | null
  readonly eventId: string
  /** Another one: the form that undoes is not the form that answers. */
  readonly undoId: string
}

/** The question that is open, as buttons; the first is the likeliest answer. */
const mainActs: Readonly<Partial<Record<ReferralState, readonly PartnerAct[]>>> = {
  sent: ['accept', 'wait', 'ask', 'decline'],
  more_information_asked: ['accept', 'wait', 'decline'],
  waiting_list: ['accept', 'ask', 'decline'],
  under_way: ['completed', 'ended-early', 'missed', 'appointment'],
}

export function partnerReferralPage(scene: AnyScene, options: PartnerReferralOptions): PageModel {
  const { kept, share, base, clash, eventId, undoId } = options
  const { file, referral } = kept
  const open = openActs(referral, 'partner')
  const acts = mainActsOf(referral, scene.today).filter((act) => open.includes(act))
  const isShown = showsPerson(referral) && share !== undefined && share.entries !== null
  return {
    title: scene.t('referrals.page.title', { reference: file.reference }),
    reference: file.reference,
    serviceName: file.serviceName,
    clash,
    stands: standsSentence(scene, kept),
    question: acts.length > 0 ? scene.t(`referrals.partner.question_${referral.state}`) : null,
    acts: acts.map((act) => ({
      href: `${base}/${act}`,
      text: scene.t(tapOf(act, referral)),
      // Yes is one tap; whatever needs a reason or a day opens its question.
      isTap: act === 'accept',
    })),
    isShown,
    entries: isShown ? labelled(scene, share.entries ?? []) : [],
    hidden: isShown
      ? null
      : scene.t(share?.withdrawnAt ? 'referrals.partner.withdrawn_consent' : 'referrals.partner.over'),
    panels: isShown ? options.panels : [],
    sender: share ? contactOf(share) : null,
    appointment: referral.appointment && showsPerson(referral) ? appointmentLine(scene, referral.appointment) : null,
    meeting: referral.appointment ? meetingLines(scene, referral.appointment, share?.senderName ?? '') : [],
    calendarHref: `${base}/appointment.ics`,
    placesHref: `${base}/places`,
    undo: undoOf(scene, referral, { base, event: undoId }),
    eventId,
  }
}

/** Until the day of the first meeting, that day is what can be said; from then on, whether they came. */
function mainActsOf(referral: Referral, today: CalendarDay): readonly PartnerAct[] {
  if (referral.state !== 'accepted') return mainActs[referral.state] ?? []
  return referral.appointment === null || referral.appointment.day > today
    ? ['appointment', 'attended', 'missed', 'ended-early']
    : ['attended', 'missed', 'appointment', 'ended-early']
}

function tapOf(act: PartnerAct, referral: Referral): string {
  const isChange = act === 'appointment' && referral.appointment !== null
  return isChange ? 'referrals.act.appointment.change' : `referrals.act.${act}.tap`
}

export function placesPage(
  scene: AnyScene,
  {
    serviceName,
    back,
    share,
    body,
    problems,
  }: {
    serviceName: string
    back: string
    /** Of the referral that they come from; left out where it is about the service alone. */
    share?: Share | undefined
    body: FormBody
    problems: readonly FieldProblem[]
  },
): PageModel {
  return {
    title: scene.t('referrals.places.title'),
    serviceName,
    places: textOf(body, 'places'),
    parts: dayParts(scene, body, 'start'),
    sender: share ? contactOf(share) : null,
    back,
    problems: scene.problems(problems),
  }
}

/** The last answer, while it can still be taken back by the partner. */
function undoOf(scene: AnyScene, referral: Referral, { base, event }: { base: string; event: string }) {
  const last = correctableEvent(referral, 'partner')
  if (last === null || isClosed(referral)) return null
  const text = scene.t('referrals.undo', { event: scene.t(`referrals.state.${referral.state}`) })
  return { href: `${base}/undo`, corrects: last.id, event, text }
}

function standsSentence(scene: AnyScene, { referral }: KeptReferral): string {
  const expected = referral.expectedOn === null ? '' : scene.day(referral.expectedOn)
  return scene.t(`referrals.stands.${referral.state}`, {
    expected,
    hasExpected: expected === '' ? 'no' : 'yes',
    hasAppointment: referral.appointment === null ? 'no' : 'yes',
  })
}

/** Whom a partner asks about a referral. */
export function contactOf(share: Share) {
  return { name: share.senderName, email: share.senderEmail, site: share.siteName }
}
