// Questions about places, who asked them, and what was answered.

import { sql, type Selectable } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Database, Db } from '#platform/db/index.ts'
import { newId, type NetworkId, type OrganizationId, type ServiceId, type StaffId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import {
  partsOfWeek,
  placeNeeds,
  type Answered,
  type CapacityAnswer,
  type CapacityQuestion,
  type QuestionId,
} from './question.ts'

const columns = [
  ...(['id', 'organization_id', 'service_id', 'organization_name', 'service_name', 'asker_name', 'places'] as const),
  ...([
    'wanted_from',
    'hours',
    'needs',
    'language',
    'note',
    'asked_at',
    'expires_at',
    'answer',
    'places_free',
  ] as const),
  ...(['starts_on', 'ask_again_on', 'words', 'answered_at', 'answered_by', 'answered_name'] as const),
] as const

export interface NewQuestion extends Omit<CapacityQuestion, 'answered'> {
  readonly networkId: NetworkId
  readonly dueAt: Date
  readonly keyId: string
  readonly secretHash: Buffer
  /** Null: the directory knows no address, so it is asked on the phone. */
  readonly recipient: string | null
}

export async function insertQuestion(db: Db, question: NewQuestion): Promise<void> {
  const { wanted } = question
  await db
    .insertInto('capacity_questions')
    .values({
      network_id: question.networkId,
      id: question.id,
      organization_id: question.organizationId,
      service_id: question.serviceId,
      organization_name: question.organizationName,
      service_name: question.serviceName,
      asker_name: question.askerName,
      places: wanted.places,
      wanted_from: wanted.from,
      hours: [...wanted.hours],
      needs: [...wanted.needs],
      language: wanted.language,
      note: wanted.note,
      asked_at: question.askedAt,
      due_at: question.dueAt,
      key_id: question.keyId,
      secret_hash: question.secretHash,
      recipient: question.recipient,
      expires_at: question.expiresAt,
    })
    .execute()
}

/** Who asks about a service second at the same moment waits for the first, and joins. */
export async function holdService(db: Db, serviceId: ServiceId): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`capacity ${serviceId}`}, 0))`.execute(db)
}

export async function findQuestion(db: Db, id: QuestionId): Promise<CapacityQuestion | undefined> {
  const row = await db.selectFrom('capacity_questions').select(columns).where('id', '=', id).executeTakeFirst()
  return row && questionOf(row)
}

/** The same, held against everyone else: of two answers the first counts. */
export async function holdQuestion(db: Db, id: QuestionId): Promise<CapacityQuestion | undefined> {
  const row = await db
    .selectFrom('capacity_questions')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && questionOf(row)
}

/** What was asked about a service, the latest first. */
export async function questionsAbout(db: Db, serviceId: ServiceId, most = 3): Promise<readonly CapacityQuestion[]> {
  const rows = await db
    .selectFrom('capacity_questions')
    .select(columns)
    .where('service_id', '=', serviceId)
    .orderBy('asked_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map(questionOf)
}

/** True when the person is new among those who want to know. */
export async function addAsker(
  db: Db,
  { networkId, questionId, staffId }: { networkId: NetworkId; questionId: QuestionId; staffId: StaffId },
  now: Date,
): Promise<boolean> {
  const row = await db
    .insertInto('capacity_askers')
    .values({
      network_id: networkId,
      id: newId<'capacity_asker'>(now.getTime()),
      question_id: questionId,
      staff_id: staffId,
      asked_at: now,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'question_id', 'staff_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function askersOf(db: Db, id: QuestionId): Promise<readonly StaffId[]> {
  const rows = await db
    .selectFrom('capacity_askers')
    .select('staff_id')
    .where('question_id', '=', id)
    .orderBy('asked_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.staff_id as StaffId)
}

/** What this person asked and has not put away, the latest first, with when they should ring. */
export async function askedBy(
  db: Db,
  staffId: StaffId,
  most = 30,
): Promise<readonly (CapacityQuestion & { readonly dueAt: Date; readonly isReachable: boolean })[]> {
  const rows = await db
    .selectFrom('capacity_askers as a')
    .innerJoin('capacity_questions as q', (join) =>
      join.onRef('q.network_id', '=', 'a.network_id').onRef('q.id', '=', 'a.question_id'),
    )
    .select(columns.map((column) => `q.${column}` as const))
    .select(['q.due_at', 'q.recipient'])
    .where('a.staff_id', '=', staffId)
    .where('a.dismissed_at', 'is', null)
    .orderBy('q.asked_at', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({ ...questionOf(row), dueAt: row.due_at, isReachable: row.recipient !== null }))
}

export async function dismiss(db: Db, id: QuestionId, staffId: StaffId, now: Date): Promise<void> {
  await db
    .updateTable('capacity_askers')
    .set({ dismissed_at: now })
    .where('question_id', '=', id)
    .where('staff_id', '=', staffId)
    .execute()
}

export async function saveAnswer(db: Db, id: QuestionId, { answer, words, at, by, name }: Answered): Promise<void> {
  await db
    .updateTable('capacity_questions')
    .set({
      answer: answer.kind,
      places_free: answer.kind === 'places' ? answer.free : null,
      starts_on: answer.kind === 'places' ? answer.startsOn : null,
      ask_again_on: answer.kind === 'ask_again' ? answer.on : null,
      words,
      answered_at: at,
      answered_by: by,
      answered_name: name,
    })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .execute()
}

/** Questions that nobody answered in time and whose askers were not told yet. */
export async function unansweredBy(db: Db, moment: Date, most = 200): Promise<readonly QuestionId[]> {
  const rows = await db
    .selectFrom('capacity_questions')
    .select('id')
    .where('due_at', '<=', moment)
    .where('answered_at', 'is', null)
    .where('told_at', 'is', null)
    .orderBy('due_at')
    .limit(most)
    .execute()
  return rows.map((row) => row.id as QuestionId)
}

export async function markTold(db: Db, id: QuestionId, at: Date): Promise<void> {
  await db.updateTable('capacity_questions').set({ told_at: at }).where('id', '=', id).execute()
}

/** Where the question's letter goes, and the key that its link is made from. */
export async function letterFacts(
  db: Db,
  id: QuestionId,
): Promise<{ networkId: NetworkId; keyId: string } | undefined> {
  const row = await db
    .selectFrom('capacity_questions')
    .select(['network_id', 'key_id'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { networkId: row.network_id as NetworkId, keyId: row.key_id }
}

export interface QuestionBearer {
  readonly networkId: NetworkId
  readonly id: QuestionId
  readonly organizationId: OrganizationId
}

/** The question whose secret this is, at the door, before it is known who asks. */
export async function questionOfSecret(db: Db, token: BearerToken): Promise<QuestionBearer | null> {
  const row = await db
    .selectFrom('capacity_questions')
    .select(['network_id', 'id', 'organization_id'])
    .where('secret_hash', '=', token.secretHash)
    .executeTakeFirst()
  if (!row) return null
  return {
    networkId: row.network_id as NetworkId,
    id: row.id as QuestionId,
    organizationId: row.organization_id as OrganizationId,
  }
}

type Row = Pick<Selectable<Database['capacity_questions']>, (typeof columns)[number]>

// A row as it was written by this very file.
function questionOf(row: Row): CapacityQuestion {
  return {
    id: row.id as QuestionId,
    organizationId: row.organization_id as OrganizationId,
    organizationName: row.organization_name,
    serviceId: row.service_id as ServiceId,
    serviceName: row.service_name,
    askerName: row.asker_name,
    wanted: {
      places: row.places,
      from: row.wanted_from as CalendarDay | null,
      hours: partsOfWeek.filter((part) => row.hours.includes(part)),
      needs: placeNeeds.filter((need) => row.needs.includes(need)),
      language: row.language,
      note: row.note,
    },
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    answered: answeredOf(row),
  }
}

function answeredOf(row: Row): Answered | null {
  if (row.answered_at === null) return null
  return {
    answer: answerOf(row),
    words: row.words,
    at: row.answered_at,
    by: row.answered_by === 'staff' ? 'staff' : 'partner',
    name: row.answered_name ?? '',
  }
}

function answerOf(row: Row): CapacityAnswer {
  switch (row.answer) {
    case 'places':
      return { kind: 'places', free: row.places_free ?? 0, startsOn: row.starts_on as CalendarDay | null }
    case 'ask_again':
      return { kind: 'ask_again', on: row.ask_again_on as CalendarDay | null }
    default:
      return { kind: 'not_taking' }
  }
}
