// What a partner received since a day, with its first answers: two queries, whatever the number.

import { dayIn, momentIn, parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { happeningFromRow } from '../event-json.ts'
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
    .select(['event.id', 'event.referral_id', 'event.kind', 'event.at', 'event.actor_kind', 'event.payload'])
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
  readonly payload: unknown
}

function answerOf(
  rows: readonly EventRow[],
  state: ReferralState,
  timeZone: string,
): Pick<Received, 'answeredOn' | 'endedUnansweredOn' | 'wasAccepted' | 'declinedFor'> {
  const happened = rows.map((row) => ({ ...row, ...happeningFromRow(row.kind, row.payload) }))
  const undone = new Set(happened.flatMap((each) => (each.kind === 'corrected' ? each.corrects : [])))
  const standing = happened.filter(({ id, kind }) => kind !== 'corrected' && !undone.has(id as never))
  const isAnswer = ({ kind, actor_kind }: (typeof standing)[number]) =>
    answers.includes(kind) && (actor_kind === 'partner' || actor_kind === 'adviser')
  const answer = standing.find(isAnswer)
  const end = standing.findLast((each) => !isAnswer(each))
  const declined = standing.findLast(({ kind }) => kind === 'declined')
  return {
    answeredOn: answer ? dayIn(timeZone, answer.at) : null,
    endedUnansweredOn: !answer && end ? dayIn(timeZone, end.at) : null,
    wasAccepted: standing.some(({ kind }) => kind === 'accepted'),
    declinedFor: state === 'declined' && declined?.kind === 'declined' ? declined.reason : null,
  }
}

function stateOf(code: string): ReferralState {
  const known = [...openStates, ...ends].find((state) => state === code)
  if (known === undefined) throw new Error('The database holds a state that this version does not know.')
  return known
}
