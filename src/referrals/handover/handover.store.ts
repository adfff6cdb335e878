// What lies beside an appointment in free words, and how places are found, remembered for the next time.

import type { Db } from '#platform/db/index.ts'
import type { Id, ReferralId, StaffId } from '#platform/ids.ts'
import type { ReferralEventId } from '../event.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'
import type { WordsBeside } from './letter.ts'

/** A location of the directory, or a site. */
export type PlaceId = Id<'location'> | Id<'site'>

export interface KeptWords extends WordsBeside {
  readonly placeId: string | null
}

export const noWords: KeptWords = {
  directions: '',
  joining: '',
  askFor: '',
  accompanying: '',
  bring: '',
  phone: '',
  accessibility: [],
  placeId: null,
}

/** Keeps what was said beside the appointment of this event; the event is there. */
export async function insertWords(
  db: Db,
  file: ReferralFile,
  eventId: ReferralEventId,
  { words, now }: { readonly words: KeptWords; readonly now: Date },
): Promise<void> {
  await db
    .insertInto('referral_appointments')
    .values({
      ...marksOf(file),
      id: eventId,
      place_id: words.placeId,
      accessibility: [...words.accessibility],
      directions: words.directions,
      joining: words.joining,
      ask_for: words.askFor,
      accompanying: words.accompanying,
      bring: words.bring,
      phone: words.phone,
      written_at: now,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .execute()
}

/** What was said beside the appointment of this event; nothing where nobody said, or consent is withdrawn. */
export async function wordsBeside(db: Db, eventId: ReferralEventId): Promise<KeptWords> {
  const row = await db
    .selectFrom('referral_appointments')
    .select(['place_id', 'accessibility', 'directions', 'joining', 'ask_for', 'accompanying', 'bring', 'phone'])
    .where('id', '=', eventId)
    .executeTakeFirst()
  if (!row) return noWords
  return {
    placeId: row.place_id,
    accessibility: row.accessibility,
    directions: row.directions ?? '',
    joining: row.joining ?? '',
    askFor: row.ask_for ?? '',
    accompanying: row.accompanying ?? '',
    bring: row.bring ?? '',
    phone: row.phone ?? '',
  }
}

/** Consent is withdrawn: what was written beside the referral's appointments is gone. */
export async function blankWords(db: Db, id: ReferralId, now: Date): Promise<void> {
  const gone = { directions: null, joining: null, ask_for: null, accompanying: null, bring: null, phone: null }
  await db
    .updateTable('referral_appointments')
    .set({ ...gone, blanked_at: now })
    .where('referral_id', '=', id)
    .where('blanked_at', 'is', null)
    .execute()
}

export interface PlaceWords {
  readonly directions: string
  readonly phone: string
}

/** How these places are found, as somebody said it the last time. */
export async function wordsOfPlaces(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, PlaceWords>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('referral_places')
    .select(['id', 'directions', 'phone'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, { directions: row.directions ?? '', phone: row.phone ?? '' }]))
}

/** Remembers how a place is found; what is left empty stays as it was. */
export async function rememberPlace(
  db: Db,
  { networkId }: Pick<ReferralFile, 'networkId'>,
  id: string,
  said: Partial<PlaceWords> & { readonly by: StaffId; readonly at: Date },
): Promise<void> {
  const changed = {
    ...(said.directions ? { directions: said.directions } : {}),
    ...(said.phone ? { phone: said.phone } : {}),
  }
  if (Object.keys(changed).length === 0) return
  const by = { changed_by: said.by, changed_at: said.at }
  await db
    .insertInto('referral_places')
    .values({ network_id: networkId, id, ...changed, ...by })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doUpdateSet({ ...changed, ...by }))
    .execute()
}
