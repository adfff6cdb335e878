// Pages a second against a bare Fastify route that does the same query, over real sockets, in turns, in one process.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { testApp } from '#app.testing.ts'
import { insertSite, sitesOf } from '#networks/index.ts'
import { inScope } from '#platform/db/index.ts'
import { staffEntrance } from '#platform/http/index.ts'

export interface PageFigures {
  readonly pagesASecond: number
  readonly bareASecond: number
  /** Pages over bare answers: 1 would cost nothing for sign-in, row-level security, words and layout. */
  readonly ratio: number
}

const rounds = 6
const requestsARound = 400
const atOnce = 16

/** `/places` as a signed-in adviser, against the same query answered as JSON without session, role or page. */
export async function measurePages(): Promise<PageFigures> {
  const app = await testApp()
  const { application, database, networkId } = app
  const scope = { role: 'staff', networkId, roles: ['administrator'] } as const
  for (let n = 0; n < 30; n++) {
    const site = {
      name: `Site ${n}`,
      kind: 'satellite',
      address: `${n} High Street`,
      position: null,
      timeZone: null,
      isActive: true,
    } as const
    await inScope(database.kysely, scope, (db) => insertSite(db, networkId, site))
  }
  const browser = await app.signIn()
  const bare = fastify()
  bare.get('/places', () => inScope(database.kysely, scope, (db) => sitesOf(db)))
  await application.server.listen({ port: 0, host: '127.0.0.1' })
  await bare.listen({ port: 0, host: '127.0.0.1' })
  try {
    const page = {
      port: portOf(application.server.server),
      cookie: `${staffEntrance.sessionCookie}=${browser.cookies.get(staffEntrance.sessionCookie)}`,
    }
    const plain = { port: portOf(bare.server), cookie: '' }
    await ask(page, requestsARound)
    await ask(plain, requestsARound)
    const spent = { page: 0, bare: 0 }
    for (let round = 0; round < rounds; round++) {
      spent.page += await ask(page, requestsARound)
      spent.bare += await ask(plain, requestsARound)
    }
    const all = rounds * requestsARound
    return { pagesASecond: all / spent.page, bareASecond: all / spent.bare, ratio: spent.bare / spent.page }
  } finally {
    await bare.close()
    await app.close()
  }
}

/** Seconds that so many requests take, some at once. Throws when one is not answered with 200. */
async function ask({ port, cookie }: { port: number; cookie: string }, count: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce })
  const started = performance.now()
  let left = count
  const worker = async () => {
    while (left-- > 0) await get({ port, cookie, agent })
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  agent.destroy()
  return (performance.now() - started) / 1000
}

function get({ port, cookie, agent }: { port: number; cookie: string; agent: http.Agent }): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path: '/places', agent, headers: { cookie } }, (response) => {
        response.resume()
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
        )
      })
      .on('error', reject)
  })
}

function portOf(server: http.Server): number {
  return (server.address() as AddressInfo).port
}
