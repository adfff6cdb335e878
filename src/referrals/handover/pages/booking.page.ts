// The page on which an adviser books the meeting: the form as it was filled in, and beside it what the client will get.

import type { Client } from '#clients/index.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import { interpreterStates, meansOfMeeting, type Appointment, type MessageTopic } from '../../event.ts'
import { dayParts } from '../../pages/act.page.ts'
import type { Line } from '../../pages/timeline.page.ts'
import type { AbsenceReason } from '../../reason.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import type { Place } from '../booking.form.ts'
import type { KeptWords } from '../handover.store.ts'
import type { ClientLetter } from '../letter.ts'

// messages: referrals.handover.book.*
// messages: referrals.handover.means.*
// messages: referrals.handover.interpreter.*
// messages: referrals.handover.after.*
// messages: referrals.handover.access.*
// messages: clients.access.*

export interface BookingDrawing {
  readonly kept: KeptReferral
  readonly client: Client
  readonly places: readonly Place[]
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
  readonly letter: ClientLetter | null
  readonly languageNote: string | null
  readonly languages: readonly string[]
  readonly eventId: string
  readonly clash: Line | null
}

/** Lengths that meetings have; another is typed over. */
const usualLengths = [15, 30, 45, 60, 90, 120] as const

export function bookingPage(scene: Scene, drawing: BookingDrawing): PageModel {
  const { kept, client, body, places, problems } = drawing
  const { file, referral } = kept
  const text = (name: string) => textOf(body, name)
  const choice = (field: string, family: string, codes: readonly string[]) =>
    codes.map((value) => ({
      value,
      text: scene.t(`referrals.handover.${family}.${value}`),
      checked: text(field) === value,
    }))
  const shown = scene.problems(problems)
  return {
    title: scene.t('referrals.handover.book.title'),
    reference: file.reference,
    serviceName: file.serviceName,
    partnerName: file.organizationName,
    back: `/referrals/${file.id}`,
    action: `/referrals/${file.id}/handover`,
    eventId: text('event') || drawing.eventId,
    seen: text('seen') || String(referral.events.length),
    clash: drawing.clash,
    isFirstYes: referral.state !== 'accepted' && referral.state !== 'under_way',
    advice: adviceAfter(scene, kept),
    needs: [
      ...client.accessNeeds.map((need) => scene.t(`clients.access.${need}`)),
      ...(client.accessWords ? [client.accessWords] : []),
    ],
    means: choice('means', 'means', meansOfMeeting),
    dayParts: dayParts(scene, body, 'day'),
    time: text('time'),
    asksWhich: shown.byField['which'] !== undefined || text('which') !== '',
    which: ['first', 'second'].map((value) => ({
      value,
      text: scene.t(`referrals.handover.book.which_${value}`),
      checked: text('which') === value,
    })),
    lengths: usualLengths.map((minutes) => ({
      value: String(minutes),
      text: scene.t('referrals.handover.book.minutes', { minutes }),
      selected: text('minutes') === String(minutes),
    })),
    ownZone: scene.network.timeZone,
    zone: text('zone'),
    zones: Intl.supportedValuesOf('timeZone'),
    where: places.map((place) => ({
      id: place.id,
      text: place.text,
      checked: text('where') === place.id,
      access: place.accessibility.map((code) => scene.t(`referrals.handover.access.${code}`)),
      directions: place.directions,
    })),
    isElsewhere: text('where') === 'other',
    typed: Object.fromEntries(
      ['place', 'meeting', 'directions', 'joining', 'askFor', 'accompanying', 'bring', 'phone'].map((name) => [
        name,
        text(name),
      ]),
    ),
    isHandover: text('handover') !== '',
    interpreters: choice('interpreter', 'interpreter', interpreterStates),
    languages: drawing.languages.map((tag) => ({
      value: tag,
      text: nameOfLanguage(tag, scene.locale),
      selected: text('language') === tag,
    })),
    letter: drawing.letter,
    languageNote: drawing.languageNote,
    problems: shown,
  }
}

/** The form as it stands before anybody typed: the appointment that is agreed, else what the client's file suggests. */
export function bookingBody(
  { client, places }: Pick<BookingDrawing, 'client' | 'places'>,
  was: { readonly appointment: Appointment | null; readonly words: KeptWords; readonly isOver: boolean },
  usual: { readonly bring: string; readonly phone: string },
): FormBody {
  const { appointment, words, isOver } = was
  if (appointment === null) return { ...firstBody(client, places), ...usual }
  const { interpreter } = appointment
  return {
    means: appointment.means,
    minutes: appointment.minutes === null ? '' : String(appointment.minutes),
    zone: appointment.zone ?? '',
    handover: appointment.isHandover ? 'yes' : '',
    where: words.placeId ?? (appointment.place === '' ? '' : 'other'),
    place: words.placeId === null ? appointment.place : '',
    meeting: appointment.meeting,
    interpreter: isOver && interpreter.state === 'booked' ? 'asked_for' : interpreter.state,
    language: interpreter.language ?? '',
    directions: words.directions,
    joining: words.joining,
    askFor: words.askFor,
    accompanying: words.accompanying,
    bring: words.bring || usual.bring,
    phone: words.phone || usual.phone,
    // After a meeting that is over another day is wanted; a change keeps what is agreed.
    ...(isOver ? {} : dayOf(appointment)),
  }
}

function dayOf({ day, time, isSecondHour }: Appointment): FormBody {
  const [year = '', month = '', date = ''] = day.split('-')
  return {
    'day-day': String(Number(date)),
    'day-month': String(Number(month)),
    'day-year': year,
    time: time ?? '',
    ...(isSecondHour ? { which: 'second' } : {}),
  }
}

function firstBody(client: Client, places: readonly Place[]): FormBody {
  const signs = client.accessNeeds.includes('sign_language')
  return {
    means: 'in_person',
    handover: 'yes',
    where: places[0]?.id ?? 'other',
    interpreter: signs || client.needsInterpreter ? 'asked_for' : 'not_needed',
    // The code of sign languages in ISO 639.
    language: signs ? 'sgn' : (client.language ?? ''),
  }
}

/** What helps after a missed meeting, by its reason. */
export function adviceAfter(scene: Scene, { referral }: KeptReferral): string | null {
  const reason = reasonMissed(referral)
  return reason === null ? null : scene.t(`referrals.handover.after.${reason}`)
}

/** Why the last meeting was missed, while the next is still to be agreed. */
export function reasonMissed(referral: KeptReferral['referral']): AbsenceReason | MessageTopic | null {
  if (!referral.missedAppointment) return null
  const last = referral.events.findLast(
    (event) =>
      !referral.corrected.has(event.id) &&
      (event.kind === 'did_not_attend' || (event.kind === 'message' && event.about !== undefined)),
  )
  if (last?.kind === 'did_not_attend') return last.reason
  return last?.kind === 'message' ? (last.about ?? null) : null
}
