// The calendar file that somebody keeps from a page: staff from the referral, a partner or client from their own.

import type { Scene } from '#platform/http/index.ts'
import { findStaff } from '#staff/index.ts'
import type { AnyScene } from '../pages/act.page.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { appointmentEvent, calendarEntryOf } from './appointment.ts'
import type { CalendarAppointment } from './appointment.calendar.ts'
import { calendarAppointment, type CalendarAudience } from './calendar-words.ts'
import { noWords, wordsBeside } from './handover.store.ts'

/** Null where no appointment stands. */
export async function calendarOfStaff(
  scene: Scene,
  kept: KeptReferral,
  publicUrl: string,
): Promise<CalendarAppointment | null> {
  const adviser = await findStaff(scene.db, kept.file.adviserId)
  const who = adviser ? { name: adviser.name, email: adviser.email } : null
  const address = `${publicUrl}/referrals/${kept.file.id}`
  return calendarOf(scene, kept, { audience: 'adviser', adviser: who, address })
}

/** For a partner or client, whose page has this address; the adviser is known to them from what was shared. */
export async function calendarOfGuest(
  scene: AnyScene,
  kept: KeptReferral,
  { audience, address }: { readonly audience: CalendarAudience; readonly address: string },
): Promise<CalendarAppointment | null> {
  const share = await findShare(scene.db, kept.file.id)
  const who = share?.senderEmail ? { name: share.senderName, email: share.senderEmail } : null
  return calendarOf(scene, kept, { audience, adviser: who, address })
}

async function calendarOf(
  scene: AnyScene,
  { file, referral }: KeptReferral,
  to: {
    readonly audience: CalendarAudience
    readonly adviser: { readonly name: string; readonly email: string } | null
    readonly address: string
  },
): Promise<CalendarAppointment | null> {
  const entry = calendarEntryOf(referral)
  if (entry === null || entry.isCancelled) return null
  const event = appointmentEvent(referral)
  const words = event ? await wordsBeside(scene.db, event.id) : noWords
  return calendarAppointment((key, values) => scene.t(key, values), to.audience, {
    entry,
    reference: file.reference,
    networkZone: scene.network.timeZone,
    siteName: (await findShare(scene.db, file.id))?.siteName ?? scene.network.name,
    networkName: scene.network.name,
    phone: words.phone,
    adviser: to.adviser,
    recipient: null,
    address: to.address,
    host: new URL(to.address).hostname,
  })
}
