import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId, type OrganizationId } from '#platform/ids.ts'
import { clockedSteps, nextDueAt, usualLadders } from './clock.ts'
import { ladderOfDays, laddersFor, longestRung, type ClockRule } from './clock-rule.ts'
import { aReferral } from './referral.factory.ts'

const bakery: OrganizationId = newId()
const other: OrganizationId = newId()
const rule = (days: number, of: Partial<ClockRule> = {}): ClockRule => ({
  ...{ step: 'sent', serviceType: null, organizationId: null, ...of },
  ladder: [{ workingDays: days, then: 'remind_partner' }],
})
const firstRung = (rules: readonly ClockRule[], serviceType: string | null, organizationId = bakery) =>
  laddersFor(rules, { serviceType, organizationId }).sent[0].workingDays

test('the narrowest clock holds: partner and kind, then partner, then kind, then all, then the usual', () => {
  const all = rule(9)
  const kind = rule(8, { serviceType: 'mentoring' })
  const partner = rule(7, { organizationId: bakery })
  const both = rule(6, { serviceType: 'mentoring', organizationId: bakery })
  expect(firstRung([both, partner, kind, all], 'mentoring')).toBe(6)
  expect(firstRung([partner, kind, all], 'mentoring')).toBe(7)
  expect(firstRung([partner, kind, all], 'mentoring', other)).toBe(8)
  expect(firstRung([both, partner, kind, all], 'health', other)).toBe(9)
  expect(firstRung([both, partner, kind], 'health', other)).toBe(usualLadders.sent[0].workingDays)
})

test('the order in which clocks were set does not matter', () => {
  const rules = [rule(9), rule(8, { serviceType: 'mentoring' }), rule(7, { organizationId: bakery })]
  fc.assert(
    fc.property(fc.shuffledSubarray(rules, { minLength: 3 }), (shuffled) => {
      expect(firstRung(shuffled, 'mentoring')).toBe(7)
    }),
  )
})

test('other days keep who is told and in which order; days out of range make no ladder', () => {
  const day = fc.integer({ min: 1, max: longestRung })
  fc.assert(
    fc.property(fc.constantFrom(...clockedSteps), fc.array(day, { maxLength: 6 }), (step, days) => {
      const ladder = ladderOfDays(step, days)
      expect(ladder === null).toBe(days.length !== usualLadders[step].length)
      if (ladder === null) return
      expect(ladder.map(({ then }) => then)).toEqual(usualLadders[step].map(({ then }) => then))
      expect(ladder.map(({ workingDays }) => workingDays)).toEqual(days)
    }),
  )
  for (const wrong of [0, -1, 1.5, longestRung + 1, Number.NaN]) expect(ladderOfDays('ended', [wrong, 5])).toBeNull()
})

test('a longer clock never makes anything due earlier', () => {
  const calendar = { timeZone: 'Europe/Zurich', holidays: new Set<never>() }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (days) => {
      const due = (value: number) =>
        nextDueAt(aReferral().sent().referral, { ...calendar, ladders: { ...usualLadders, sent: rule(value).ladder } })!
      expect(due(days + 1).getTime()).toBeGreaterThan(due(days).getTime())
    }),
    { numRuns: 50 },
  )
})
