// Asking whether there are places, and what an answer changes: the directory, and everyone who wanted to know.

import { setPlaces, type Service } from '#directory/index.ts'
import { addWorkingDays, momentIn } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type StaffId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import {
  addAsker,
  findQuestion,
  holdQuestion,
  holdService,
  insertQuestion,
  questionsAbout,
  saveAnswer,
} from './capacity.store.ts'
import { isOpen, placesAfter, type Answered, type CapacityQuestion, type QuestionId, type Wanted } from './question.ts'

/** Derives the secret of a question's link, which opens nothing else. */
export const questionLinkKind = 'referrals.capacity'
export const answeredJob = 'referrals.capacity_answered'

/** After so many working days whoever asked is told to ring. */
const workingDaysToAnswer = 3
/** An answer that comes later says nothing about the places that were wanted. */
const daysOfAQuestion = 30

export interface Asking {
  readonly id: QuestionId
  readonly service: Service
  readonly wanted: Wanted
  readonly asker: { readonly id: StaffId; readonly name: string }
}

/** Asks the partner; a question that is open for the service already is joined. The same form twice asks once. */
export async function askForPlaces(
  work: Work,
  keys: Keys,
  { id, service, wanted, asker }: Asking,
): Promise<{ readonly question: CapacityQuestion; readonly isJoined: boolean }> {
  const { db, now, network } = work
  await holdService(db, service.id)
  const known = await findQuestion(db, id)
  if (known) return { question: known, isJoined: false }
  const open = (await questionsAbout(db, service.id)).find((question) => isOpen(question, now))
  if (open) {
    await addAsker(db, { networkId: network.id, questionId: open.id, staffId: asker.id }, now)
    return { question: open, isJoined: true }
  }
  const question = {
    id,
    organizationId: service.organizationId,
    organizationName: service.organizationName,
    serviceId: service.id,
    serviceName: service.name,
    askerName: asker.name,
    wanted,
    askedAt: now,
    expiresAt: new Date(now.getTime() + daysOfAQuestion * 86_400_000),
  }
  const keyId = keys.currentId
  await insertQuestion(db, {
    ...question,
    networkId: network.id,
    keyId,
    secretHash: hashSecret(deriveSecret(keys, keyId, { kind: questionLinkKind, id })),
    recipient: service.email,
    // Without an address nothing was sent: it is for the asker to ring, today.
    dueAt: momentIn(
      network.timeZone,
      addWorkingDays(work.today, service.email === null ? 0 : workingDaysToAnswer, network.holidays),
      '17:00',
    ),
  })
  await addAsker(db, { networkId: network.id, questionId: id, staffId: asker.id }, now)
  if (service.email !== null) {
    const ids = { questionId: id }
    await work.mail({ kind: 'referrals.capacity_question', to: service.email, locale: network.locale, ids })
  }
  await work.record('referrals.places_asked', { subjectId: service.id })
  return { question: { ...question, answered: null }, isJoined: false }
}

/** Records the answer, says it in the directory, and tells those who asked. False when somebody was quicker, or it is over. */
export async function answerQuestion(
  work: Work,
  id: QuestionId,
  { told, ...said }: Omit<Answered, 'at'> & { readonly told: StaffId | null },
): Promise<boolean> {
  const held = await holdQuestion(work.db, id)
  if (!held || !isOpen(held, work.now)) return false
  await saveAnswer(work.db, id, { ...said, at: work.now })
  const { answer } = said
  await setPlaces(work.db, held.serviceId, {
    free: placesAfter(answer),
    ...(answer.kind === 'places' && answer.startsOn !== null ? { nextStart: answer.startsOn } : {}),
    asOf: work.now,
    by: 'partner',
  })
  await work.record('referrals.places_answered', { subjectId: held.serviceId, facts: { answer: answer.kind } })
  // By a job, because the bearer of a link may read neither staff nor their addresses.
  await work.enqueue(answeredJob, { questionId: id, exceptId: told ?? '' })
  return true
}

export function newQuestionId(now: Date): QuestionId {
  return newId<'capacity_question'>(now.getTime())
}
