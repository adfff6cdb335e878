// SQL on assessments and their history. Every change writes its event in the same transaction.

import type { Selectable } from 'kysely'
import { insertDisclosure } from '#clients/index.ts'
import type { Database, Db } from '#platform/db/index.ts'
import { dayIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId, newReference, type AssessmentId, type ClientId, type SiteId, type StaffId } from '#platform/ids.ts'
import { withoutDisabled, type Answers } from './answers.ts'
import { currentAnswers, currentMargins, type Assessment, type InstrumentId } from './assessment.ts'
import { addEvent, marksOf, oneOfKinds, readAnswers, type FileMarks, type Hand } from './assessment-events.store.ts'
import type { QuestionnaireResponse } from './fhir.ts'
import type { Instrument } from './instrument.ts'
import { found, loadInstruments, type StoredInstrument } from './instruments.store.ts'
import { disclosedAnswers } from './disclosed.ts'
import { manners, noMargins, toldAfter, withNotes, type Manner, type Margins, type Way } from './margin.ts'
import { marginsOf } from './margin-json.ts'
import { responseOf } from './response.ts'

export interface NewAssessment {
  readonly instrument: Pick<StoredInstrument, 'id' | 'instrument'>
  readonly manner: Manner
  readonly language: string
  /** The day on the paper; null when the answers are still to be given. */
  readonly answeredOn: CalendarDay | null
  /** Answers of an earlier assessment to begin with (`carryOver`); they keep who told them and when. */
  readonly carried?: { readonly answers: Answers; readonly margins: Margins }
}

/**
 * Starts an instrument with a client. When one of it is open already, in this version or an earlier one, that one is given
 * back and nothing is written. The reference is chosen by chance, again in the rare case that it is taken.
 */
export async function startAssessment(
  db: Db,
  hand: Hand,
  file: FileMarks,
  start: NewAssessment,
): Promise<AssessmentId> {
  const id = newId<'assessment'>(hand.now.getTime())
  const { instrument, manner, language, answeredOn, carried } = start
  const begun = await openAssessment(db, file.id, instrument.instrument.url)
  if (begun) return begun
  const facts = { status: 'in-progress', authored: hand.now, language, margins: carried?.margins ?? noMargins } as const
  const response = responseOf(instrument.instrument, carried?.answers ?? new Map(), facts)
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
    const open = await openAssessment(db, file.id, instrument.instrument.url)
    if (open) return open
    if (tries === 5) throw new Error('no reference is free, and no open assessment is to be seen')
  }
  await addEvent(
    db,
    hand,
    { id, clientId: file.id, siteId: file.siteId, restrictedTo: file.restrictedTo },
    { kind: 'started', ...(carried ? { response } : {}) },
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

export interface Save {
  readonly answers: Answers
  /** The link id of the page that was saved; null when it is no page of the set (the desk's). */
  readonly page: string | null
  /** What was typed as notes on that page, by link id. */
  readonly notes?: ReadonlyMap<string, string>
  /** How the answers came; as the assessment says, unless another way is named. */
  readonly way?: Way
  /** The day it is where the answers are given; else that of the moment, by UTC. */
  readonly today?: CalendarDay
}

/** Saves the answers being worked on. Those of questions that do not show are kept, in case their condition comes back.
 *  Answers at the desk count from now on; all others when they are completed. */
export async function saveDraft(db: Db, hand: Hand, assessment: Assessment, save: Save): Promise<void> {
  const { answers, page, way = assessment.manner } = save
  const today = save.today ?? dayIn('UTC', hand.now)
  // What is typed in from a paper was told on the day on the paper.
  const on = way === 'paper' ? (assessment.answeredOn ?? today) : today
  const by = way === 'by_client' ? null : hand.staffId
  const told = toldAfter(currentAnswers(assessment), answers, currentMargins(assessment), { way, on, by })
  const margins = withNotes(told, save.notes ?? new Map(), { by: hand.staffId, on: today })
  const response = responseFor(assessment, { answers, margins }, hand, 'in-progress')
  await db
    .updateTable('assessments')
    .set({ draft: JSON.stringify(response), saved_by: hand.staffId, saved_at: hand.now })
    .where('id', '=', assessment.id)
    .execute()
  const kind = way === 'at_desk' ? 'at_desk' : 'saved'
  await addEvent(db, hand, assessment, { kind, ...(page === null ? {} : { page }), response })
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
  const margins = currentMargins(assessment)
  const response = responseFor(assessment, { answers, margins }, hand, isFirst ? 'completed' : 'amended')
  await db
    .updateTable('assessments')
    .set({
      ...{ draft: null, response: JSON.stringify(response), version, saved_by: hand.staffId, saved_at: hand.now },
      ...(isFirst ? { answered_on: answeredOn, completed_by: hand.staffId, completed_at: hand.now } : {}),
    })
    .where('id', '=', assessment.id)
    .execute()
  await addEvent(db, hand, assessment, { kind: isFirst ? 'completed' : 'changed', version, response })
  await keepDisclosed(db, hand, assessment, answers)
  return {
    ...assessment,
    ...{ answers, margins, draft: null, draftMargins: null, version, savedBy: hand.staffId, savedAt: hand.now },
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

/** Whatever was told freely for fairness goes to the file's disclosures, where matching does not look; what was taken back, too. */
async function keepDisclosed(db: Db, hand: Hand, assessment: Assessment, answers: Answers): Promise<void> {
  const { clientId, siteId, restrictedTo, instrument } = assessment
  const before = new Map(disclosedAnswers(instrument, assessment.answers ?? new Map()))
  const after = new Map(disclosedAnswers(instrument, answers))
  for (const kind of new Set([...before.keys(), ...after.keys()])) {
    const value = after.get(kind) ?? null
    if (value === (before.get(kind) ?? null)) continue
    await insertDisclosure(db, hand, { id: clientId, siteId, restrictedTo }, { kind, value })
  }
}

/** The client's open assessment of this instrument, whichever version it began with: it finishes on that one. */
async function openAssessment(db: Db, clientId: ClientId, url: string): Promise<AssessmentId | null> {
  const row = await db
    .selectFrom('assessments')
    .innerJoin('instruments', (join) =>
      join
        .onRef('instruments.network_id', '=', 'assessments.network_id')
        .onRef('instruments.id', '=', 'assessments.instrument_id'),
    )
    .select('assessments.id')
    .where('assessments.client_id', '=', clientId)
    .where('instruments.url', '=', url)
    .where('assessments.completed_at', 'is', null)
    .where('assessments.discarded_at', 'is', null)
    .orderBy('assessments.started_at', 'desc')
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
    draftMargins: row.draft === null ? null : marginsOf(row.draft),
    margins: row.response === null ? null : marginsOf(row.response),
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
  { instrument, language }: Assessment,
  { answers, margins }: { answers: Answers; margins: Margins },
  hand: Hand,
  status: QuestionnaireResponse['status'],
): QuestionnaireResponse {
  return responseOf(instrument, answers, { status, authored: hand.now, language, margins })
}
