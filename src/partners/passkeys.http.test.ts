import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { addTo, challengeAt, site, softAuthenticator } from '#platform/accounts/authenticator.testing.ts'
import { addPartners } from './partners.testing.ts'

let app: TestApp

beforeAll(async () => {
  app = await testApp({ env: { PUBLIC_URL: site.origin } })
})

afterAll(() => app.close())

test('a partner’s passkey opens the partners’ entrance alone, and one of staff not theirs', async () => {
  const [organizationId] = await addPartners(app, ['Bakery School'])
  const partner = await app.signInPartner({ organizationId: organizationId! })
  const theirs = softAuthenticator()
  expect((await addTo(partner, theirs, { prefix: '/partner' })).headers.location).toBe('/partner/account')
  const ours = softAuthenticator()
  await addTo(await app.signIn(), ours)
  const tryAt = async (entrance: string, device: typeof theirs) => {
    const { id, asked } = await challengeAt(app.stranger(), `${entrance}/passkey`)
    const answer = await app.stranger().post(`${entrance}/passkey`, { challenge: id, answer: device.use(asked) })
    return answer.statusCode
  }
  expect(await tryAt('/n/test/partner/sign-in', theirs)).toBe(303)
  expect(await tryAt('/n/test/sign-in', theirs)).toBe(400)
  expect(await tryAt('/n/test/partner/sign-in', ours)).toBe(400)
  expect(await tryAt('/n/test/sign-in', ours)).toBe(303)
})
