// The client's letter, made from a kept referral: in their language where its words are there, else in English.

import { fullName, type Client } from '#clients/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Network } from '#platform/http/index.ts'
import { presentingIn } from '#platform/http/presenting.ts'
import { pseudoLocale, type Catalogues } from '#platform/i18n/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import { findStaff } from '#staff/index.ts'
import type { Appointment } from '../event.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import { letterOf, type ClientLetter, type WordsBeside } from './letter.ts'

export interface ReadersLanguage {
  /** The language of the letter. */
  readonly locale: string
  /** The reader's own, where there are no words in it yet; null where the letter is in it, or nobody knows it. */
  readonly missing: string | null
}

/** Whoever looks at the pages in the pseudo-locale sees the letter in it too. */
export function readersLanguage(catalogues: Catalogues, language: string | null, viewer: string): ReadersLanguage {
  if (viewer === pseudoLocale) return { locale: pseudoLocale, missing: null }
  const spoken = language === null ? 'en' : catalogues.speaks(language, 'referrals.handover.letter.title')
  return { locale: spoken ?? 'en', missing: spoken === null ? language : null }
}

export interface Written {
  readonly appointment: Appointment
  readonly beside: WordsBeside
  /** The client's own page, as an address. */
  readonly address: string | null
}

/** The letter about this appointment, as the client gets it. As staff or as a job. */
export async function writeClientLetter(
  { db, network }: { readonly db: Db; readonly network: Network },
  { kept, client }: { readonly kept: KeptReferral; readonly client: Client },
  { catalogues, locale }: { readonly catalogues: Catalogues; readonly locale: string },
  { appointment, beside, address }: Written,
): Promise<ClientLetter> {
  const { file } = kept
  const share = await findShare(db, file.id)
  const { language } = appointment.interpreter
  return letterOf(presentingIn(catalogues.in(locale), network.timeZone), {
    reference: file.reference,
    clientName: fullName(client),
    networkName: network.name,
    siteName: share?.siteName ?? network.name,
    adviserName: (await findStaff(db, file.adviserId))?.name ?? share?.senderName ?? '',
    serviceName: file.serviceName,
    partnerName: file.organizationName,
    appointment,
    networkZone: network.timeZone,
    beside,
    address,
    languageName: language && nameOfLanguage(language, locale),
  })
}
