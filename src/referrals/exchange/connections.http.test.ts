import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestBrowser } from '#app.testing.ts'
import { newId } from '#platform/ids.ts'
import { anExchange, type ExchangeWorld } from './exchange.testing.ts'

let exchange: ExchangeWorld
let lead: TestBrowser

beforeAll(async () => {
  exchange = await anExchange({ env: { WEBHOOK_HOSTS: 'localhost:4000' } })
  lead = await exchange.app.signInPartner({ organizationId: exchange.world.partner.id, isLead: true })
})
afterAll(() => exchange.app.close())

const webhook = { address: 'https://hooks.example.org/waypost', events: ['referral.sent', 'referral.message'] }

describe('connections', () => {
  test('are for the lead of a team alone', async () => {
    const colleague = await exchange.app.signInPartner({ organizationId: exchange.world.partner.id })
    for (const path of ['', '/tokens/new', '/webhooks/new'])
      expect((await colleague.get(`/connections${path}`)).statusCode).toBe(403)
    expect((await colleague.post('/connections/tokens', { label: 'x' })).statusCode).toBe(403)
    expect((await exchange.app.stranger().get('/connections')).headers.location).toContain('/partner/sign-in')
    expect((await (await exchange.app.signIn()).get('/connections')).statusCode).toBe(303)
    expect((await colleague.get('/team')).body).not.toContain('/connections')
    expect((await lead.get('/team')).body).toContain('/connections')
  })

  test('say what to do while nothing is connected', async () => {
    const other = await exchange.app.signInPartner({ organizationId: exchange.world.otherPartner.id, isLead: true })
    const shown = await other.get('/connections')
    expect(shown.body).toContain('No program is connected yet')
    expect(shown.body).toContain('/fhir/R4')
  })
})

describe('a token', () => {
  const made = /<textarea[^>]*>([^<]+)<\/textarea>/

  test('is shown once, works, and stops working when it is revoked', async () => {
    const id = newId()
    const form = { token: id, label: 'Case system', scopes: ['read'], months: '12' }
    const answer = await lead.post('/connections/tokens', form)
    const bearer = made.exec(answer.body)?.[1] ?? ''
    expect((await exchange.call('GET', '/Task', undefined, { bearer })).statusCode).toBe(200)
    // A form sent twice makes one, and shows the same.
    expect(made.exec((await lead.post('/connections/tokens', form)).body)?.[1]).toBe(bearer)
    const list = await lead.get('/connections')
    expect(list.body).toContain('Case system')
    expect(list.body).not.toContain(bearer.split('.')[1])
    exchange.app.setNow(new Date(exchange.now.getTime() + 3_600_000))
    expect((await lead.post('/connections/tokens', form)).headers.location).toBe('/connections')
    expect((await lead.get(`/connections/tokens/${id}/revoke`)).body).toContain('Revoke this token?')
    expect((await lead.post(`/connections/tokens/${id}/revoke`)).statusCode).toBe(303)
    expect((await exchange.call('GET', '/Task', undefined, { bearer })).statusCode).toBe(401)
    exchange.app.setNow(exchange.now)
  })

  test('needs a name and something that it may do, and keeps what was typed', async () => {
    const answer = await lead.post('/connections/tokens', { token: newId(), label: '', months: '3' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('Say which program it is for')
    expect(answer.body).toContain('Choose what it may do')
    expect(answer.body).toMatch(/value="3" checked/)
  })

  test("of another organisation's is not there", async () => {
    const other = await exchange.app.signInPartner({ organizationId: exchange.world.otherPartner.id, isLead: true })
    const id = newId()
    await other.post('/connections/tokens', { token: id, label: 'Theirs', scopes: ['read'], months: '3' })
    expect((await lead.get('/connections')).body).not.toContain('Theirs')
    expect((await lead.post(`/connections/tokens/${id}/revoke`)).statusCode).toBe(404)
  })
})

describe('a webhook', () => {
  test('is added once, shows its secret on demand, is tested and removed', async () => {
    const id = newId()
    const added = await lead.post('/connections/webhooks', { ...webhook, endpoint: id })
    expect(added.headers.location).toBe(`/connections/webhooks/${id}`)
    await lead.post('/connections/webhooks', { ...webhook, endpoint: id })
    expect((await lead.get('/connections')).body.match(/hooks\.example\.org/g)).toHaveLength(1)
    const page = await lead.get(`/connections/webhooks/${id}`)
    expect(page.body).toContain('https://hooks.example.org/waypost')
    expect(page.body).not.toContain('whsec_')
    expect((await lead.post(`/connections/webhooks/${id}/secret`)).body).toMatch(/whsec_[A-Za-z0-9+/]{43}=/)
    await lead.post(`/connections/webhooks/${id}/test`)
    expect((await lead.get(`/connections/webhooks/${id}`)).body).toContain('not tried yet')
    await lead.post(`/connections/webhooks/${id}/remove`)
    expect((await lead.get(`/connections/webhooks/${id}`)).statusCode).toBe(404)
  })

  test('leads to the open internet, or where the operator allows it', async () => {
    const wrong = {
      'http://hooks.example.org': 'https://',
      'https://169.254.169.254/latest': 'private network',
      x: 'whole',
    }
    for (const [address, words] of Object.entries(wrong)) {
      const answer = await lead.post('/connections/webhooks', { ...webhook, endpoint: newId(), address })
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain(words)
      expect(answer.body).toContain('href="#address"')
    }
    const trusted = { ...webhook, endpoint: newId(), address: 'http://localhost:4000/hook' }
    expect((await lead.post('/connections/webhooks', trusted)).statusCode).toBe(303)
  })

  test("of another organisation's is not there", async () => {
    const id = newId()
    await lead.post('/connections/webhooks', { ...webhook, endpoint: id })
    const other = await exchange.app.signInPartner({ organizationId: exchange.world.otherPartner.id, isLead: true })
    expect((await other.get(`/connections/webhooks/${id}`)).statusCode).toBe(404)
    for (const act of ['secret', 'test', 'resume', 'remove'])
      expect((await other.post(`/connections/webhooks/${id}/${act}`)).statusCode).toBe(404)
  })
})
