// The adviser's page of one referral: how it stands, what is wanted next, and everything that happened.

import type { PageModel, Panel, Scene } from '#platform/http/index.ts'
import { openActs, type Act } from '../act.ts'
import { nextDueAt, wantedStep, type WantedStep, type WorkingClock } from '../clock.ts'
import { correctableEvent, isClosed, tryAgainOn, type Referral } from '../referral.ts'
import type { ReferralLink } from '../link/referral-links.store.ts'
import type { ReferralMessage } from '../conversation/referral-messages.store.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { appointmentLine, stateTag, timelineOf, type Line } from './timeline.page.ts'

export interface ReferralPageOptions {
  readonly kept: KeptReferral
  readonly clientName: string
  readonly adviserName: string
  /** What the partner may see; null for a draft. */
  readonly shared: Panel | null
  readonly messages: readonly ReferralMessage[]
  readonly link: ReferralLink | undefined
  /** How to ring the partner, where the directory knows. */
  readonly partnerPhone: string | null
  readonly clock: WorkingClock
  /** What the parts of referrals add: appointment, conversation, files. */
  readonly panels: readonly Panel[]
  readonly eventId: string
  /** What stood in the way of the last try. */
  readonly clash?: Line | null
}

interface Step {
  readonly href: string
  readonly text: string
}

// messages: referrals.wanted.*
// messages: referrals.late.*

export function referralPage(scene: Scene, options: ReferralPageOptions): PageModel {
  const { kept, clientName, messages, link, clash = null } = options
  const { file, referral } = kept
  const wanted = wantedStep(referral, scene.today)
  const due = nextDueAt(referral, options.clock)
  const primary = primaryStep(scene, kept, wanted)
  return {
    title: scene.t('referrals.page.title', { reference: file.reference }),
    reference: file.reference,
    clientName,
    adviserName: options.adviserName,
    mayTakeOver: file.adviserId !== scene.actor.id && !isClosed(referral),
    clientHref: `/clients/${file.clientId}`,
    serviceName: file.serviceName,
    serviceHref: `/services/${file.serviceId}`,
    partnerName: file.organizationName,
    partnerHref: `/partners/${file.organizationId}`,
    partnerPhone: options.partnerPhone,
    state: stateTag(scene, referral.state),
    isClosed: isClosed(referral),
    wanted: wantedSentence(scene, referral, { wanted, due }),
    due: dueSentence(scene, referral, options.clock),
    ring: wantsRinging(wanted, due !== null && due < scene.now) ? options.partnerPhone : null,
    primary,
    others: otherSteps(scene, kept, primary),
    undo: undoOf(scene, referral),
    facts: factsOf(scene, referral),
    shared: options.shared,
    link: linkOf(scene, referral, link),
    timeline: timelineOf(scene, referral, messages),
    panels: options.panels,
    actHref: `/referrals/${file.id}`,
    eventId: options.eventId,
    seen: String(referral.events.length),
    clash,
  }
}

/** Who must do what next, as a sentence. Once a partner is late (`due` has passed), it says what the adviser does about it. */
export function wantedSentence(
  scene: Scene,
  referral: Referral,
  { wanted, due }: { readonly wanted: WantedStep; readonly due: Date | null },
): string {
  if (wanted.of === 'partner' && due !== null && due < scene.now) return scene.t(`referrals.late.${wanted.step}`)
  const day = wanted.step === 'try_again' ? tryAgainOn(referral) : (referral.appointment?.day ?? null)
  return scene.t(`referrals.wanted.${wanted.step}`, { day: day === null ? '' : scene.day(day) })
}

/** The partner's number stands beside the sentence that sends the adviser to the phone. */
function wantsRinging({ of, step }: WantedStep, isLate: boolean): boolean {
  return step === 'reach_partner' || step === 'ask_partner' || (of === 'partner' && isLate)
}

export function dueSentence(scene: Scene, referral: Referral, clock: WorkingClock): string | null {
  const due = nextDueAt(referral, clock)
  if (due === null) return null
  return due < scene.now
    ? scene.t('referrals.due.since', { when: scene.moment(due) })
    : scene.t('referrals.due.by', { when: scene.moment(due) })
}

const primaryActs: Readonly<Partial<Record<WantedStep['step'], Act>>> = {
  give_information: 'inform',
  agree_appointment: 'appointment',
  name_appointment: 'appointment',
  record_next_step: 'next-step',
  report_attendance: 'attended',
  report_end: 'completed',
}

function primaryStep(scene: Scene, { file, referral }: KeptReferral, wanted: WantedStep): Step | null {
  const act = primaryActs[wanted.step]
  if (act === undefined || !openActs(referral, 'adviser').includes(act)) return null
  return stepOf(scene, file.id, act)
}

function otherSteps(scene: Scene, { file, referral }: KeptReferral, primary: Step | null): readonly Step[] {
  return (
    openActs(referral, 'adviser')
      // A meeting is booked from its own panel.
      .filter((act) => act !== 'message' && act !== 'appointment')
      .map((act) => stepOf(scene, file.id, act))
      .filter((step) => step.href !== primary?.href)
  )
}

function stepOf(scene: Scene, id: string, act: Act): Step {
  const page = act === 'appointment' ? 'handover' : act
  return { href: `/referrals/${id}/${page}`, text: scene.t(`referrals.act.${act}.link`) }
}

function undoOf(scene: Scene, referral: Referral): { text: string; corrects: string } | null {
  const event = correctableEvent(referral, 'adviser')
  if (event === null || isClosed(referral)) return null
  return {
    corrects: event.id,
    text: scene.t('referrals.undo', { event: scene.t(`referrals.state.${referral.state}`) }),
  }
}

interface Fact {
  readonly label: string
  readonly text?: string
  readonly line?: Line
}

function factsOf(scene: Scene, referral: Referral): readonly Fact[] {
  const facts = [
    referral.appointment === null
      ? null
      : {
          label: scene.t('referrals.fact.appointment'),
          line: appointmentLine(scene, referral.appointment),
        },
    referral.expectedOn === null
      ? null
      : { label: scene.t('referrals.fact.expected'), text: scene.day(referral.expectedOn) },
    referral.firstAttendedOn === null
      ? null
      : {
          label: scene.t('referrals.fact.attended'),
          text: scene.day(referral.firstAttendedOn),
        },
    {
      label: scene.t('referrals.fact.opened'),
      text: referral.openedAt === null ? scene.t('referrals.fact.not_opened') : scene.moment(referral.openedAt),
    },
    referral.nextStep === null
      ? null
      : {
          label: scene.t('referrals.fact.next_step'),
          text: scene.t(`referrals.next_step.${referral.nextStep}`),
        },
  ]
  return facts.filter((fact) => fact !== null)
}

function linkOf(scene: Scene, referral: Referral, link: ReferralLink | undefined) {
  if (referral.state === 'drafted') return null
  return {
    text: link
      ? { key: 'referrals.link.lives', values: { address: link.recipient, when: scene.moment(link.expiresAt) } }
      : { key: 'referrals.link.none', values: {} },
    isLive: link !== undefined,
    recipient: link?.recipient ?? '',
  }
}
