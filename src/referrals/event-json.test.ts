import { expect, test } from 'vitest'
import { newId } from '#platform/ids.ts'
import { happeningFromRow, payloadOf } from './event-json.ts'
import { dayOfText, firstMeeting } from './referral.factory.ts'
import { rules } from './referral.ts'
import type { Happening } from './event.ts'

const on = dayOfText('2026-03-12')
const one: readonly Happening[] = [
  ...(['drafted', 'sent', 'more_information_asked', 'expired', 'opened', 'message'] as const).map((kind) => ({ kind })),
  ...(['link_renewed', 'link_revoked', 'attachment_added'] as const).map((kind) => ({ kind })),
  { kind: 'shared_changed', added: ['phone'], removed: [], refreshed: ['email'] },
  { kind: 'waiting_list', expectedOn: null },
  { kind: 'accepted', appointment: firstMeeting },
  { kind: 'declined', by: 'client', reason: 'too_far' },
  { kind: 'attended', on },
  { kind: 'did_not_attend', on, reason: 'ill' },
  { kind: 'completed', on, result: 'achieved' },
  { kind: 'ended_early', on, reason: 'health' },
  { kind: 'withdrawn', reason: 'consent_withdrawn' },
  { kind: 'appointment_made', appointment: { ...firstMeeting, time: null } },
  { kind: 'reminded', whom: 'manager' },
  { kind: 'delivery_failed', cause: 'no_address' },
  { kind: 'reassigned', to: 'Ada', side: 'partner' },
  { kind: 'corrected', corrects: newId() },
  { kind: 'next_step_recorded', step: 'working' },
]

test('every kind of event comes back from the database as it went in', () => {
  expect(new Set(one.map(({ kind }) => kind))).toEqual(new Set(Object.keys(rules)))
  for (const happening of one) {
    const kept: unknown = JSON.parse(payloadOf(happening))
    expect(happeningFromRow(happening.kind, kept)).toEqual(happening)
  }
})

test('an event that lacks what must come with it is refused', () => {
  for (const happening of one) {
    const { kind, ...payload } = happening
    for (const field of rules[kind].needs) {
      const lacking = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== field))
      expect(() => happeningFromRow(kind, lacking), `${kind} without ${field}`).toThrow()
    }
  }
})

test('a damaged row is thrown, never guessed', () => {
  expect(() => happeningFromRow('attended', {})).toThrow()
  expect(() => happeningFromRow('declined', { by: 'client', reason: 'no_places' })).toThrow()
  expect(() => happeningFromRow('flown_away', {})).toThrow()
})

test('a change of what is shared that was kept before its fields were said names none', () => {
  expect(happeningFromRow('shared_changed', {})).toEqual({
    kind: 'shared_changed',
    added: [],
    removed: [],
    refreshed: [],
  })
})
