import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactId, OrganizationId } from '#platform/ids.ts'
import { accountActs, mayActInTeam, possibleActs, type AccountAct, type Contact, type ContactState } from './contact.ts'

const aContact = (id: string, state: ContactState, isLead = false): Contact => ({
  id: id as ContactId,
  organizationId: 'o' as OrganizationId,
  ...{ name: id, title: null, email: `${id}@example.org`, phone: null, locale: 'en', reachedBy: 'email' },
  ...{ state, isLead },
})

/** What becomes of a contact, as `actOnAccount` writes it. */
function after(contact: Contact, act: AccountAct): Contact {
  switch (act) {
    case 'invite':
      return contact.state === 'active' ? contact : { ...contact, state: 'invited' }
    case 'sign_out':
      return contact
    case 'lead':
    case 'not_lead':
      return { ...contact, isLead: act === 'lead' }
    case 'end':
    case 'leave':
      return { ...contact, state: act === 'end' ? 'none' : 'left', isLead: false }
  }
}

describe('a team that looks after its own accounts', () => {
  test('always keeps somebody who does, whatever its leads do in whatever order', () => {
    const step = fc.record({ who: fc.nat(3), act: fc.constantFrom(...accountActs), setsPassword: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let team = [
          aContact('a', 'active', true),
          aContact('b', 'active'),
          aContact('c', 'none'),
          aContact('d', 'left'),
        ]
        for (const { who, act, setsPassword } of steps) {
          const contact = team[who]!
          if (mayActInTeam(team, contact, act).ok)
            team = team.map((each) => (each === contact ? after(each, act) : each))
          if (setsPassword) team = team.map((each) => (each.state === 'invited' ? { ...each, state: 'active' } : each))
          if (!team.some(({ isLead, state }) => isLead && state === 'active')) return false
          // The database refuses a lead without an account.
          if (team.some(({ isLead, state }) => isLead && (state === 'none' || state === 'left'))) return false
        }
        return true
      }),
    )
  })

  test('does what is possible now and nothing else', () => {
    expect(mayActInTeam([], aContact('a', 'left'), 'lead')).toEqual({ ok: false, problem: 'no_longer' })
    expect(possibleActs({ ...aContact('a', 'none'), email: null })).toEqual(['leave'])
    expect(possibleActs({ ...aContact('a', 'left'), email: null })).toEqual([])
  })

  test('an invited lead has not come in yet: the last one who has stays', () => {
    const lead = aContact('a', 'active', true)
    const invited = aContact('b', 'invited', true)
    expect(mayActInTeam([lead, invited], lead, 'leave')).toEqual({ ok: false, problem: 'last_lead' })
    const joined = { ...invited, state: 'active' } as const
    expect(mayActInTeam([lead, joined], lead, 'leave').ok).toBe(true)
  })
})
