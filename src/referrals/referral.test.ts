import { describe, expect, test } from 'vitest'
import { newId } from '#platform/ids.ts'
import { aReferral, bakery, dayOfText, firstMeeting, mara, noor, reported, waypost } from './referral.factory.ts'
import { apply, correctableEvent, isClosed, replay, unseenChange } from './referral.ts'
import { taskStatusOf } from './fhir-status.ts'
import { afterDecline } from './reason.ts'

const later = new Date('2026-03-20T09:00:00Z')

describe('a referral moves as its events say', () => {
  test('from draft to completion, and is closed only with the next step', () => {
    const ended = aReferral()
      .sent()
      .accepted(firstMeeting)
      .at('2026-03-20T09:00:00Z')
      .attended('2026-03-12')
      .completed('2026-03-19')
    expect(ended.referral.state).toBe('completed')
    expect(isClosed(ended.referral)).toBe(false)
    const closed = ended.then(mara, { kind: 'next_step_recorded', step: 'working' })
    expect(closed.referral.state).toBe('completed')
    expect(isClosed(closed.referral)).toBe(true)
  })

  test('the first attendance moves accepted to under way; further ones keep it there and the first day stands', () => {
    const begun = aReferral().sent().accepted().at('2026-03-20T09:00:00Z').attended('2026-03-12').attended('2026-03-10')
    expect(begun.referral.state).toBe('under_way')
    expect(begun.referral.firstAttendedOn).toBe('2026-03-10')
  })

  test('an answer to what the partner asked sends it again', () => {
    expect(aReferral().sent().asked().sent().referral.state).toBe('sent')
  })

  test('a missed appointment is followed up and does not end the referral', () => {
    const missed = aReferral()
      .sent()
      .accepted(firstMeeting)
      .at('2026-03-13T09:00:00Z')
      .then(bakery, { kind: 'did_not_attend', on: dayOfText('2026-03-12'), reason: 'transport' })
    expect(missed.referral.state).toBe('accepted')
    expect(missed.referral.missedAppointment).toBe(true)
    expect(missed.then(mara, { kind: 'appointment_made', appointment: firstMeeting }).referral.missedAppointment).toBe(
      false,
    )
  })
})

describe('a late or doubled event never breaks it', () => {
  test('the same event twice is one event, and the referral stays the very same', () => {
    const sent = aReferral().sent().referral
    const answer = reported(bakery, { kind: 'accepted', appointment: firstMeeting })
    const once = apply(sent, answer, later)
    const twice = once.ok ? apply(once.value, answer, later) : once
    expect(once.ok && twice.ok && twice.value === once.value).toBe(true)
  })

  test('a second answer hears who has already answered', () => {
    const { referral } = aReferral().sent().accepted()
    const second = apply(referral, reported(mara, { kind: 'declined', by: 'client', reason: 'too_far' }), later)
    expect(second).toMatchObject({ ok: false, problem: { code: 'already_answered', state: 'accepted', by: bakery } })
  })

  test('an answer after the end hears how it ended', () => {
    const { referral } = aReferral().sent().then(mara, { kind: 'withdrawn', reason: 'sent_by_mistake' })
    const late = apply(referral, reported(bakery, { kind: 'accepted', appointment: null }), later)
    expect(late).toMatchObject({ ok: false, problem: { code: 'already_ended', state: 'withdrawn' } })
  })

  test('attendance before acceptance is not yet possible', () => {
    const early = apply(
      aReferral().sent().referral,
      reported(bakery, { kind: 'attended', on: dayOfText('2026-03-10') }),
      later,
    )
    expect(early).toMatchObject({ ok: false, problem: { code: 'not_now' } })
  })

  test('nobody attended on a day that has not come', () => {
    const { referral } = aReferral().sent().accepted()
    const future = apply(referral, reported(bakery, { kind: 'attended', on: dayOfText('2026-03-22') }), later)
    expect(future).toMatchObject({ ok: false, problem: { code: 'in_the_future' } })
  })

  test('each actor keeps to what is theirs', () => {
    const { referral } = aReferral().sent()
    expect(apply(referral, reported(bakery, { kind: 'withdrawn', reason: 'adviser_other' }), later)).toMatchObject({
      problem: { code: 'not_theirs' },
    })
    expect(apply(referral, reported(noor, { kind: 'accepted', appointment: null }), later)).toMatchObject({
      problem: { code: 'not_theirs' },
    })
    expect(apply(referral, reported(waypost, { kind: 'declined', by: 'partner', reason: 'no_places' }), later).ok).toBe(
      false,
    )
    expect(apply(referral, reported(noor, { kind: 'declined', by: 'client', reason: 'changed_mind' }), later).ok).toBe(
      true,
    )
  })
})

describe('a mistake can be taken back', () => {
  test('a wrong decline is undone and the referral waits for its answer again', () => {
    const declined = aReferral().sent().declined()
    const undone = declined.then(mara, { kind: 'corrected', corrects: declined.referral.ledHere.id })
    expect(undone.referral.state).toBe('sent')
    expect(undone.accepted().referral.state).toBe('accepted')
    expect(undone.referral.events).toHaveLength(4)
  })

  test('a next step told of an end that never was does not close it', () => {
    const closed = aReferral().sent().declined().then(mara, { kind: 'next_step_recorded', step: 'working' })
    const undone = closed.then(mara, { kind: 'corrected', corrects: closed.referral.ledHere.id })
    expect(undone.referral.nextStep).toBeNull()
    expect(isClosed(undone.declined().referral)).toBe(false)
  })

  test('what went out stays out: sending and withdrawing are not undone, nor the adviser’s word by the partner', () => {
    expect(correctableEvent(aReferral().sent().referral, 'adviser')).toBeNull()
    const withdrawn = aReferral().sent().then(mara, { kind: 'withdrawn', reason: 'consent_withdrawn' })
    expect(correctableEvent(withdrawn.referral, 'adviser')).toBeNull()
    const byPhone = aReferral().sent().then(mara, { kind: 'accepted', appointment: null })
    expect(correctableEvent(byPhone.referral, 'partner')).toBeNull()
    const wrong = reported(mara, { kind: 'corrected', corrects: newId() })
    expect(apply(byPhone.referral, wrong, later)).toMatchObject({ problem: { code: 'cannot_be_corrected' } })
  })

  test('an expired referral is opened again when the partner answers after all', () => {
    const expired = aReferral().sent().then(waypost, { kind: 'expired' })
    const again = expired.then(mara, { kind: 'corrected', corrects: expired.referral.ledHere.id })
    expect(again.accepted().referral.state).toBe('accepted')
  })
})

test('a page drawn at an older version is told what it did not show; reading and reminding do not count', () => {
  const sent = aReferral().sent()
  const seen = sent.referral.events.length
  const read = sent.then(bakery, { kind: 'opened' }).reminded()
  expect(unseenChange(read.referral, seen)).toBeNull()
  expect(unseenChange(read.accepted().referral, seen)).toMatchObject({ kind: 'accepted' })
})

test('replaying the kept events gives the same referral, and a history without its draft is damaged', () => {
  const { referral } = aReferral().sent().asked().sent().accepted(firstMeeting)
  expect(replay(referral.events)).toEqual(referral)
  expect(() => replay(referral.events.slice(1))).toThrow('begins with its draft')
  expect(() => replay([])).toThrow()
})

test('an acceptance is undone until a meeting was booked on it', () => {
  const accepted = aReferral().sent().accepted()
  expect(correctableEvent(accepted.referral, 'partner')?.kind).toBe('accepted')
  const booked = accepted.then(mara, { kind: 'appointment_made', appointment: firstMeeting })
  expect(correctableEvent(booked.referral, 'adviser')).toBeNull()
  const tried = reported(mara, { kind: 'corrected', corrects: accepted.referral.ledHere.id })
  expect(apply(booked.referral, tried, later)).toMatchObject({ ok: false, problem: { code: 'cannot_be_corrected' } })
})

test('states have their names in FHIR', () => {
  expect(taskStatusOf('waiting_list')).toEqual({ status: 'requested', businessStatus: 'waiting_list' })
  expect(taskStatusOf('ended_early')).toEqual({ status: 'failed', businessStatus: 'ended_early' })
  expect(taskStatusOf('under_way').status).toBe('in-progress')
})

test('the reason of a decline sets what happens next', () => {
  expect(afterDecline('not_eligible')).toBe('correct_requirement')
  expect(afterDecline('no_places')).toBe('ask_again_later')
  expect(afterDecline('could_not_reach')).toBe('try_to_reach')
  expect(afterDecline('changed_mind')).toBe('choose_again')
})
