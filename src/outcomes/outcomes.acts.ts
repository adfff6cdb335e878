// What is done with episodes and outcomes, each in the caller's transaction.

import { findClient, idsOfFile, type AccessChanged, type Client } from '#clients/index.ts'
import type { Facts } from '#directory/index.ts'
import { dayIn, type CalendarDay } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type AssessmentId, type ClientId, type EpisodeId, type StaffId } from '#platform/ids.ts'
import { recordNextStep, referralsOfClient, type KeptReferral, type NextStep } from '#referrals/index.ts'
import { mayStart, outcomeOf, type Attendance } from './episode.ts'
import { answerFollowUp, followUpsOf } from './follow-ups.store.ts'
import {
  episodesOf,
  insertEpisode,
  insertStatement,
  latestEpisode,
  saveOutcome,
  spreadMarks,
  statementsOf,
  type FileMarks,
  type FollowUp,
  type NewStatement,
  type StatementChannel,
} from './outcomes.store.ts'
import type { OutcomeKind, StatementId, StatementSource } from './statement.ts'

type Settling = Pick<Work, 'db' | 'network' | 'now' | 'today'>

export interface TimeZero {
  readonly clientId: ClientId
  readonly assessmentId: AssessmentId | null
  /** The day the assessment was completed. */
  readonly day: CalendarDay
  /** What was known on that day. */
  readonly facts: Facts
}

/** Begins an episode with its follow-ups; null when the person has one open, or closed one less than 180 days ago. */
export async function openEpisode(work: Settling, zero: TimeZero): Promise<EpisodeId | null> {
  const client = await findClient(work.db, zero.clientId)
  if (!client) throw new Error('There is no such client for this actor.')
  const last = await latestEpisode(work.db, await idsOfFile(work.db, client.id))
  if (!mayStart(last ?? null, zero.day)) return null
  const { assessmentId, facts } = zero
  const id = await insertEpisode(
    work.db,
    { ...marksOfClient(work, client), assessmentId, startedOn: zero.day, facts },
    work.now,
  )
  return id ?? null
}

export interface OutcomeTold {
  /** Made when the form is drawn, so that a form sent twice is one statement. */
  readonly id: StatementId
  readonly kind: OutcomeKind
  readonly since: CalendarDay | null
  readonly source: StatementSource
  readonly channel: StatementChannel
  readonly monthlyEarningsCents?: number | null
  readonly corrects?: StatementId | null
  /** Who records it; null for the client alone. */
  readonly by: { readonly id: StaffId; readonly name: string } | null
}

/** Keeps what was told, answers the follow-up that asks for it, closes referrals that waited for a next step, and settles
 *  the person's episodes. The same statement twice is one. */
export async function recordOutcome(work: Work, client: Client, told: OutcomeTold): Promise<void> {
  const marks = marksOfClient(work, client)
  if (!(await keepStatement(work, marks, told, work.today))) return
  const ids = await idsOfFile(work.db, client.id)
  const asked = questionOf(await followUpsOf(work.db, ids), work.today)
  if (asked) await answerFollowUp(work.db, asked.id, told.id, work.now)
  await recordNextStep(work, ids, { step: nextStepAfter(told.kind), by: told.by })
  await settleClient(work, ids)
  await work.record('outcomes.recorded', { clientId: client.id, facts: { kind: told.kind, source: told.source } })
}

/** The follow-up that an answer given today answers: the latest that is due and not yet over. */
export function questionOf(followUps: readonly FollowUp[], today: CalendarDay): FollowUp | undefined {
  return followUps.findLast((each) => each.state === 'due' && each.dueOn <= today && today <= each.endsOn)
}

export async function keepStatement(
  work: Settling,
  marks: FileMarks,
  told: OutcomeTold,
  asOf: CalendarDay,
): Promise<boolean> {
  const statement: NewStatement = {
    id: told.id,
    kind: told.kind,
    since: told.since,
    asOf,
    source: told.source,
    channel: told.channel,
    monthlyEarningsCents: told.monthlyEarningsCents ?? null,
    corrects: told.corrects ?? null,
    recordedBy: told.by?.id ?? null,
  }
  return insertStatement(work.db, marks, statement, work.now)
}

/** Writes on each episode of the person what is known of it now. */
export async function settleClient(work: Settling, clientIds: readonly ClientId[]): Promise<void> {
  const [episodes, statements, referrals] = [
    await episodesOf(work.db, clientIds),
    await statementsOf(work.db, clientIds),
    await referralsOfClient(work.db, clientIds),
  ]
  for (const episode of episodes) {
    const known = { statements, attendances: attendancesOf(referrals), referrals: sendingsOf(work, referrals) }
    await saveOutcome(work.db, episode.id, outcomeOf(episode.startedOn, known, work.today), work.now)
  }
}

/** Where the file lies and who may see it is repeated on everything that hangs on the client here. */
export async function onAccessChanged(
  work: Pick<Work, 'db'>,
  { clientIds, siteId, restrictedTo }: AccessChanged,
): Promise<void> {
  await spreadMarks(work.db, clientIds, { siteId, restrictedTo })
}

export function newStatementId(now: Date): StatementId {
  return newId<'outcome_statement'>(now.getTime())
}

/** What somebody who works, learns or looks does next, as referrals speak of it. */
export function nextStepAfter(kind: OutcomeKind): NextStep {
  return nextSteps[kind]
}

const nextSteps: Readonly<Record<OutcomeKind, NextStep>> = {
  working: 'working',
  training: 'in_training',
  still_looking: 'with_adviser',
  // Whoever looks for no work now has not said that they want no more help.
  not_looking: 'with_adviser',
  lost_touch: 'lost_touch',
}

export function marksOfClient({ network }: Pick<Work, 'network'>, client: Client): FileMarks {
  return { networkId: network.id, clientId: client.id, siteId: client.siteId, restrictedTo: client.restrictedTo }
}

function attendancesOf(referrals: readonly KeptReferral[]): readonly Attendance[] {
  return referrals.flatMap(({ file, referral }) =>
    referral.firstAttendedOn === null ? [] : { serviceType: file.serviceType, on: referral.firstAttendedOn },
  )
}

function sendingsOf({ network }: Settling, referrals: readonly KeptReferral[]): readonly Attendance[] {
  return referrals.flatMap(({ file, referral }) => {
    const sent = referral.events.find((event) => event.kind === 'sent')
    return sent ? { serviceType: file.serviceType, on: dayIn(network.timeZone, sent.at) } : []
  })
}
