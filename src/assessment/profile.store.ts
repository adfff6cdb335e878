// The profile of a client as it was known at a moment: read from completed answers alone.

import { idsOfFile } from '#clients/index.ts'
import { facts as definitions, type Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import type { ClientId } from '#platform/ids.ts'
import { readAnswers } from './assessment-events.store.ts'
import { found, loadInstruments } from './instruments.store.ts'
import { deriveProfile, withKnownFacts, type AnsweredInstrument, type Profile } from './profile.ts'

export interface ProfileMoment {
  /** What was saved later is left out: an episode uses only what was known at its start. */
  readonly asOf: Date
  /** The day to which months are counted. */
  readonly on: CalendarDay
  /** What the client's record knows for certain, such as the age; it goes before what was answered. */
  readonly known?: Facts
}

/** The facts of a client with their sources: of each instrument the answers given latest, as they stood at the moment. */
export async function profileOf(db: Db, clientId: ClientId, { asOf, on, known = {} }: ProfileMoment): Promise<Profile> {
  const ids = await idsOfFile(db, clientId)
  const rows = await db
    .selectFrom('assessment_events as event')
    .innerJoin('assessments', (join) =>
      join.onRef('assessments.network_id', '=', 'event.network_id').onRef('assessments.id', '=', 'event.assessment_id'),
    )
    .innerJoin('instruments', (join) =>
      join
        .onRef('instruments.network_id', '=', 'assessments.network_id')
        .onRef('instruments.id', '=', 'assessments.instrument_id'),
    )
    .distinctOn('instruments.url')
    .select(['assessments.id', 'assessments.instrument_id', 'assessments.answered_on', 'event.response'])
    .where('event.client_id', 'in', [...ids])
    .where('event.kind', 'in', ['completed', 'changed'])
    .where('event.happened_at', '<=', asOf)
    .orderBy('instruments.url')
    .orderBy('assessments.answered_on', (order) => order.desc().nullsLast())
    .orderBy('assessments.completed_at', 'desc')
    .orderBy('event.version', 'desc')
    .execute()
  const instruments = await loadInstruments(
    db,
    rows.map((row) => row.instrument_id),
  )
  const answered = rows.flatMap((row): AnsweredInstrument[] => {
    const answeredOn = parseDay(row.answered_on)
    const instrument = found(instruments, row.instrument_id)
    return answeredOn
      ? [{ assessmentId: row.id, instrument, answers: readAnswers(instrument, row.response), answeredOn }]
      : []
  })
  return withKnownFacts(deriveProfile(answered, definitions, on), known)
}
