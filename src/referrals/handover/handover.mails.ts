// Mails about an appointment, each with its calendar file: to the partner and the adviser nothing about the client, to the
// client nothing of the kind of service. Whoever changes it again before a letter left makes that letter say nothing.

import { findClient, fullName } from '#clients/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Letter, LetterSource, MailKind } from '#platform/mail/mail.ts'
import { findStaff } from '#staff/index.ts'
import { findLink } from '../link/referral-links.store.ts'
import { partnerAddress } from '../referrals.mails.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { appointmentEvent, calendarEntryOf, type CalendarEntry } from './appointment.ts'
import { methodOf, writeCalendar } from './appointment.calendar.ts'
import { calendarAppointment, type CalendarAudience } from './calendar-words.ts'
import { clientAddress } from './client-links.acts.ts'
import { findClientLink } from './client-links.store.ts'
import { noWords, wordsBeside } from './handover.store.ts'

// messages: referrals.handover.mail.*

export const clientAppointmentMail = 'referrals.appointment_client'
export const partnerAppointmentMail = 'referrals.appointment_partner'
export const adviserAppointmentMail = 'referrals.appointment_adviser'

export const handoverMails: Readonly<Record<string, MailKind>> = {
  [clientAppointmentMail]: letterToClient,
  [partnerAppointmentMail]: letterToPartner,
  [adviserAppointmentMail]: letterToAdviser,
}

interface Told {
  readonly kept: KeptReferral
  readonly entry: CalendarEntry
}

/** Null once the appointment has changed again: the letter about that change tells everything. */
async function whatIsTold({ db, ids }: LetterSource): Promise<Told | null> {
  const id = parseId<'referral'>(ids['referralId'])
  const kept = id && (await findReferral(db, id))
  const entry = kept && calendarEntryOf(kept.referral)
  if (!kept || !entry || String(entry.sequence) !== ids['sequence'] || entry.begunBy.id !== ids['begunBy']) return null
  return { kept, entry }
}

async function letterToPartner(source: LetterSource): Promise<Letter | null> {
  const told = await whatIsTold(source)
  const linkId = parseId<'referral_link'>(source.ids['linkId'])
  const link = linkId && (await findLink(source.db, linkId))
  if (!told || !link || link.revokedAt !== null) return null
  const address = partnerAddress(source.keys, link, source.publicUrl)
  const recipient = { name: told.kept.file.organizationName, email: link.recipient }
  return letterOf(source, 'partner', { ...told, address, recipient })
}

async function letterToAdviser(source: LetterSource): Promise<Letter | null> {
  const told = await whatIsTold(source)
  const adviser = told && (await findStaff(source.db, told.kept.file.adviserId))
  if (!told || !adviser) return null
  const address = `${source.publicUrl}/referrals/${told.kept.file.id}`
  return letterOf(source, 'adviser', { ...told, address, recipient: { name: adviser.name, email: adviser.email } })
}

async function letterToClient(source: LetterSource): Promise<Letter | null> {
  const told = await whatIsTold(source)
  const linkId = parseId<'client_link'>(source.ids['clientLinkId'])
  const link = linkId && (await findClientLink(source.db, linkId))
  const client = told && (await findClient(source.db, told.kept.file.clientId))
  if (!told || !client?.email || !link || link.revokedAt !== null) return null
  const address = clientAddress(source.keys, link, source.publicUrl)
  return letterOf(source, 'client', { ...told, address, recipient: { name: fullName(client), email: client.email } })
}

async function letterOf(
  { db, network, words, publicUrl }: LetterSource,
  audience: CalendarAudience,
  told: Told & { readonly address: string; readonly recipient: { readonly name: string; readonly email: string } },
): Promise<Letter> {
  const { kept, entry, address, recipient } = told
  const adviser = await findStaff(db, kept.file.adviserId)
  const share = await findShare(db, kept.file.id)
  const event = appointmentEvent(kept.referral)
  const appointment = calendarAppointment((key, values) => words.t(key, values), audience, {
    entry,
    reference: kept.file.reference,
    networkZone: network.timeZone,
    siteName: share?.siteName ?? network.name,
    networkName: network.name,
    phone: (event ? await wordsBeside(db, event.id) : noWords).phone,
    adviser: adviser ? { name: adviser.name, email: adviser.email } : null,
    recipient,
    address,
    host: new URL(publicUrl).hostname,
  })
  const method = methodOf(appointment, true)
  const kind = entry.isCancelled ? 'cancelled' : entry.sequence === 0 ? 'made' : 'changed'
  const values = { reference: kept.file.reference, network: network.name, kind }
  const to = audience === 'client' ? 'client' : 'partner'
  const lines = [
    words.t(`referrals.handover.mail.${to}_lead`, values),
    '',
    address,
    '',
    words.t(`referrals.handover.mail.${to}_how`, values),
    '',
    words.t('platform.mail.foot', values),
  ]
  return {
    subject: words.t(`referrals.handover.mail.${to}_subject`, values),
    text: lines.join('\n'),
    attachments: [
      { name: 'appointment.ics', type: 'text/calendar', content: writeCalendar(appointment, method), method },
    ],
  }
}
