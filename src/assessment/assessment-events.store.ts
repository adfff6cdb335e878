// SQL on the history of assessments: every save with the whole of the answers, only ever added to.

import type { Db } from '#platform/db/index.ts'
import { newId, type AssessmentId, type ClientId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import type { Answers } from './answers.ts'
import type { Assessment } from './assessment.ts'
import type { QuestionnaireResponse } from './fhir.ts'
import type { Instrument } from './instrument.ts'
import { found, loadInstruments } from './instruments.store.ts'
import type { Margins } from './margin.ts'
import { marginsOf } from './margin-json.ts'
import { answersOf } from './response.ts'

/** By whose hand, in which network and when something is written; nobody's is the client's own. */
export interface Hand {
  readonly networkId: NetworkId
  readonly staffId: StaffId | null
  readonly now: Date
}

/** What every row that hangs on a client repeats of the file. */
export interface FileMarks {
  readonly id: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
}

const eventKinds = ['started', 'saved', 'at_desk', 'completed', 'changed', 'changes_dropped', 'discarded'] as const
export type AssessmentEventKind = (typeof eventKinds)[number]

export interface AssessmentEvent {
  readonly kind: AssessmentEventKind
  readonly version: number | null
  /** The link id of the page that was saved. */
  readonly page: string | null
  /** The answers after this event; null where it left none. */
  readonly answers: Answers | null
  readonly margins: Margins
  readonly actorId: StaffId | null
  readonly happenedAt: Date
}

/** Adds to the history what was just done to the assessment. The caller holds the assessment, so that steps do not collide. */
export async function addEvent(
  db: Db,
  hand: Hand,
  assessment: Pick<Assessment, 'id' | 'clientId' | 'siteId' | 'restrictedTo'>,
  event: { kind: AssessmentEventKind; version?: number; page?: string; response?: QuestionnaireResponse },
): Promise<void> {
  const { id, clientId, siteId, restrictedTo } = assessment
  const { steps } = await db
    .selectFrom('assessment_events')
    .select((count) => count.fn.countAll<number>().as('steps'))
    .where('assessment_id', '=', id)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('assessment_events')
    .values({
      ...marksOf(hand, { id: clientId, siteId, restrictedTo }),
      ...{ id: newId<'assessment_event'>(hand.now.getTime()), assessment_id: id, step: steps + 1, kind: event.kind },
      ...{ version: event.version ?? null, page: event.page ?? null },
      ...{
        response: event.response ? JSON.stringify(event.response) : null,
        actor_id: hand.staffId,
        happened_at: hand.now,
      },
    })
    .execute()
}

/** What happened to an assessment, the first event first. */
export async function historyOf(db: Db, assessment: Assessment): Promise<readonly AssessmentEvent[]> {
  const rows = await db
    .selectFrom('assessment_events')
    .select(['kind', 'version', 'page', 'response', 'actor_id', 'happened_at'])
    .where('assessment_id', '=', assessment.id)
    .orderBy('step')
    .execute()
  return rows.map((row) => ({
    kind: oneOfKinds(eventKinds, row.kind),
    version: row.version,
    page: row.page,
    answers: row.response === null ? null : readAnswers(assessment.instrument, row.response),
    margins: marginsOf(row.response),
    actorId: row.actor_id as StaffId | null,
    happenedAt: row.happened_at,
  }))
}

export interface Milestone {
  readonly assessmentId: AssessmentId
  readonly instrument: Instrument
  readonly kind: Exclude<AssessmentEventKind, 'saved' | 'changes_dropped'>
  readonly actorId: StaffId | null
  readonly happenedAt: Date
  /** A discarded assessment has no page any more. */
  readonly isOpenable: boolean
}

const milestoneKinds = ['started', 'at_desk', 'completed', 'changed', 'discarded'] as const

/** What a client's timeline tells of assessments, the latest first; of all ids of the file (`idsOfFile`). */
export async function milestonesOf(db: Db, ids: readonly ClientId[]): Promise<readonly Milestone[]> {
  const rows = await db
    .selectFrom('assessment_events as event')
    .innerJoin('assessments', (join) =>
      join.onRef('assessments.network_id', '=', 'event.network_id').onRef('assessments.id', '=', 'event.assessment_id'),
    )
    .select(['event.assessment_id', 'event.kind', 'event.actor_id', 'event.happened_at'])
    .select(['assessments.instrument_id', 'assessments.discarded_at'])
    .where('event.client_id', 'in', [...ids])
    .where('event.kind', 'in', [...milestoneKinds])
    .orderBy('event.happened_at', 'desc')
    .orderBy('event.step', 'desc')
    .execute()
  const instruments = await loadInstruments(
    db,
    rows.map((row) => row.instrument_id),
  )
  return rows.map((row) => ({
    assessmentId: row.assessment_id as AssessmentId,
    instrument: found(instruments, row.instrument_id),
    kind: oneOfKinds(milestoneKinds, row.kind),
    actorId: row.actor_id as StaffId | null,
    happenedAt: row.happened_at,
    isOpenable: row.discarded_at === null,
  }))
}

/** The pages that were saved at least once, by link id. */
export async function pagesSeen(db: Db, id: AssessmentId): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('assessment_events')
    .select('page')
    .distinct()
    .where('assessment_id', '=', id)
    .where('page', 'is not', null)
    .execute()
  return new Set(rows.flatMap(({ page }) => page ?? []))
}

/** The answers in a stored response. Throws when they do not fit the instrument: rows are written by `responseOf` alone. */
export function readAnswers(instrument: Instrument, response: unknown): Answers {
  const read = answersOf(instrument, response)
  if (!read.ok) throw new Error(`Stored answers do not fit ${instrument.url}: ${JSON.stringify(read.problem)}`)
  return read.value
}

/** What a row that hangs on a file repeats of it. */
export function marksOf(hand: Hand, file: FileMarks) {
  return {
    network_id: hand.networkId,
    client_id: file.id,
    site_id: file.siteId,
    restricted_to: file.restrictedTo === null ? null : [...file.restrictedTo],
  }
}

/** The kind that a stored text names. Throws when the code does not know it. */
export function oneOfKinds<const Kind extends string>(kinds: readonly Kind[], text: string): Kind {
  const kind = kinds.find((one) => one === text)
  if (kind === undefined) throw new Error(`The database holds ${text} where ${kinds.join(', ')} are known.`)
  return kind
}
