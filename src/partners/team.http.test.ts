import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { addOrganizations } from '#directory/index.ts'
import type { OrganizationId } from '#platform/ids.ts'

let app: TestApp
let bakery: OrganizationId
let harbour: OrganizationId

beforeAll(async () => {
  app = await testApp()
  const { database, networkId } = app
  const named = ['Bakery School', 'Harbour Works'].map((name) => ({ name, description: name }))
  const ids = await database.as({ networkId, role: 'job' }, (db) => addOrganizations(db, networkId, named, new Date()))
  bakery = ids[0]!
  harbour = ids[1]!
})

afterAll(() => app.close())

describe('a partner who is signed in', () => {
  test('sees the own team and nobody of another organisation', async () => {
    await app.signInPartner({ organizationId: harbour, name: 'Hanno Harbour' })
    const browser = await app.signInPartner({ organizationId: bakery, name: 'Berta Bakery' })
    const { body } = await browser.get('/team')
    expect(body).toContain('Berta Bakery')
    expect(body).not.toContain('Hanno Harbour')
  })

  test('opens no page of staff, and staff none of theirs', async () => {
    const partner = await app.signInPartner({ organizationId: bakery })
    const refused = await partner.get('/account')
    expect([refused.statusCode, refused.headers.location]).toEqual([303, '/sign-in'])
    const staff = await app.signIn()
    const turned = await staff.get('/team')
    expect([turned.statusCode, turned.headers.location]).toEqual([303, '/partner/sign-in'])
  })
})
