// What a partner received since a day, with its first answers: two queries, whatever the number.

import { sql } from 'kysely'
import { dayIn, momentIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { ends, openStates, type ReferralState } from '../referral.ts'
import type { Received } from './figures.ts'

const answers = ['waiting_list', 'more_information_asked', 'accepted', 'declined']
const kinds = [...answers, 'withdrawn', 'expired', 'corrected']

/** Runs as the partner: row-level security leaves the own organisation's referrals. Null: all time. */
export async function receivedSince(db: Db, since: CalendarDay | null, timeZone: string): Promise<readonly Received[]> {
  const from = since === null ? new Date(0) : momentIn(timeZone, since, '00:00')
  const referrals = await db
    .selectFrom('referrals')
    .select(['id', 'service_id', 'service_name', 'sent_at', 'state', 'first_attended_on'])
    .where('sent_at', '>=', from)
    .orderBy('sent_at')
    .execute()
  const events = await db
    .selectFrom('referral_events as event')
    .innerJoin('referrals as referral', (join) =>
      join.onRef('referral.network_id', '=', 'event.network_id').onRef('referral.id', '=', 'event.referral_id'),
    )
    .select(['event.id', 'event.referral_id', 'event.kind', 'event.at', 'event.actor_kind'])
    // Of many thousands of events these two fields alone are wanted: reading each as a happening would take seconds.
    .select(sql<string | null>`event.payload ->> 'reason'`.as('reason'))
    .select(sql<string | null>`event.payload ->> 'corrects'`.as('corrects'))
    .where('referral.sent_at', '>=', from)
    .where('event.kind', 'in', kinds)
    .orderBy('event.seq')
    .execute()
  const told = Map.groupBy(events, ({ referral_id }) => referral_id)
  return referrals.flatMap((row) => {
    if (row.sent_at === null) return []
    return {
      serviceId: row.service_id,
      serviceName: row.service_name,
      sentOn: dayIn(timeZone, row.sent_at),
      state: stateOf(row.state),
      firstAttendedOn: parseDay(row.first_attended_on),
      ...answerOf(told.get(row.id) ?? [], stateOf(row.state), timeZone),
    }
  })
}

interface EventRow {
  readonly id: string
  readonly kind: string
  readonly at: Date
  readonly actor_kind: string
  readonly reason: string | null
  readonly corrects: string | null
}

function answerOf(
  rows: readonly EventRow[],
  state: ReferralState,
  timeZone: string,
): Pick<Received, 'answeredOn' | 'endedUnansweredOn' | 'wasAccepted' | 'declinedFor'> {
  const undone = new Set(rows.map(({ corrects }) => corrects))
  const standing = rows.filter(({ id, kind }) => kind !== 'corrected' && !undone.has(id))
  const isAnswer = ({ kind, actor_kind }: EventRow) =>
    answers.includes(kind) && (actor_kind === 'partner' || actor_kind === 'adviser')
  const answer = standing.find(isAnswer)
  const end = standing.findLast((each) => !isAnswer(each))
  return {
    answeredOn: answer ? dayIn(timeZone, answer.at) : null,
    endedUnansweredOn: !answer && end ? dayIn(timeZone, end.at) : null,
    wasAccepted: standing.some(({ kind }) => kind === 'accepted'),
    declinedFor: state === 'declined' ? (standing.findLast(({ kind }) => kind === 'declined')?.reason ?? null) : null,
  }
}

function stateOf(code: string): ReferralState {
  const known = [...openStates, ...ends].find((state) => state === code)
  if (known === undefined) throw new Error('The database holds a state that this version does not know.')
  return known
}
