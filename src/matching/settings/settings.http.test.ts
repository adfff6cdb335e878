import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient } from '#clients/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type StaffId } from '#platform/ids.ts'
import { stableOrder } from '../order.ts'
import { recommendForClient } from '../recommend-client.run.ts'
import { insertRecommendation } from '../recommendations.store.ts'
import { decideLottery, isLotteryOn, orderFor } from './lottery.store.ts'

type Signed = TestBrowser & { readonly staffId: StaffId }

let app: TestApp
let administrator: Signed
let adviser: Signed
const address = '/settings/matching'

beforeAll(async () => {
  app = await testApp()
  administrator = await app.signIn({ roles: ['administrator'], name: 'Alma Admin' })
  adviser = await app.signIn()
})

afterAll(() => app.close())

describe('the page', () => {
  test('says that there is no lottery until somebody switches it on, and what one does', async () => {
    const { body } = await administrator.get(address)
    expect(body).toContain('Ties are not broken by lottery.')
    expect(body).toContain('It changes nothing where there is a clear difference')
    expect(body).toContain('Nobody has changed this yet')
    expect((await administrator.get('/settings')).body).toContain(`href="${address}"`)
  })

  test('asks why, beside the field, and changes nothing without it', async () => {
    const answer = await administrator.post(address, { to: 'on', reason: ' ' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('href="#reason"')
    expect(answer.body).toContain('Say why')
    expect(answer.body).toContain('Ties are not broken by lottery.')
  })

  test('keeps who decided, when and why; the same again is said and not kept', async () => {
    const on = { to: 'on', reason: 'To learn <which> helps' }
    expect((await administrator.post(address, on)).headers.location).toBe(address)
    await administrator.post(address, on)
    expect((await administrator.get(address)).body).toContain('The lottery was on already')
    const { body } = await administrator.get(address)
    expect(body).toContain('Ties are broken by lottery.')
    expect(body.match(/Lottery switched on by/g)).toHaveLength(1)
    expect(body).toContain('Alma Admin')
    expect(body).toContain('To learn &lt;which&gt; helps')
    expect(body).not.toMatch(/ style=/)
    const events = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('audit_events').select('action').where('action', '=', 'matching.lottery_on').execute(),
    )
    expect(events).toHaveLength(1)
  })

  test('is read by managers, who cannot change it, and not by advisers', async () => {
    const manager = await app.signIn({ roles: ['manager'] })
    const { body } = await manager.get(address)
    expect(body).toContain('An administrator can change this.')
    expect(body).not.toContain('name="reason"')
    expect((await manager.post(address, { to: 'off', reason: 'x' })).statusCode).toBe(403)
    expect((await adviser.get(address)).statusCode).toBe(403)
  })
})

describe('the order of ties', () => {
  const as = <T>(work: (db: Db) => Promise<T>) =>
    app.database.as({ networkId: app.networkId, actorId: adviser.staffId, siteIds: [app.siteId] }, work)

  const decide = (isOn: boolean) =>
    app.database.as({ networkId: app.networkId, roles: ['administrator'], actorId: administrator.staffId }, (db) =>
      decideLottery(db, app.networkId, { isOn, at: new Date(), by: administrator.staffId, reason: 'A test' }),
    )

  const addClient = (name: string) =>
    as((db) =>
      registerClient(
        db,
        { networkId: app.networkId, staffId: adviser.staffId, now: new Date() },
        {
          ...{ siteId: app.siteId, adviserId: adviser.staffId },
          person: {
            ...{ name, familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
            ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null },
            ...{ address: null, residenceArea: null, position: null },
          },
        },
      ),
    )

  const whose = (clientId: ClientId, clientIds = [clientId]) => ({ networkId: app.networkId, clientId, clientIds })

  /** Ranks as a page does: the order is found, used and kept in one transaction. */
  const rank = (client: Awaited<ReturnType<typeof addClient>>, clientIds?: ClientId[]) =>
    as(async (db) => {
      const network = { id: app.networkId, timeZone: 'Europe/Zurich' }
      const at = { now: new Date(), today: '2026-11-24' as never, network }
      const made = await recommendForClient(db, client, at, await orderFor(db, whose(client.id, clientIds)))
      const file = { networkId: app.networkId, clientId: client.id, siteId: app.siteId, restrictedTo: null }
      await insertRecommendation(db, file, { ...made, madeBy: adviser.staffId, madeAt: at.now })
      return made.order
    })

  test('is the stable one where no lottery is held', async () => {
    await decide(false)
    const id = newId<'client'>()
    expect(await as((db) => orderFor(db, whose(id)))).toEqual(stableOrder(id))
  })

  test('is drawn once for a client: ranking again, and switching off and on, draws nothing anew', async () => {
    await decide(true)
    const client = await addClient('Noor')
    const first = await rank(client)
    expect(first.by).toBe('lottery')
    expect(await rank(client)).toEqual(first)
    await decide(false)
    expect((await rank(client)).by).toBe('stable')
    await decide(true)
    expect(await rank(client)).toEqual(first)
  })

  test('is another draw for another client, and nobody’s id foretells it', async () => {
    const orders = await as((db) => Promise.all(['a', 'b', 'c', 'd'].map(() => orderFor(db, whose(newId<'client'>())))))
    expect(new Set(orders.map(({ seed }) => seed)).size).toBe(4)
    const same = newId<'client'>()
    const [one, two] = [await as((db) => orderFor(db, whose(same))), await as((db) => orderFor(db, whose(same)))]
    // Nothing was kept between them.
    expect(one.seed).not.toBe(two.seed)
  })

  test('is one draw when two rank at the same moment', async () => {
    const client = await addClient('Sam')
    const orders = await Promise.all([rank(client), rank(client), rank(client)])
    expect(new Set(orders.map(({ seed }) => seed)).size).toBe(1)
  })

  test('goes on for a file that took in another', async () => {
    const [kept, taken] = [await addClient('Ana'), await addClient('Anna')]
    const drawn = await rank(taken)
    expect(await rank(kept, [kept.id, taken.id])).toEqual(drawn)
  })

  test('is nothing to another network', async () => {
    const other = await app.database.addNetwork()
    expect(await app.database.as({ networkId: other }, isLotteryOn)).toBe(false)
  })
})
