// The adviser books the meeting, sees and hands over what the client gets, and looks after the client's own link.

import { z } from 'zod'
import type { Client } from '#clients/index.ts'
import { findService } from '#directory/index.ts'
import {
  file as download,
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { Catalogues } from '#platform/i18n/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import type { Keys } from '#platform/secrets.ts'
import type { Happening } from '../event.ts'
import { actorOf, formEvent, inReferral } from '../in-referral.guard.ts'
import { problemLine } from '../pages/timeline.page.ts'
import { isEnded } from '../referral.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { appointmentEvent, calendarEntryOf } from './appointment.ts'
import { writeCalendar } from './appointment.calendar.ts'
import { readBooking, type Booking, type Place } from './booking.form.ts'
import { calendarOfStaff } from './calendar.scene.ts'
import { clientAddress, linkForClient } from './client-links.acts.ts'
import { liveClientLink } from './client-links.store.ts'
import { mailClient } from './handover.jobs.ts'
import { insertWords, noWords, rememberPlace, wordsBeside, wordsOfPlaces, type KeptWords } from './handover.store.ts'
import { letterText, type ClientLetter } from './letter.ts'
import { readersLanguage, writeClientLetter } from './letter.scene.ts'
import { bookingBody, bookingPage, type BookingDrawing } from './pages/booking.page.ts'
import { letterPage } from './pages/letter.page.ts'
import { placesToMeet } from './places.scene.ts'

export interface HandoverTools {
  readonly keys: Keys
  readonly catalogues: Catalogues
  readonly publicUrl: string
}

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'referral'>() }) } as const

export function handoverRoutes(routes: Routes, tools: HandoverTools): void {
  routes.staff('GET', '/referrals/:id/handover', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept, client) => {
      if (isEnded(kept.referral.state) || kept.referral.state === 'drafted') return redirect(`/referrals/${params.id}`)
      const places = await placesToMeet(scene, kept.file)
      return bookingAnswer(scene, tools, {
        kept,
        client,
        places,
        body: await startingBody(scene, { kept, client, places }),
      })
    }),
  )

  routes.staff('POST', '/referrals/:id/handover', one, (scene, { params, body }) =>
    inReferral(scene, params.id, (kept, client) => book(scene, tools, { kept, client, body })),
  )

  routes.staff('GET', '/referrals/:id/handover/letter', one, (scene, { params }) =>
    inLetter(scene, tools, params.id, async ({ kept, client, letter, note }) =>
      page(
        'referrals/handover/pages/letter.njk',
        letterPage(scene, { kept, letter, note, largePrint: client.accessNeeds.includes('large_print') }),
      ),
    ),
  )

  routes.staff('GET', '/referrals/:id/handover/letter.txt', one, (scene, { params }) =>
    inLetter(scene, tools, params.id, async ({ letter }) =>
      // Windows reads it as UTF-8 only with the mark.
      download('appointment.txt', 'text/plain; charset=utf-8', `\uFEFF${letterText(letter)}`),
    ),
  )

  routes.staff('GET', '/referrals/:id/handover/appointment.ics', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) => {
      const appointment = (await calendarOfStaff(scene, kept, tools.publicUrl)) ?? notFound()
      return download('appointment.ics', 'text/calendar; charset=utf-8', writeCalendar(appointment, 'PUBLISH'))
    }),
  )

  routes.staff('POST', '/referrals/:id/handover/mail', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) => {
      const isSent = await mailClient(scene, tools.keys, kept)
      await scene.record('referrals.appointment_sent', { clientId: kept.file.clientId, subjectId: kept.file.id })
      return back(kept, scene.t(isSent ? 'referrals.handover.mailed' : 'referrals.handover.not_mailed'))
    }),
  )

  routes.staff('POST', '/referrals/:id/handover/interpreter', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept) => {
      const appointment = kept.referral.appointment ?? notFound()
      const state = textOf(body, 'state') === 'by_partner' ? 'by_partner' : 'booked'
      const words = await currentWords(scene, kept)
      const booked = { ...appointment, interpreter: { ...appointment.interpreter, state } } as const
      const done = await save(scene, kept, {
        happening: { kind: 'appointment_made', appointment: booked },
        words,
        body,
      })
      if (!done.ok) return redirect(`/referrals/${params.id}`, scene.t('referrals.handover.changed_meanwhile'))
      return back(kept, scene.t(`referrals.handover.interpreter_${state}`))
    }),
  )
}

// messages: referrals.handover.interpreter_booked, referrals.handover.interpreter_by_partner

interface Subject {
  readonly kept: KeptReferral
  readonly client: Client
}

async function book(
  scene: Scene,
  tools: HandoverTools,
  { kept, client, body }: Subject & { readonly body: FormBody },
): Promise<Answer> {
  const places = await placesToMeet(scene, kept.file)
  const drawn = { kept, client, places, body }
  const read = readBooking(body, places, { today: scene.today, timeZone: scene.network.timeZone })
  if (textOf(body, 'preview') !== '') {
    const booking = read.ok ? read.value : null
    return bookingAnswer(scene, tools, { ...drawn, booking, problems: read.ok ? [] : read.problem })
  }
  if (!read.ok) return bookingAnswer(scene, tools, { ...drawn, problems: read.problem })
  const { appointment, words } = read.value
  const isAgreed = kept.referral.state === 'accepted' || kept.referral.state === 'under_way'
  const happening = { kind: isAgreed ? 'appointment_made' : 'accepted', appointment } as const
  const done = await save(scene, kept, { happening, words, body })
  if (!done.ok) {
    const now = (await findReferral(scene.db, kept.file.id)) ?? notFound()
    return bookingAnswer(scene, tools, { ...drawn, kept: now, clash: problemLine(scene, done.problem) })
  }
  await remember(scene, kept, read.value)
  await linkForClient(scene, tools.keys, { file: kept.file, madeBy: scene.actor.id })
  return redirect(`/referrals/${kept.file.id}/handover/letter`, scene.t('referrals.handover.booked'))
}

/** The event and, beside it, its words; a form sent twice is one. */
async function save(
  scene: Scene,
  { file }: KeptReferral,
  { happening, words, body }: { happening: Happening; words: KeptWords; body: FormBody },
) {
  const id = formEvent(scene, body)
  // A yes that is recorded here was said to the adviser.
  const channel = happening.kind === 'accepted' ? 'phone' : 'page'
  const seen = Number(textOf(body, 'seen'))
  const event = { ...happening, id, actor: actorOf(scene), channel } as const
  const done = await actOn(scene, file.id, event, Number.isInteger(seen) && seen > 0 ? { seen } : {})
  if (done.ok) await insertWords(scene.db, file, id, { words, now: scene.now })
  return done
}

async function remember(scene: Scene, { file }: KeptReferral, { words, typedDirections }: Booking): Promise<void> {
  const by = { by: scene.actor.id, at: scene.now }
  if (words.placeId) await rememberPlace(scene.db, file, words.placeId, { directions: typedDirections, ...by })
  await rememberPlace(scene.db, file, file.siteId, { phone: words.phone, ...by })
}

async function startingBody(
  scene: Scene,
  { kept, client, places }: Subject & { readonly places: readonly Place[] },
): Promise<FormBody> {
  const { file, referral } = kept
  const service = await findService(scene.db, file.serviceId)
  const usual = {
    bring: (service?.documents ?? []).join('\n'),
    phone: (await wordsOfPlaces(scene.db, [file.siteId])).get(file.siteId)?.phone ?? '',
  }
  const { appointment } = referral
  const isOver = appointment !== null && (referral.missedAppointment || appointment.day < scene.today)
  return bookingBody({ client, places }, { appointment, words: await currentWords(scene, kept), isOver }, usual)
}

async function bookingAnswer(
  scene: Scene,
  tools: HandoverTools,
  drawn: Pick<BookingDrawing, 'kept' | 'client' | 'places' | 'body'> &
    Partial<Pick<BookingDrawing, 'problems' | 'clash'>> & { readonly booking?: Booking | null },
): Promise<Answer> {
  const { kept, client, booking, problems = [], clash = null } = drawn
  const reader = readersLanguage(tools.catalogues, client.language, scene.locale)
  const letter = booking
    ? await writeClientLetter(
        scene,
        { kept, client },
        { catalogues: tools.catalogues, locale: reader.locale },
        {
          appointment: booking.appointment,
          beside: booking.words,
          address: await addressOf(scene, tools, kept),
        },
      )
    : null
  const service = await findService(scene.db, kept.file.serviceId)
  const spoken = [client.language, textOf(drawn.body, 'language'), 'sgn', ...(service?.languages ?? [])]
  const model = bookingPage(scene, {
    ...drawn,
    problems,
    clash,
    letter,
    languageNote: noteOn(scene, reader.missing),
    languages: [...new Set(spoken.filter((tag): tag is string => tag !== null && tag !== ''))],
    eventId: eventId(scene.now),
  })
  return page('referrals/handover/pages/booking.njk', model, { status: clash ? 409 : problems.length > 0 ? 400 : 200 })
}

/** The client's letter about the appointment that stands; 404 where there is none. */
async function inLetter(
  scene: Scene,
  tools: HandoverTools,
  id: KeptReferral['file']['id'],
  work: (at: Subject & { readonly letter: ClientLetter; readonly note: string | null }) => Promise<Answer>,
): Promise<Answer> {
  return inReferral(scene, id, async (kept, client) => {
    const { catalogues } = tools
    const entry = calendarEntryOf(kept.referral)
    if (entry === null || entry.isCancelled) notFound()
    const reader = readersLanguage(catalogues, client.language, scene.locale)
    const letter = await writeClientLetter(
      scene,
      { kept, client },
      { catalogues, locale: reader.locale },
      {
        appointment: entry.appointment,
        beside: await currentWords(scene, kept),
        address: await addressOf(scene, tools, kept),
      },
    )
    return work({ kept, client, letter, note: noteOn(scene, reader.missing) })
  })
}

async function addressOf(
  scene: Scene,
  { keys, publicUrl }: HandoverTools,
  { file }: KeptReferral,
): Promise<string | null> {
  const link = await liveClientLink(scene.db, file.id, scene.now)
  return link ? clientAddress(keys, link, publicUrl) : null
}

async function currentWords(scene: Pick<Scene, 'db'>, { referral }: KeptReferral): Promise<KeptWords> {
  const event = appointmentEvent(referral)
  return event ? wordsBeside(scene.db, event.id) : noWords
}

/** There are no words in the client's language: the adviser is told what to do. */
function noteOn(scene: Scene, missing: string | null): string | null {
  if (missing === null) return null
  return scene.t('referrals.handover.no_catalogue', { language: nameOfLanguage(missing, scene.locale) })
}

function back({ file }: KeptReferral, notice: string): Answer {
  return redirect(`/referrals/${file.id}`, notice)
}
