// SQL on assessments and their history. Every change writes its event in the same transaction.

import type { Selectable } from 'kysely'
import type { Database, Db } from '#platform/db/index.ts'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId, newReference, type AssessmentId, type ClientId, type SiteId, type StaffId } from '#platform/ids.ts'
import { withoutDisabled, type Answers } from './answers.ts'
import { manners, type Assessment, type InstrumentId, type Manner } from './assessment.ts'
import { addEvent, marksOf, oneOfKinds, readAnswers, type FileMarks, type Hand } from './assessment-events.store.ts'
import type { QuestionnaireResponse } from './fhir.ts'
import type { Instrument } from './instrument.ts'
import { found, loadInstruments, type StoredInstrument } from './instruments.store.ts'
import { responseOf } from './response.ts'

export interface NewAssessment {
  readonly instrument: StoredInstrument
  readonly manner: Manner
  readonly language: string
  /** The day on the paper; null when the answers are still to be given. */
  readonly answeredOn: CalendarDay | null
}

/**
 * Starts an instrument with a client. When one of it is open already, that one is given back and nothing is written. The
 * reference is chosen by chance, again in the rare case that it is taken.
 */
export async function startAssessment(
  db: Db,
  hand: Hand,
  file: FileMarks,
  start: NewAssessment,
): Promise<AssessmentId> {
  const id = newId<'assessment'>(hand.now.getTime())
  const { instrument, manner, language, answeredOn } = start
  const response = responseOf(instrument.instrument, new Map(), { status: 'in-progress', authored: hand.now, language })
  for (let tries = 1; ; tries += 1) {
    const inserted = await db
      .insertInto('assessments')
      .values({
        ...marksOf(hand, file),
        ...{ id, reference: newReference('A'), instrument_id: instrument.id, manner, language },
        ...{ answered_on: answeredOn, draft: JSON.stringify(response) },
        ...{ started_by: hand.staffId, started_at: hand.now, saved_by: hand.staffId, saved_at: hand.now },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (inserted) break
    const open = await openAssessment(db, file.id, instrument.id)
    if (open) return open
    if (tries === 5) throw new Error('no reference is free, and no open assessment is to be seen')
  }
  await addEvent(
    db,
    hand,
    { id, clientId: file.id, siteId: file.siteId, restrictedTo: file.restrictedTo },
    { kind: 'started' },
  )
  return id
}

/** The assessment, or undefined when there is none that this actor may see. `forUpdate` makes other saves of it wait. */
export async function findAssessment(
  db: Db,
  id: AssessmentId,
  { forUpdate = false } = {},
): Promise<Assessment | undefined> {
  const query = assessmentQuery(db).where('assessments.id', '=', id)
  const rows = await (forUpdate ? query.forUpdate() : query).execute()
  return (await assessmentsIn(db, rows))[0]
}

/** All of a client's, of all ids of the file (`idsOfFile`); the latest first. Discarded ones are left out. */
export async function assessmentsOf(db: Db, ids: readonly ClientId[]): Promise<readonly Assessment[]> {
  const rows = await assessmentQuery(db)
    .where('assessments.client_id', 'in', [...ids])
    .where('assessments.discarded_at', 'is', null)
    .orderBy('assessments.started_at', 'desc')
    .orderBy('assessments.id', 'desc')
    .execute()
  return assessmentsIn(db, rows)
}

/** Saves the answers being worked on. Those of questions that do not show are kept, in case their condition comes back. */
export async function saveDraft(
  db: Db,
  hand: Hand,
  assessment: Assessment,
  { answers, page }: { answers: Answers; page: string },
): Promise<void> {
  const response = responseFor(assessment, answers, hand, 'in-progress')
  await db
    .updateTable('assessments')
    .set({ draft: JSON.stringify(response), saved_by: hand.staffId, saved_at: hand.now })
    .where('id', '=', assessment.id)
    .execute()
  await addEvent(db, hand, assessment, { kind: 'saved', page, response })
}

/** Makes the answers being worked on the completed ones: the first version, or the next after a change. Only what shows
 *  is kept. Whether they are whole is the caller's check. */
export async function completeAnswers(
  db: Db,
  hand: Hand,
  assessment: Assessment,
  answeredOn: CalendarDay,
): Promise<Assessment> {
  const answers = withoutDisabled(assessment.instrument, assessment.draft ?? new Map())
  const isFirst = assessment.completedAt === null
  const version = assessment.version + 1
  const response = responseFor(assessment, answers, hand, isFirst ? 'completed' : 'amended')
  await db
    .updateTable('assessments')
    .set({
      ...{ draft: null, response: JSON.stringify(response), version, saved_by: hand.staffId, saved_at: hand.now },
      ...(isFirst ? { answered_on: answeredOn, completed_by: hand.staffId, completed_at: hand.now } : {}),
    })
    .where('id', '=', assessment.id)
    .execute()
  await addEvent(db, hand, assessment, { kind: isFirst ? 'completed' : 'changed', version, response })
  return {
    ...assessment,
    ...{ answers, draft: null, version, savedBy: hand.staffId, savedAt: hand.now },
    ...(isFirst ? { answeredOn, completedBy: hand.staffId, completedAt: hand.now } : {}),
  }
}

/** Puts away what was being worked on: changes to completed answers, or a whole assessment that was never completed. */
export async function discardDraft(db: Db, hand: Hand, assessment: Assessment): Promise<void> {
  const isChange = assessment.completedAt !== null
  await db
    .updateTable('assessments')
    .set(isChange ? { draft: null } : { discarded_at: hand.now })
    .where('id', '=', assessment.id)
    .execute()
  await addEvent(db, hand, assessment, { kind: isChange ? 'changes_dropped' : 'discarded' })
}

export async function changeLanguage(db: Db, id: AssessmentId, language: string): Promise<void> {
  await db.updateTable('assessments').set({ language }).where('id', '=', id).execute()
}

/** Brings a client's assessments to where the file lies now and who may see it. Call it when a file moves, is restricted,
 *  or is merged, with each id of the file. */
export async function followFile(db: Db, { id, siteId, restrictedTo }: FileMarks): Promise<void> {
  const marks = { site_id: siteId, restricted_to: restrictedTo === null ? null : [...restrictedTo] }
  await db.updateTable('assessments').set(marks).where('client_id', '=', id).execute()
  await db.updateTable('assessment_events').set(marks).where('client_id', '=', id).execute()
}

async function openAssessment(db: Db, clientId: ClientId, instrumentId: InstrumentId): Promise<AssessmentId | null> {
  const row = await db
    .selectFrom('assessments')
    .select('id')
    .where('client_id', '=', clientId)
    .where('instrument_id', '=', instrumentId)
    .where('completed_at', 'is', null)
    .where('discarded_at', 'is', null)
    .executeTakeFirst()
  return row ? (row.id as AssessmentId) : null
}

function assessmentQuery(db: Db) {
  return db
    .selectFrom('assessments')
    .select(['assessments.id', 'assessments.reference', 'assessments.client_id', 'assessments.site_id'])
    .select(['assessments.restricted_to', 'assessments.instrument_id', 'assessments.manner', 'assessments.language'])
    .select(['assessments.answered_on', 'assessments.draft', 'assessments.response', 'assessments.version'])
    .select(['assessments.started_by', 'assessments.started_at', 'assessments.saved_by', 'assessments.saved_at'])
    .select(['assessments.completed_by', 'assessments.completed_at', 'assessments.discarded_at'])
}

type AssessmentRow = Omit<Selectable<Database['assessments']>, 'network_id'>

async function assessmentsIn(db: Db, rows: readonly AssessmentRow[]): Promise<readonly Assessment[]> {
  const instruments = await loadInstruments(
    db,
    rows.map((row) => row.instrument_id),
  )
  return rows.map((row) => assessmentOf(row, found(instruments, row.instrument_id)))
}

function assessmentOf(row: AssessmentRow, instrument: Instrument): Assessment {
  return {
    id: row.id as AssessmentId,
    reference: row.reference,
    clientId: row.client_id as ClientId,
    siteId: row.site_id as SiteId,
    restrictedTo: row.restricted_to as StaffId[] | null,
    instrumentId: row.instrument_id as InstrumentId,
    instrument,
    manner: oneOfKinds(manners, row.manner),
    language: row.language,
    answeredOn: row.answered_on === null ? null : parseDay(row.answered_on),
    draft: row.draft === null ? null : readAnswers(instrument, row.draft),
    answers: row.response === null ? null : readAnswers(instrument, row.response),
    version: row.version,
    startedBy: row.started_by as StaffId | null,
    startedAt: row.started_at,
    savedBy: row.saved_by as StaffId | null,
    savedAt: row.saved_at,
    completedBy: row.completed_by as StaffId | null,
    completedAt: row.completed_at,
    discardedAt: row.discarded_at,
  }
}

function responseFor(
  assessment: Assessment,
  answers: Answers,
  hand: Hand,
  status: QuestionnaireResponse['status'],
): QuestionnaireResponse {
  return responseOf(assessment.instrument, answers, { status, authored: hand.now, language: assessment.language })
}
