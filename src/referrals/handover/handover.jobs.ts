// Telling everybody who comes to an appointment, each in their calendar. A job does it: whoever set the appointment, a partner
// by link among them, may read no client's address.

import { consentsOf, findClient, hasConsent, type Client } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import type { Keys } from '#platform/secrets.ts'
import { findStaff } from '#staff/index.ts'
import { liveLinkOf } from '../link/referral-links.store.ts'
import { mailPartner } from '../referrals.acts.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { calendarEntryOf, isAhead, type CalendarEntry } from './appointment.ts'
import { linkForClient } from './client-links.acts.ts'
import { clientStoppedJob } from './client-side.acts.ts'
import { adviserAppointmentMail, clientAppointmentMail, partnerAppointmentMail } from './handover.mails.ts'
import { calendarJob } from './tell-calendars.acts.ts'

export function handoverJobs({ keys }: { keys: Keys }): readonly TransactionJob[] {
  return [
    {
      name: calendarJob,
      async run(work, data) {
        const id = parseId<'referral'>(data['referralId'])
        const kept = id && (await findReferral(work.db, id))
        const entry = kept ? calendarEntryOf(kept.referral) : null
        // What is over needs no place in a calendar any more.
        if (!kept || !entry || !isAhead(entry.appointment, work.network.timeZone, work.now)) return
        await tellPartner(work, kept, entry)
        if (entry.appointment.isHandover) await tellAdviser(work, kept, entry)
        await mailClient(work, keys, kept)
      },
    },
    {
      // A client may not know where mail to the partner goes.
      name: clientStoppedJob,
      async run(work, data) {
        const id = parseId<'referral'>(data['referralId'])
        const kept = id && (await findReferral(work.db, id))
        if (kept) await mailPartner(work, kept.file, 'referrals.news')
      },
    },
  ]
}

/** Why a client gets no mail; null when they do. */
export type NoMail = 'no_consent' | 'no_address'

/** Whether mail may go to this client. */
export async function whyNoMail(work: Pick<Work, 'db' | 'today'>, client: Client): Promise<NoMail | null> {
  const consents = await consentsOf(work.db, client.id, work.today)
  if (!hasConsent(consents, 'contact')) return 'no_consent'
  return client.email === null ? 'no_address' : null
}

/** Mails the client their appointment and their own page, if they agreed to be written to. False when they did not, or there
 *  is none. */
export async function mailClient(work: Work, keys: Keys, { file, referral }: KeptReferral): Promise<boolean> {
  const entry = calendarEntryOf(referral)
  const client = await findClient(work.db, file.clientId)
  if (!entry || !client?.email || (await whyNoMail(work, client)) !== null) return false
  const link = await linkForClient(work, keys, { file, madeBy: null })
  await work.mail({
    kind: clientAppointmentMail,
    to: client.email,
    locale: client.language ?? work.network.locale,
    ids: { ...idsOf(file.id, entry), clientLinkId: link.id },
  })
  return true
}

async function tellPartner(work: Work, { file }: KeptReferral, entry: CalendarEntry): Promise<void> {
  const link = await liveLinkOf(work.db, file.id, work.now)
  if (!link) return
  const ids = { ...idsOf(file.id, entry), linkId: link.id }
  await work.mail({ kind: partnerAppointmentMail, to: link.recipient, locale: work.network.locale, ids })
}

async function tellAdviser(work: Work, { file }: KeptReferral, entry: CalendarEntry): Promise<void> {
  const adviser = await findStaff(work.db, file.adviserId)
  if (adviser?.state !== 'active') return
  const ids = idsOf(file.id, entry)
  await work.mail({ kind: adviserAppointmentMail, to: adviser.email, locale: adviser.locale, ids })
}

function idsOf(referralId: string, { begunBy, sequence }: CalendarEntry) {
  return { referralId, begunBy: begunBy.id, sequence: String(sequence) }
}
