import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRequirement, type Facts, type Rule } from '#directory/index.ts'
import { parseDay } from '#platform/dates.ts'
import { checkBeforeSending, type FitPoint, type Sending } from './check.ts'
import { markOf, stopsLeft, waysOut } from './finding.ts'

const nothing: Sending = {
  closed: null,
  requirements: [],
  points: [],
  open: [],
  answering: [],
  hasAddress: true,
  consentWithdrawnOn: null,
  isRestricted: false,
}

const asks = (rule: Rule, facts: Facts, isNegotiable = false) => ({
  ...{ id: '0190f0c8-0000-7000-8000-000000000001', rule, isNegotiable },
  check: checkRequirement(rule, facts),
})
const adult: Rule = { kind: 'age', from: 18 }
const codes = (sending: Partial<Sending>) => checkBeforeSending({ ...nothing, ...sending }).map(({ code }) => code)
const against = (key: string, values: FitPoint['values'] = {}): FitPoint => ({ side: 'against', key, values })

test('nothing stands in the way of a service that fits', () => {
  expect(codes({ requirements: [asks(adult, { age: 30 })], points: [{ ...against('near'), side: 'for' }] })).toEqual([])
})

describe('a requirement', () => {
  test('that is not met on known facts stops; one that is not known asks for the fact that settles it', () => {
    const [stop] = checkBeforeSending({ ...nothing, requirements: [asks(adult, { age: 17 })] })
    expect(stop).toMatchObject({ code: 'requirement_not_met', level: 'stop' })
    expect(stopsLeft([stop!], [markOf(stop!)])).toHaveLength(1)
    const [open] = checkBeforeSending({ ...nothing, requirements: [asks(adult, {})] })
    expect(open).toMatchObject({
      code: 'requirement_unknown',
      level: 'warning',
      requirement: { check: { facts: ['age'] } },
    })
    expect(open?.waysOut).toContain('ask_client')
  })

  test('of which the partner makes exceptions is passed by saying so, and only that one', () => {
    const found = checkBeforeSending({ ...nothing, requirements: [asks(adult, { age: 17 }, true)] })
    expect(stopsLeft(found, [])).toHaveLength(1)
    expect(stopsLeft(found, ['requirement_not_met:0190f0c8-0000-7000-8000-000000000002'])).toHaveLength(1)
    expect(stopsLeft(found, [markOf(found[0]!)])).toHaveLength(0)
  })
})

describe('other referrals', () => {
  const one = { id: 'x', reference: 'R-1' }
  test('an open one to the same service stops and can be opened instead; one to the same partner is pointed out', () => {
    expect(codes({ open: [{ ...one, isSameService: true }] })).toEqual(['same_open'])
    expect(codes({ open: [{ ...one, isSameService: false }] })).toEqual(['same_partner_open'])
  })

  test('a partner that let the last three run past their time is pointed out; one answer in between clears it', () => {
    const silent = { state: 'expired', isPastClock: true }
    const late = { state: 'sent', isPastClock: true }
    const young = { state: 'sent', isPastClock: false }
    const answered = { state: 'declined', isPastClock: false }
    expect(codes({ answering: [young, silent, late, silent] })).toEqual(['partner_silent'])
    expect(codes({ answering: [silent, late] })).toEqual([])
    expect(codes({ answering: [silent, answered, silent, silent] })).toEqual([])
  })
})

test('several access needs that are not named are one line', () => {
  const points = [
    against('access_not_named', { access: 'step_free' }),
    against('access_not_named', { access: 'braille' }),
  ]
  const found = checkBeforeSending({ ...nothing, points })
  expect(found.map(({ values }) => values)).toEqual([{ access: ['step_free', 'braille'] }])
})

describe('whatever is known', () => {
  const keys = [
    ...['places_none', 'places_old', 'places_unknown', 'starts_late', 'start_past', 'farther_than_willing', 'far'],
    ...['home_unknown', 'no_language', 'language_unknown', 'access_not_named', 'access_unknown', 'not_remote'],
    ...['hours_not_free', 'hours_unknown', 'costs', 'near', 'need', 'something_new'],
  ]
  const point = fc.record({
    side: fc.constantFrom('for' as const, 'against' as const, 'unknown' as const),
    key: fc.constantFrom(...keys),
    values: fc.constantFrom<FitPoint['values'][]>({}, { access: 'step_free' }, { minutes: 90 }),
  })
  const requirement = fc
    .record({ age: fc.option(fc.integer({ min: 10, max: 70 }), { nil: undefined }), negotiable: fc.boolean() })
    .map(({ age, negotiable }) => asks(adult, age === undefined ? {} : { age }, negotiable))
  const sendings: fc.Arbitrary<Sending> = fc.record({
    closed: fc.constantFrom(null, null, 'inactive', 'gone'),
    requirements: fc.array(requirement, { maxLength: 3 }),
    points: fc.array(point, { maxLength: 8 }),
    open: fc.array(fc.record({ id: fc.constant('x'), reference: fc.constant('R'), isSameService: fc.boolean() }), {
      maxLength: 2,
    }),
    answering: fc.array(
      fc.record({ state: fc.constantFrom('sent', 'expired', 'accepted'), isPastClock: fc.boolean() }),
      { maxLength: 5 },
    ),
    hasAddress: fc.boolean(),
    consentWithdrawnOn: fc.constantFrom(null, parseDay('2026-03-01')),
    isRestricted: fc.boolean(),
  })

  test('no stop stands without a rule that says so', () => {
    fc.assert(
      fc.property(sendings, (sending) => {
        const found = checkBeforeSending(sending).filter(({ level }) => level === 'stop')
        const allowed =
          (sending.closed === null ? 0 : 1) +
          sending.requirements.filter(({ check }) => check.answer === 'does_not_meet').length +
          (sending.open.some(({ isSameService }) => isSameService) ? 1 : 0) +
          (sending.consentWithdrawnOn === null ? 0 : 1)
        expect(found).toHaveLength(allowed)
      }),
    )
  })

  test('the same knowledge gives the same findings, stops before warnings before notes, each with a way out', () => {
    const order = { stop: 0, warning: 1, note: 2 }
    fc.assert(
      fc.property(sendings, (sending) => {
        const found = checkBeforeSending(sending)
        expect(checkBeforeSending(structuredClone(sending))).toEqual(found)
        const levels = found.map(({ level }) => order[level])
        expect(levels).toEqual(levels.toSorted((a, b) => a - b))
        for (const each of found) {
          expect(each.waysOut.length).toBeGreaterThan(0)
          for (const way of each.waysOut) expect(waysOut).toContain(way)
        }
      }),
    )
  })
})
