// The profile of a client as it was known at a moment: read from completed answers, and from those told at the desk before.

import { sql } from 'kysely'
import { idsOfFile } from '#clients/index.ts'
import { facts as definitions, type Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { dayIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import type { ClientId } from '#platform/ids.ts'
import type { Answers } from './answers.ts'
import { readAnswers } from './assessment-events.store.ts'
import { disclosedFacts } from './disclosed.ts'
import { found, loadInstruments } from './instruments.store.ts'
import type { Margins } from './margin.ts'
import { marginsOf } from './margin-json.ts'
import { deriveProfile, withKnownFacts, withoutFacts, type AnsweredInstrument, type Profile } from './profile.ts'
import { skillEntriesOf } from './skills/skills.store.ts'
import { toldFacts } from './skills/told-facts.ts'

export interface ProfileMoment {
  /** What was saved later is left out: an episode uses only what was known at its start. */
  readonly asOf: Date
  /** The day to which months are counted. */
  readonly on: CalendarDay
  /** What the client's record knows for certain, such as the age; it goes before what was answered. */
  readonly known?: Facts
}

/** The facts of a client with their sources: of each instrument the answers given latest, as they stood at the moment. What
 *  was told at the desk counts until the whole is completed. What was asked for fairness alone is not among them. */
export async function profileOf(db: Db, clientId: ClientId, { asOf, on, known = {} }: ProfileMoment): Promise<Profile> {
  const rows = await answersAsOf(db, clientId, asOf)
  const instruments = await loadInstruments(
    db,
    rows.map((row) => row.instrument_id),
  )
  const answered = rows.flatMap((row): AnsweredInstrument[] => {
    const instrument = found(instruments, row.instrument_id)
    const all = readAnswers(instrument, row.response)
    const margins = marginsOf(row.response)
    const answers = row.kind === 'at_desk' ? toldAtDesk(all, margins) : all
    const answeredOn = row.kind === 'at_desk' ? lastDayOf(margins, row.happened_at) : parseDay(row.answered_on)
    return answeredOn ? [{ assessmentId: row.id, instrument, answers, answeredOn }] : []
  })
  const { facts, sources } = withoutFacts(deriveProfile(answered, definitions, on), disclosedFacts)
  // What was told of jobs and skills speaks only where no answer does: one source of each fact.
  const told = toldFacts(await skillEntriesOf(db, await idsOfFile(db, clientId)), asOf)
  return withKnownFacts({ facts: { ...told, ...facts }, sources }, known)
}

/** Of each instrument the latest completed answers, and the latest of an assessment that was begun at the desk and was not
 *  yet completed at the moment. */
async function answersAsOf(db: Db, clientId: ClientId, asOf: Date) {
  const ids = await idsOfFile(db, clientId)
  const isAtDesk = sql<boolean>`event.kind = 'at_desk'`
  return db
    .selectFrom('assessment_events as event')
    .innerJoin('assessments', (join) =>
      join.onRef('assessments.network_id', '=', 'event.network_id').onRef('assessments.id', '=', 'event.assessment_id'),
    )
    .innerJoin('instruments', (join) =>
      join
        .onRef('instruments.network_id', '=', 'assessments.network_id')
        .onRef('instruments.id', '=', 'assessments.instrument_id'),
    )
    .distinctOn(['instruments.url', isAtDesk])
    .select(['assessments.id', 'assessments.instrument_id', 'assessments.answered_on'])
    .select(['event.kind', 'event.response', 'event.happened_at'])
    .where('event.client_id', 'in', [...ids])
    .where('event.happened_at', '<=', asOf)
    .where((is) =>
      is.or([
        is('event.kind', 'in', ['completed', 'changed']),
        is.and([
          is('event.kind', '=', 'at_desk'),
          is.or([is('assessments.completed_at', 'is', null), is('assessments.completed_at', '>', asOf)]),
          is.or([is('assessments.discarded_at', 'is', null), is('assessments.discarded_at', '>', asOf)]),
        ]),
      ]),
    )
    .orderBy('instruments.url')
    .orderBy(isAtDesk)
    .orderBy('assessments.answered_on', (order) => order.desc().nullsLast())
    .orderBy('assessments.completed_at', (order) => order.desc().nullsLast())
    .orderBy('assessments.started_at', 'desc')
    .orderBy('event.step', 'desc')
    .execute()
}

function toldAtDesk(answers: Answers, { told }: Margins): Answers {
  return new Map([...answers].filter(([linkId]) => told.get(linkId)?.way === 'at_desk'))
}

function lastDayOf({ told }: Margins, happenedAt: Date): CalendarDay {
  const days = [...told.values()].filter(({ way }) => way === 'at_desk').map(({ on }) => on)
  return days.toSorted().at(-1) ?? dayIn('UTC', happenedAt)
}
