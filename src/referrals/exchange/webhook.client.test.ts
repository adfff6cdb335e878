import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextTryAt, mostTries } from './webhook-event.ts'
import { isPublic, readWebhookAddress, type ResolvedAddress } from './webhook-address.guard.ts'
import { post } from './webhook.client.ts'

let server: http.Server
let port: number
const asked: string[] = []
const slow = 'http://slow.example'

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.host}`)
    if (request.url === '/slow') return
    if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end()
    else if (request.url === '/long') response.writeHead(200).end('x'.repeat(5_000_000))
    else response.writeHead(request.url === '/busy' ? 503 : 204, { 'retry-after': '120' }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const send = (url: string, trusted: readonly string[] = [], found: readonly ResolvedAddress[] = []) =>
  post(
    { url: new URL(url), headers: {}, body: '{}' },
    { trusted, timeoutMs: 400, ...(found.length > 0 ? { resolve: async () => found } : {}) },
  )
const local = [{ address: '127.0.0.1', family: 4 }]

describe('an address', () => {
  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1'],
    ...['2002:7f00:1::', '2001:0:7f00:1::', '2001:db8::1', 'ff02::1', '255.255.255.255', 'fec0::1'],
  ])('%s is no place on the open internet', (address) => {
    expect(isPublic(address)).toBe(false)
  })

  test.each(['8.8.8.8', '193.5.23.1', '2606:4700::1111', '2a00:1450:400a::1'])('%s is one', (address) => {
    expect(isPublic(address)).toBe(true)
  })

  test.each([
    ['https://hooks.example.org/a', 'ok'],
    ['http://hooks.example.org/a', 'not_https'],
    ['https://user:secret@hooks.example.org', 'has_credentials'],
    ['ftp://hooks.example.org', 'unreadable'],
    ['hooks', 'unreadable'],
    ['https://127.0.0.1/', 'private'],
    // The number in other clothes: the reading of addresses undresses them.
    ['https://2130706433/', 'private'],
    ['https://0x7f.1/', 'private'],
    ['https://[::ffff:10.0.0.1]/', 'private'],
    ['https://localhost/', 'private'],
    ['https://printer.local/', 'private'],
    [`https://hooks.example.org/${'x'.repeat(600)}`, 'unreadable'],
  ])('%s is %s', (typed, answer) => {
    const read = readWebhookAddress(typed, [])
    expect(read.ok ? 'ok' : read.problem).toBe(answer)
  })

  test('that the operator trusts may be private and without TLS', () => {
    expect(readWebhookAddress('http://localhost:4000/x', ['localhost:4000']).ok).toBe(true)
    expect(readWebhookAddress('http://localhost:4001/x', ['localhost:4000']).ok).toBe(false)
  })
})

describe('a try', () => {
  test('goes to no private number and to no name that leads to one', async () => {
    const before = asked.length
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ status: null, problem: 'private_address' })
    expect(await send('https://[::1]/')).toMatchObject({ problem: 'private_address' })
    expect(await send(`https://hooks.example:${port}/`, [], local)).toMatchObject({ problem: 'private_address' })
    // One public address among private ones does not make the name public.
    const mixed = [{ address: '193.5.23.1', family: 4 }, ...local]
    expect(await send(`https://hooks.example:${port}/`, [], mixed)).toMatchObject({ problem: 'private_address' })
    expect(await send(`http://hooks.example:${port}/`, [], [{ address: '193.5.23.1', family: 4 }])).toMatchObject({
      problem: 'not_https',
    })
    expect(asked.length).toBe(before)
  })

  test('asks for the name once and connects to what it has checked, whatever the name says a moment later', async () => {
    const answers = [[{ address: '193.5.23.1', family: 4 }], local]
    let looks = 0
    const resolve = async () => answers[looks++] ?? local
    const rebound = await post(
      { url: new URL(`https://rebinding.example:${port}/`), headers: {}, body: '{}' },
      { trusted: [], resolve, timeoutMs: 300 },
    )
    expect(looks).toBe(1)
    // A public number that never answers from here: in no case the server next door.
    expect(rebound.status).toBeNull()
    const trusted = await post(
      { url: new URL(`http://hooks.example:${port}/told`), headers: {}, body: '{}' },
      { trusted: ['hooks.example'], resolve: async () => local, timeoutMs: 400 },
    )
    expect(trusted.status).toBe(204)
    expect(asked.at(-1)).toBe(`POST /told hooks.example:${port}`)
  })

  test('follows no redirect', async () => {
    expect(await send(`http://127.0.0.1:${port}/away`, ['127.0.0.1'])).toMatchObject({ status: 302 })
    expect(asked.at(-1)).toContain('/away')
  })

  test('is given up after its time, and takes in no long answer', async () => {
    expect(await send(`${slow}:${port}/slow`, ['slow.example'], local)).toMatchObject({
      status: null,
      problem: 'timeout',
    })
    expect(await send(`http://127.0.0.1:${port}/long`, ['127.0.0.1'])).toMatchObject({ status: 200 })
    expect(await send('http://127.0.0.1:1/', ['127.0.0.1'])).toMatchObject({ problem: 'ECONNREFUSED' })
    expect(await send(`http://127.0.0.1:${port}/busy`, ['127.0.0.1'])).toMatchObject({ status: 503, retryAfter: 120 })
  })
})

describe('the pauses', () => {
  const now = new Date('2026-03-02T09:00:00Z')
  const pause = (tries: number, more = {}) =>
    ((nextTryAt(tries, now, { chance: 0, ...more })?.getTime() ?? NaN) - now.getTime()) / 1000

  test('grow over more than a day, spread by a tenth, and end', () => {
    const all = Array.from({ length: mostTries - 1 }, (_, index) => pause(index + 1))
    expect(all).toEqual([...all].sort((a, b) => a - b))
    expect(all.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(86_400)
    expect(pause(1, { chance: 1 })).toBe(5.5)
    expect(nextTryAt(mostTries, now, { chance: 0 })).toBeNull()
  })

  test('are as long as the receiver asks, within an hour', () => {
    expect(pause(1, { retryAfter: 120 })).toBe(120)
    expect(pause(1, { retryAfter: 1_000_000 })).toBe(3600)
    expect(pause(3, { retryAfter: 10 })).toBe(1800)
  })
})
