// The client's link to a recommendation, and what they ask through it.

import type { Selectable } from 'kysely'
import type { Database, Db } from '#platform/db/index.ts'
import type { ClientId, Id, NetworkId, RecommendationId, SiteId, StaffId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import type { FileMarks } from '../recommendations.store.ts'
import { questionKinds, type AnswerCode, type ClientQuestion, type QuestionId, type QuestionKind } from './question.ts'
import { readClientView, type ClientView } from './view.ts'

export type ViewLinkId = Id<'view_link'>

export interface ViewLink extends FileMarks {
  readonly id: ViewLinkId
  readonly recommendationId: RecommendationId
  readonly keyId: string
  readonly locale: string
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly openedAt: Date | null
}

const linkColumns = [
  ...(['network_id', 'id', 'recommendation_id', 'client_id', 'site_id', 'restricted_to', 'key_id', 'locale'] as const),
  ...(['expires_at', 'revoked_at', 'opened_at'] as const),
] as const

export interface NewViewLink extends Pick<ViewLink, 'id' | 'recommendationId' | 'keyId' | 'locale' | 'expiresAt'> {
  readonly view: ClientView
  readonly secretHash: Buffer
  readonly madeBy: StaffId
}

export async function insertViewLink(db: Db, file: FileMarks, link: NewViewLink, now: Date): Promise<void> {
  await db
    .insertInto('matching_client_links')
    .values({
      ...columnsOf(file),
      ...{ id: link.id, recommendation_id: link.recommendationId, key_id: link.keyId, locale: link.locale },
      ...{ secret_hash: link.secretHash, view: JSON.stringify(link.view), made_by: link.madeBy },
      ...{ created_at: now, expires_at: link.expiresAt },
    })
    .execute()
}

/** The link whose secret this is, dead or alive: at the door, before it is known who asks. */
export async function viewLinkOfSecret(db: Db, { secretHash }: BearerToken): Promise<ViewLink | null> {
  const row = await links(db).where('secret_hash', '=', secretHash).executeTakeFirst()
  return row ? linkOf(row) : null
}

export async function findViewLink(db: Db, id: ViewLinkId): Promise<ViewLink | null> {
  const row = await links(db).where('id', '=', id).executeTakeFirst()
  return row ? linkOf(row) : null
}

/** What the link shows, as it was kept when it was made. */
export async function viewOfLink(db: Db, id: ViewLinkId): Promise<ClientView | null> {
  const row = await db.selectFrom('matching_client_links').select('view').where('id', '=', id).executeTakeFirst()
  return row ? readClientView(row.view) : null
}

/** The link that the client holds now: the latest that has neither expired nor been revoked. */
export async function liveViewLink(db: Db, id: RecommendationId, now: Date): Promise<ViewLink | null> {
  const row = await links(db)
    .where('recommendation_id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? linkOf(row) : null
}

/** No link of the client's to this recommendation works any more. */
export async function revokeViewLinks(db: Db, id: RecommendationId, now: Date): Promise<void> {
  await db
    .updateTable('matching_client_links')
    .set({ revoked_at: now })
    .where('recommendation_id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** The client has pressed "Show": remembered once. */
export async function markViewOpened(db: Db, id: ViewLinkId, now: Date): Promise<void> {
  await db
    .updateTable('matching_client_links')
    .set({ opened_at: now })
    .where('id', '=', id)
    .where('opened_at', 'is', null)
    .execute()
}

/** No link of these clients to any recommendation works any more. */
export async function revokeViewLinksOf(db: Db, clientIds: readonly ClientId[], now: Date): Promise<void> {
  await db
    .updateTable('matching_client_links')
    .set({ revoked_at: now })
    .where('client_id', 'in', [...clientIds])
    .where('revoked_at', 'is', null)
    .execute()
}

export interface NewQuestion extends Pick<
  ClientQuestion,
  'id' | 'recommendationId' | 'kind' | 'fact' | 'words' | 'askedAt'
> {
  /** Through which link; null where it was said across the desk. */
  readonly linkId: ViewLinkId | null
}

/** Keeps what the client asks. A form sent twice is one: false. */
export async function insertQuestion(db: Db, file: FileMarks, asked: NewQuestion): Promise<boolean> {
  const done = await db
    .insertInto('matching_client_questions')
    .values({
      ...columnsOf(file),
      ...{ id: asked.id, recommendation_id: asked.recommendationId, link_id: asked.linkId },
      ...{ kind: asked.kind, fact: asked.fact, words: asked.words, asked_at: asked.askedAt },
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function findQuestion(db: Db, id: QuestionId): Promise<ClientQuestion | null> {
  const row = await questions(db).where('id', '=', id).executeTakeFirst()
  return row ? questionOf(row) : null
}

/** What was asked of one recommendation, through whichever link or across the desk, the latest first. */
export async function questionsOfRecommendation(db: Db, id: RecommendationId): Promise<readonly ClientQuestion[]> {
  return (await questions(db).where('recommendation_id', '=', id).orderBy('asked_at', 'desc').execute()).map(questionOf)
}

/** Of all ids of a file, the latest first. */
export async function questionsOfFile(db: Db, clientIds: readonly ClientId[]): Promise<readonly ClientQuestion[]> {
  const rows = await questions(db)
    .where('client_id', 'in', [...clientIds])
    .orderBy('asked_at', 'desc')
    .execute()
  return rows.map(questionOf)
}

/** More than anyone answers in a week. */
const mostOpen = 300

/** What still waits for an answer, of these clients or at these sites, the oldest first. */
export async function openQuestions(
  db: Db,
  { clientIds, siteIds }: { readonly clientIds: readonly ClientId[]; readonly siteIds: readonly SiteId[] },
): Promise<readonly ClientQuestion[]> {
  if (clientIds.length + siteIds.length === 0) return []
  const rows = await questions(db)
    .where('answered_at', 'is', null)
    .where((where) =>
      where.or([
        ...(clientIds.length > 0 ? [where('client_id', 'in', [...clientIds])] : []),
        ...(siteIds.length > 0 ? [where('site_id', 'in', [...siteIds])] : []),
      ]),
    )
    .orderBy('asked_at')
    .limit(mostOpen)
    .execute()
  return rows.map(questionOf)
}

/** The first answer stands: false where there is one already. */
export async function insertAnswer(
  db: Db,
  id: QuestionId,
  { code, words, by, at }: { code: AnswerCode; words: string | null; by: StaffId; at: Date },
): Promise<boolean> {
  const done = await db
    .updateTable('matching_client_questions')
    .set({ answer: code, answer_words: words, answered_by: by, answered_at: at })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Follows the file to another site, or into and out of restriction. */
export async function spreadViewMarks(
  db: Db,
  clientIds: readonly ClientId[],
  { siteId, restrictedTo }: Pick<FileMarks, 'siteId' | 'restrictedTo'>,
): Promise<void> {
  const marks = { site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] }
  const ids = [...clientIds]
  await db.updateTable('matching_client_links').set(marks).where('client_id', 'in', ids).execute()
  await db.updateTable('matching_client_questions').set(marks).where('client_id', 'in', ids).execute()
}

function links(db: Db) {
  return db.selectFrom('matching_client_links').select(linkColumns)
}

function questions(db: Db) {
  return db
    .selectFrom('matching_client_questions')
    .select(['id', 'recommendation_id', 'client_id', 'kind', 'fact', 'words', 'asked_at'])
    .select(['answer', 'answer_words', 'answered_at'])
}

// Rows as they were written by this very file: their ids are of the kinds that their columns name.
function linkOf(row: Pick<Selectable<Database['matching_client_links']>, (typeof linkColumns)[number]>): ViewLink {
  return {
    networkId: row.network_id as NetworkId,
    id: row.id as ViewLinkId,
    recommendationId: row.recommendation_id as RecommendationId,
    clientId: row.client_id as ClientId,
    siteId: row.site_id as SiteId,
    restrictedTo: row.restricted_to as StaffId[] | null,
    keyId: row.key_id,
    locale: row.locale,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    openedAt: row.opened_at,
  }
}

type QuestionRow = Pick<
  Selectable<Database['matching_client_questions']>,
  | ('id' | 'recommendation_id' | 'client_id' | 'kind' | 'fact' | 'words' | 'asked_at')
  | ('answer' | 'answer_words' | 'answered_at')
>

function questionOf(row: QuestionRow): ClientQuestion {
  return {
    id: row.id as QuestionId,
    recommendationId: row.recommendation_id as RecommendationId,
    clientId: row.client_id as ClientId,
    kind: questionKinds.find((kind) => kind === row.kind) ?? ('look_again' satisfies QuestionKind),
    fact: row.fact,
    words: row.words,
    askedAt: row.asked_at,
    answer:
      row.answer === null || row.answered_at === null
        ? null
        : { code: row.answer as AnswerCode, words: row.answer_words, at: row.answered_at },
  }
}

function columnsOf({ networkId, clientId, siteId, restrictedTo }: FileMarks) {
  return {
    ...{ network_id: networkId, client_id: clientId, site_id: siteId },
    restricted_to: restrictedTo && [...restrictedTo],
  }
}
