// Random histories by several actors: whatever they do, in whatever order, late or twice, the machine holds.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '#platform/dates.ts'
import { nextDueAt, usualLadders, wantedStep, whatStrikes } from './clock.ts'
import type { Happening, ReferralActor, ReportedEvent } from './event.ts'
import { aReferral, bakery, dayOfText, firstMeeting, mara, noor, reported, waypost } from './referral.factory.ts'
import { apply, ends, isClosed, openStates, replay, rules, type Referral } from './referral.ts'
import {
  absenceReasons,
  clientDeclineReasons,
  completionResults,
  earlyEndReasons,
  nextSteps,
  partnerDeclineReasons,
  withdrawReasons,
} from './reason.ts'

const calendar = { timeZone: 'America/New_York', holidays: new Set([dayOfText('2026-05-25')]), ladders: usualLadders }
const first = dayOfText('2026-03-02')
const day = fc.integer({ min: -5, max: 400 }).map((days) => addDays(first, days))
const appointment = day.map((on) => ({ ...firstMeeting, day: on }))
const from = <T>(values: readonly T[]) => fc.constantFrom(...values)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  ...(['drafted', 'sent', 'more_information_asked', 'expired', 'opened', 'message'] as const).map((kind) =>
    fc.constant<Happening>({ kind }),
  ),
  ...(['link_renewed', 'link_revoked', 'attachment_added'] as const).map((kind) => fc.constant<Happening>({ kind })),
  fc.constant<Happening>({ kind: 'shared_changed', added: ['phone'], removed: [], refreshed: [] }),
  fc.constant<Happening>({ kind: 'delivery_failed', cause: 'refused' }),
  fc.option(day).map((expectedOn): Happening => ({ kind: 'waiting_list', expectedOn })),
  fc.option(appointment).map((made): Happening => ({ kind: 'accepted', appointment: made })),
  from(partnerDeclineReasons).map((reason): Happening => ({ kind: 'declined', by: 'partner', reason })),
  from(clientDeclineReasons).map((reason): Happening => ({ kind: 'declined', by: 'client', reason })),
  day.map((on): Happening => ({ kind: 'attended', on })),
  fc.tuple(day, from(absenceReasons)).map(([on, reason]): Happening => ({ kind: 'did_not_attend', on, reason })),
  fc.tuple(day, from(completionResults)).map(([on, result]): Happening => ({ kind: 'completed', on, result })),
  fc.tuple(day, from(earlyEndReasons)).map(([on, reason]): Happening => ({ kind: 'ended_early', on, reason })),
  from(withdrawReasons).map((reason): Happening => ({ kind: 'withdrawn', reason })),
  appointment.map((made): Happening => ({ kind: 'appointment_made', appointment: made })),
  from(['partner', 'adviser', 'manager'] as const).map((whom): Happening => ({ kind: 'reminded', whom })),
  from(nextSteps).map((step): Happening => ({ kind: 'next_step_recorded', step })),
)
const actor: fc.Arbitrary<ReferralActor> = fc.constantFrom(mara, bakery, waypost, noor)

/** Something new (the first of several ideas that leads on without ending, so that histories grow long), anything at all,
 *  a doubled message, or a correction of whatever led here; hours or weeks later. */
type Move = { readonly hours: number; readonly actor: ReferralActor } & (
  | { readonly is: 'new'; readonly happening: Happening }
  | { readonly is: 'likely'; readonly ideas: readonly (readonly [ReferralActor, Happening])[] }
  | { readonly is: 'again'; readonly nth: number }
  | { readonly is: 'correct' }
)
const ideas = fc.array(fc.tuple(actor, happening), { minLength: 12, maxLength: 12 })
const pause = { hours: fc.integer({ min: 0, max: 300 }), actor }
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ...pause, is: fc.constant('new' as const), happening }) },
  { weight: 5, arbitrary: fc.record({ ...pause, is: fc.constant('likely' as const), ideas }) },
  { weight: 1, arbitrary: fc.record({ ...pause, is: fc.constant('again' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ ...pause, is: fc.constant('correct' as const) }) },
)

function eventOf(referral: Referral, made: Move, said: readonly ReportedEvent[]): ReportedEvent | null {
  if (made.is === 'likely') {
    const leadsOn = ([who, what]: readonly [ReferralActor, Happening]) =>
      rules[what.kind].from.includes(referral.state) &&
      rules[what.kind].by.includes(who.kind) &&
      !['declined', 'withdrawn', 'expired'].includes(what.kind) &&
      rules[what.kind].to !== undefined
    const idea = made.ideas.find(leadsOn)
    return idea ? reported(idea[0], idea[1]) : null
  }
  if (made.is === 'new') return reported(made.actor, made.happening)
  if (made.is === 'correct') return reported(made.actor, { kind: 'corrected', corrects: referral.ledHere.id })
  return said[made.nth % Math.max(said.length, 1)] ?? null
}

const legal: ReadonlySet<string> = new Set([...openStates, ...ends])

function checkStep(before: Referral, after: Referral, event: ReportedEvent): void {
  expect(legal.has(after.state)).toBe(true)
  const known = before.events.some((kept) => kept.id === event.id)
  if (known) expect(after).toBe(before)
  else expect(after.events.slice(0, -1)).toEqual(before.events)
  if (before.state !== after.state && event.kind !== 'corrected') {
    expect(rules[event.kind].from).toContain(before.state)
    expect(rules[event.kind].to).toBe(after.state)
    expect(rules[event.kind].by).toContain(event.actor.kind)
  }
  expect(nextDueAt(after, calendar) === null).toBe(isClosed(after))
  expect(wantedStep(after, first).of === 'nobody').toBe(isClosed(after))
}

test('no sequence of events reaches an undefined state, loses an event or leaves an open referral without a clock', () => {
  const endStates = new Set<string>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 40 }), (moves) => {
      let { referral, now } = aReferral()
      const said: ReportedEvent[] = []
      for (const made of moves) {
        now = new Date(now.getTime() + made.hours * 3_600_000)
        const event = eventOf(referral, made, said)
        if (event === null) continue
        const result = apply(referral, event, now)
        if (!result.ok) continue
        checkStep(referral, result.value, event)
        referral = result.value
        said.push(event)
      }
      expect(replay(referral.events)).toEqual(referral)
      endStates.add(referral.state)
    }),
    { numRuns: 10_000 },
  )
  expect([...endStates].sort()).toEqual([...legal].sort())
}, 60_000)

test('a referral that everybody forgets is reminded again and again or expires, and never strikes twice at once', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
      let { referral, now } = aReferral().sent()
      for (const made of moves) {
        now = new Date(now.getTime() + made.hours * 3_600_000)
        const event = eventOf(referral, made, [])
        const result = event === null ? null : apply(referral, event, now)
        if (result?.ok) referral = result.value
      }
      for (let strikes = 0; strikes < 8 && !isClosed(referral); strikes++) {
        const due = nextDueAt(referral, calendar)
        if (due === null) throw new Error('An open referral has no clock.')
        now = new Date(Math.max(due.getTime(), now.getTime()))
        const what = whatStrikes(referral, now, calendar)
        expect(what).not.toBeNull()
        const happens: Happening =
          what === 'expire'
            ? { kind: 'expired' }
            : { kind: 'reminded', whom: what === 'remind_partner' ? 'partner' : 'adviser' }
        const result = apply(referral, reported(waypost, happens), now)
        expect(result.ok).toBe(true)
        if (result.ok) referral = result.value
        expect(whatStrikes(referral, now, calendar)).toBeNull()
      }
    }),
    { numRuns: 500 },
  )
}, 60_000)
