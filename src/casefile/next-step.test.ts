import { expect, it } from 'vitest'
import { newId } from '#platform/ids.ts'
import { nextStep } from './next-step.ts'

const nothing = { openAssessment: null, hasAssessment: false, referrals: [] }
const assessed = { ...nothing, hasAssessment: true }

it('a new client is assessed first, and what was begun is finished first', () => {
  expect(nextStep(nothing)).toEqual({ kind: 'assess' })
  const openAssessment = newId<'assessment'>()
  expect(nextStep({ ...assessed, openAssessment })).toEqual({ kind: 'go_on_with_assessment', id: openAssessment })
})

it('an assessed client without a referral needs a service', () => {
  expect(nextStep(assessed)).toEqual({ kind: 'find_service' })
})

it('of several referrals the one that waits for the adviser comes first', () => {
  const [waiting, ended] = [newId<'referral'>(), newId<'referral'>()]
  const referrals = [
    { id: waiting, state: 'sent' },
    { id: ended, state: 'declined' },
  ] as const
  expect(nextStep({ ...assessed, referrals })).toEqual({ kind: 'see_referral', id: ended })
  expect(nextStep({ ...assessed, referrals: referrals.slice(0, 1) })).toEqual({ kind: 'see_referral', id: waiting })
})
