import { describe, expect, it } from 'vitest'
import { parseDay } from '#platform/dates.ts'
import { newId, type SiteId, type StaffId } from '#platform/ids.ts'
import { aClient } from './client.factory.ts'
import {
  ageOn,
  changesBetween,
  closeFile,
  isOutside,
  joinFiles,
  partFiles,
  reassignFile,
  reopenFile,
} from './client.ts'
import { restrictFile, unreachableWays } from './client.ts'

const now = new Date('2026-03-02T10:00:00Z')
const [adviser, colleague] = [newId<'staff'>(), newId<'staff'>()] as const satisfies readonly StaffId[]

describe('a file', () => {
  it('is closed with a reason once, and reopened without it', () => {
    const closed = closeFile(aClient(), 'working', now)
    expect(closed).toMatchObject({ ok: true, value: { status: 'closed', closedReason: 'working', closedAt: now } })
    if (!closed.ok) return
    expect(closeFile(closed.value, 'other', now)).toEqual({ ok: false, problem: 'already_closed' })
    expect(reopenFile(closed.value)).toMatchObject({
      ok: true,
      value: { status: 'open', closedReason: null, closedAt: null },
    })
    expect(reopenFile(aClient())).toEqual({ ok: false, problem: 'already_open' })
  })

  it('tells what changed, with before and after', () => {
    const before = aClient({ phones: ['0791112233'] })
    expect(changesBetween(before, { ...before, phones: [], name: 'Layla' })).toEqual({
      name: { before: 'Leila', after: 'Layla' },
      phones: { before: ['0791112233'], after: [] },
    })
    expect(changesBetween(before, { ...before })).toEqual({})
  })

  it('gives no age before birth or without a birth date', () => {
    expect(ageOn({ birthDate: parseDay('1990-03-03') }, parseDay('2026-03-02')!)).toBe(35)
    expect(ageOn({ birthDate: null }, parseDay('2026-03-02')!)).toBeNull()
    expect(ageOn({ birthDate: parseDay('2030-01-01') }, parseDay('2026-03-02')!)).toBeNull()
  })

  it('names the ways to reach someone that lack an address or number', () => {
    const person = { phones: [], email: null, address: 'Harbour Street 1' }
    expect(unreachableWays({ ...person, reachedBy: ['phone', 'email', 'letter', 'in_person'] })).toEqual([
      'phone',
      'email',
    ])
  })
})

describe('a restricted file', () => {
  it('never leaves out its adviser or whoever restricts it', () => {
    const client = aClient({ adviserId: adviser })
    expect(restrictFile(client, [adviser], colleague)).toEqual({ ok: false, problem: 'actor_left_out' })
    expect(restrictFile(client, [colleague], colleague)).toEqual({ ok: false, problem: 'adviser_left_out' })
    expect(restrictFile(client, [adviser, colleague, adviser], colleague)).toMatchObject({
      value: { restrictedTo: [adviser, colleague] },
    })
    expect(restrictFile(client, null, colleague)).toMatchObject({ value: { restrictedTo: null } })
  })

  it('lets its new adviser in', () => {
    const client = aClient({ restrictedTo: [adviser], adviserId: adviser })
    const given = reassignFile(client, { siteId: client.siteId, adviserId: colleague })
    expect(given).toMatchObject({ value: { adviserId: colleague, restrictedTo: [adviser, colleague] } })
    expect(reassignFile(client, { siteId: client.siteId, adviserId: adviser })).toEqual({
      ok: false,
      problem: 'nothing_changed',
    })
  })
})

describe('two files that prove to be one', () => {
  const survivor = aClient({ phones: ['0791112233'], accessNeeds: ['quiet_space'], accessWords: 'Mornings are hard' })
  const absorbed = aClient({
    ...{ name: 'Layla', birthDate: parseDay('1990-03-04'), phones: ['0791112233', '0445556677'], reachedBy: ['phone'] },
    ...{
      accessNeeds: ['sign_language'],
      accessWords: 'Brings her sister',
      needsInterpreter: true,
      restrictedTo: [adviser],
    },
  })

  it('join: what was not known is taken over, lists are united, the restriction holds', () => {
    expect(joinFiles(survivor, absorbed)).toMatchObject({
      value: {
        ...{ id: survivor.id, name: 'Leila', birthDate: '1990-03-04', phones: ['0791112233', '0445556677'] },
        ...{ reachedBy: ['phone', 'in_person'], accessNeeds: ['sign_language', 'quiet_space'], needsInterpreter: true },
        ...{ accessWords: 'Mornings are hard\nBrings her sister', restrictedTo: [adviser] },
      },
    })
  })

  it('do not join a file with itself, a merged one, or two that nobody may see together', () => {
    expect(joinFiles(survivor, survivor)).toMatchObject({ problem: 'same_file' })
    expect(joinFiles(survivor, { ...absorbed, mergedInto: newId() })).toMatchObject({ problem: 'already_merged' })
    expect(joinFiles({ ...survivor, restrictedTo: [colleague] }, absorbed)).toMatchObject({ problem: 'nobody_left' })
  })

  it('part again: what the merge brought goes back, what was changed since stays', () => {
    const joined = joinFiles(survivor, absorbed)
    if (!joined.ok) throw new Error('They join.')
    const moved = changesBetween(survivor, joined.value)
    const later = { ...joined.value, birthDate: parseDay('1990-04-03') }
    const parted = partFiles(later, moved)
    expect(changesBetween(survivor, parted)).toEqual({ birthDate: { before: null, after: '1990-04-03' } })
  })
})

it('opening a file asks for a reason only outside the own sites, and never of the adviser responsible', () => {
  const site = newId<'site'>() satisfies SiteId
  const client = aClient({ siteId: site, adviserId: adviser })
  expect(isOutside(client, { id: colleague, siteIds: [site] })).toBe(false)
  expect(isOutside(client, { id: adviser, siteIds: [] })).toBe(false)
  expect(isOutside(client, { id: colleague, siteIds: [newId()] })).toBe(true)
})
