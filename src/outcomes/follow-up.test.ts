import { describe, expect, test } from 'vitest'
import { newId, type SiteId, type StaffId } from '#platform/ids.ts'
import { isAsked, isForThem } from './follow-up.ts'

const [me, colleague, gone] = [newId<'staff'>(), newId<'staff'>(), newId<'staff'>()]
const [here, elsewhere] = [newId<'site'>(), newId<'site'>()]
const asker = { id: me, siteIds: [here], managedSiteIds: [] as SiteId[], colleagues: new Set<StaffId>([me, colleague]) }

describe('the question how it goes', () => {
  test('stands on the list of the adviser, wherever the client is', () => {
    expect(isForThem({ adviserId: me, siteId: elsewhere }, asker)).toBe(true)
    expect(isForThem({ adviserId: colleague, siteId: here }, asker)).toBe(false)
  })

  test('about a client without an adviser stands on the lists of the site', () => {
    expect(isForThem({ adviserId: null, siteId: here }, asker)).toBe(true)
    expect(isForThem({ adviserId: null, siteId: elsewhere }, asker)).toBe(false)
  })

  test('about a client whose adviser has left stands on the lists of the site and of its manager', () => {
    expect(isForThem({ adviserId: gone, siteId: here }, asker)).toBe(true)
    expect(isForThem({ adviserId: gone, siteId: elsewhere }, { ...asker, managedSiteIds: [elsewhere] })).toBe(true)
  })

  test('is put to nobody about someone who died, or was never there', () => {
    expect(isAsked({ closedReason: 'died' })).toBe(false)
    expect(isAsked({ closedReason: 'registered_by_mistake' })).toBe(false)
    expect(isAsked({ closedReason: 'working' })).toBe(true)
    expect(isAsked({ closedReason: null })).toBe(true)
  })
})
