import { expect, it } from 'vitest'
import { parseDay } from '#platform/dates.ts'
import { newId, type OrganizationId } from '#platform/ids.ts'
import { consentsOn, hasConsent, type ConsentEvent } from './consent.ts'

const today = parseDay('2026-03-02')!
const partner: OrganizationId = newId()

function given(particulars: Partial<ConsentEvent> = {}): ConsentEvent {
  return {
    ...{
      id: newId<'consent'>(),
      clientId: newId<'client'>(),
      event: 'given',
      withdraws: null,
      purpose: 'share_for_referral',
    },
    ...{
      what: ['name', 'phone'],
      organizationId: partner,
      referralId: null,
      recipient: null,
      until: null,
      how: 'spoken',
      toldBy: 'client',
    },
    ...{ recordedBy: null, happenedAt: new Date('2026-02-01T09:00:00Z') },
    ...particulars,
  }
}

it('a consent holds to its last day and not beyond', () => {
  expect(consentsOn([given({ until: today })], today)[0]?.state).toBe('holds')
  expect(consentsOn([given({ until: parseDay('2026-03-01') })], today)[0]?.state).toBe('ended')
})

it('a withdrawal ends the consent that it names, and no other', () => {
  const [first, second] = [given(), given({ happenedAt: new Date('2026-02-02T09:00:00Z') })] as const
  const withdrawnAt = new Date('2026-02-03T09:00:00Z')
  const events = [first, second, given({ event: 'withdrawn', withdraws: first.id, happenedAt: withdrawnAt })]
  expect(consentsOn(events, today).map(({ id, state, withdrawnAt }) => [id, state, withdrawnAt])).toEqual([
    [second.id, 'holds', null],
    [first.id, 'withdrawn', withdrawnAt],
  ])
})

it('consent to share with one partner is none to share with another', () => {
  const consents = consentsOn([given()], today)
  expect(hasConsent(consents, 'share_for_referral', partner)).toBe(true)
  expect(hasConsent(consents, 'share_for_referral', newId())).toBe(false)
  expect(hasConsent(consents, 'contact')).toBe(false)
})
