// What a partner sees from the link: the door with one button, the referral, one question a page, and a calm page when the
// link is dead. Before the button nothing personal; after the end nothing personal any more.

import {
  textOf,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type PageModel,
  type Scene,
} from '#platform/http/index.ts'
import { openActs, type PartnerAct } from '../../act.ts'
import type { ReferralState } from '../../referral.ts'
import type { ReferralMessage } from '../../conversation/referral-messages.store.ts'
import type { Share } from '../../sharing/referral-shares.store.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { dayParts } from '../../pages/act.page.ts'
import { appointmentLine, showsPerson, type Line } from '../../pages/timeline.page.ts'

type LinkScene = Scene<OtherActor>

// messages: referrals.partner.*
// messages: referrals.stands.*
// messages: clients.shared.*

export function doorPage(scene: LinkScene, { file }: KeptReferral): PageModel {
  return { title: scene.t('referrals.partner.door_title'), reference: file.reference, networkName: scene.network.name }
}

export function unknownLinkPage(scene: LinkScene): PageModel {
  return {
    title: scene.t('referrals.partner.dead_title'),
    says: scene.t('referrals.partner.unknown'),
    reference: null,
    contact: null,
  }
}

export function deadLinkPage(
  scene: LinkScene,
  { reference, share }: { reference: string; share: Share | undefined },
): PageModel {
  return {
    title: scene.t('referrals.partner.dead_title'),
    says: scene.t('referrals.partner.dead'),
    reference,
    contact: share ? contactOf(share) : null,
  }
}

export interface PartnerReferralOptions {
  readonly kept: KeptReferral
  readonly share: Share | undefined
  readonly messages: readonly ReferralMessage[]
  readonly token: string
  readonly clash: Line | null
  readonly eventId: string
}

/** The question that is open, as buttons; the first is the likeliest answer. */
const mainActs: Readonly<Partial<Record<ReferralState, readonly PartnerAct[]>>> = {
  sent: ['accept', 'wait', 'ask', 'decline'],
  more_information_asked: ['accept', 'wait', 'decline'],
  waiting_list: ['accept', 'ask', 'decline'],
  accepted: ['attended', 'missed', 'appointment', 'ended-early'],
  under_way: ['completed', 'ended-early', 'missed', 'appointment'],
}

export function partnerReferralPage(scene: LinkScene, options: PartnerReferralOptions): PageModel {
  const { kept, share, messages, token, clash, eventId } = options
  const { file, referral } = kept
  const open = openActs(referral, 'partner')
  const acts = (mainActs[referral.state] ?? []).filter((act) => open.includes(act))
  const isShown = showsPerson(referral) && share !== undefined && share.entries !== null
  return {
    title: scene.t('referrals.page.title', { reference: file.reference }),
    reference: file.reference,
    serviceName: file.serviceName,
    clash,
    stands: standsSentence(scene, kept),
    question: acts.length > 0 ? scene.t(`referrals.partner.question_${referral.state}`) : null,
    acts: acts.map((act) => ({
      href: `/r/${token}/${act}`,
      text: scene.t(`referrals.act.${act}.tap`),
      // Yes is one tap; whatever needs a reason or a day opens its question.
      isTap: act === 'accept',
    })),
    entries: isShown
      ? (share.entries ?? []).map((entry) => ({
          label: scene.t(`clients.shared.${entry.field}`),
          lines: entry.lines,
        }))
      : [],
    hidden: isShown
      ? null
      : scene.t(share?.withdrawnAt ? 'referrals.partner.withdrawn_consent' : 'referrals.partner.over'),
    messages: isShown
      ? messages.map((message) => ({
          words: message.words,
          isOwn: message.from === 'partner',
          from: share?.senderName ?? '',
        }))
      : [],
    sender: share ? contactOf(share) : null,
    appointment: referral.appointment && showsPerson(referral) ? appointmentLine(scene, referral.appointment) : null,
    placesHref: `/r/${token}/places`,
    messageHref: `/r/${token}/message`,
    mayWrite: showsPerson(referral),
    eventId,
  }
}

export function placesPage(
  scene: LinkScene,
  {
    kept,
    token,
    body,
    problems,
  }: { kept: KeptReferral; token: string; body: FormBody; problems: readonly FieldProblem[] },
): PageModel {
  return {
    title: scene.t('referrals.places.title'),
    serviceName: kept.file.serviceName,
    places: textOf(body, 'places'),
    parts: dayParts(scene, body, 'start'),
    back: `/r/${token}/referral`,
    problems: scene.problems(problems),
  }
}

function standsSentence(scene: LinkScene, { referral }: KeptReferral): string {
  const expected = referral.expectedOn === null ? '' : scene.day(referral.expectedOn)
  return scene.t(`referrals.stands.${referral.state}`, { expected, hasExpected: expected === '' ? 'no' : 'yes' })
}

function contactOf(share: Share) {
  return { name: share.senderName, email: share.senderEmail, site: share.siteName }
}
