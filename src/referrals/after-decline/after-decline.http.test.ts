import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { addRequirement, findService } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'

let app: TestApp
let world: World
let adviser: TestBrowser & { readonly staffId: string }
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
})
afterAll(() => app.close())

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
const send = async (): Promise<ReferralId> => (await asJob((db) => sendOne(world, workFor(world, db, now)))).file.id
const kept = (id: ReferralId) => asJob((db) => findReferral(db, id))
const decline = (id: ReferralId, fields: Record<string, string>) =>
  adviser.post(`/referrals/${id}/decline`, { event: newId(), ...fields })

describe('not eligible', () => {
  test('names the requirement, which the adviser corrects in the directory in one click', async () => {
    const rule = await asJob((db) =>
      addRequirement(db, app.networkId, world.partner.serviceId, {
        ...{ rule: { kind: 'language', atLeast: 'B1' }, note: 'told by Ms Roth', by: null, now },
      }),
    )
    const id = await send()
    const form = await adviser.get(`/referrals/${id}/decline`)
    expect(form.body).toContain('Which one?')
    expect(form.body).toContain('B1')
    expect(form.body).toContain(
      '<input class="govuk-input govuk-date-input__input govuk-input--width-2" id="again-day"',
    )
    await decline(id, { reason: 'not_eligible', requirement: rule })
    expect((await kept(id))?.referral.ledHere).toMatchObject({ reason: 'not_eligible', requirementId: rule })
    const page = await adviser.get(`/referrals/${id}`)
    expect(page.body).toContain('Not met, says the partner')
    expect(page.body).toContain(`/services/${world.partner.serviceId}/requirements/${rule}`)
  })

  test('something else needs words; two taps without naming one are enough', async () => {
    const id = await send()
    const tried = await decline(id, { reason: 'not_eligible', requirement: 'other' })
    expect(tried.statusCode).toBe(400)
    expect(tried.body).toContain('href="#words"')
    expect((await decline(id, { reason: 'not_eligible' })).statusCode).toBe(303)
    expect((await kept(id))?.referral.ledHere).toMatchObject({ requirementId: null })
  })

  test('the bearer of the link reads the rules and not who told them', async () => {
    const id = await send()
    const scope = { role: 'link', networkId: app.networkId, organizationId: world.partner.id, referralId: id } as const
    const rows = await app.database.as(scope, (db) => db.selectFrom('requirements').select('rule').execute())
    expect(rows).toHaveLength(1)
    await expect(
      app.database.as(scope, (db) => db.selectFrom('requirements').select('note').execute()),
    ).rejects.toThrow()
  })
})

describe('no places', () => {
  test('empties the places of the service at once, and says when to ask again', async () => {
    const id = await send()
    const again = { 'again-day': '1', 'again-month': '5', 'again-year': '2026' }
    await decline(id, { reason: 'no_places', ...again })
    const service = await asJob((db) => findService(db, world.partner.serviceId))
    expect(service).toMatchObject({ placesFree: 0, placesBy: 'partner', placesAsOf: now })
    expect((await kept(id))?.referral.ledHere).toMatchObject({ tryAgainOn: '2026-05-01' })
    const page = await adviser.get(`/referrals/${id}`)
    expect(page.body).toMatch(/may be asked again on (<bdi>)?1 May 2026/)
    expect(page.body).toContain(`follows=${id}&amp;service=${world.partner.serviceId}`)
  })

  test('a day behind us is refused beside its field; another reason’s day is not read', async () => {
    const id = await send()
    const past = { 'again-day': '1', 'again-month': '5', 'again-year': '2020' }
    const tried = await decline(id, { reason: 'no_places', ...past })
    expect(tried.statusCode).toBe(400)
    expect(tried.body).toContain('href="#again"')
    expect((await decline(id, { reason: 'could_not_reach', ...past })).statusCode).toBe(303)
  })
})

describe('could not reach', () => {
  test('the next try is planned for the second working day unless another is named, and noted in the file', async () => {
    const id = await send()
    await decline(id, { reason: 'could_not_reach' })
    expect((await adviser.get(`/referrals/${id}`)).body).toContain(`/referrals/${id}/attempt`)
    const form = await adviser.get(`/referrals/${id}/attempt`)
    expect(form.body).toContain('+41791234567')
    expect(form.body).toMatch(/Wednesday,? 4 March 2026/)
    const done = await adviser.post(`/referrals/${id}/attempt`, { way: 'phone' })
    expect(done.headers.location).toBe(`/referrals/${id}`)
    const notes = await adviser.get(`/clients/${world.client.id}/notes`)
    expect(notes.body).toMatch(/Next try: Wednesday,? 4 March 2026, by phone[.]/)
    const past = { way: 'phone', 'attempt-day': '1', 'attempt-month': '3', 'attempt-year': '2026' }
    expect((await adviser.post(`/referrals/${id}/attempt`, past)).statusCode).toBe(400)
  })
})

test('each ended referral is referred again or elsewhere in one click, and a closed one no more', async () => {
  const id = await send()
  await decline(id, { reason: 'changed_mind' })
  const page = await adviser.get(`/referrals/${id}`)
  expect(page.body).toContain('Refer again to the same service')
  expect(page.body).toContain(`/clients/${world.client.id}/recommendations?follows=${id}`)
  await adviser.post(`/referrals/${id}/next-step`, { step: 'with_adviser', event: newId() })
  expect((await adviser.get(`/referrals/${id}`)).body).not.toContain('Refer elsewhere')
})
