// Rules of every entrance, whatever kind of account is behind it.

import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { newId } from '../ids.ts'
import { hashSecret, newSecret } from '../secrets.ts'
import { hashOfNobody, hashPassword } from './password.hash.ts'

let app: TestApp

beforeAll(async () => {
  app = await testApp()
})

afterAll(() => app.close())

const entrances = ['/n/test/sign-in', '/n/test/partner/sign-in']

describe.each(entrances)('at %s', (url) => {
  test('twenty wrong tries at once are counted one after the other', async () => {
    const form = { email: `${url.length}@example.org`, password: 'wrong' }
    const browser = app.stranger()
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.post(url, form)))
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 400)).toHaveLength(6)
    expect(statuses.filter((status) => status === 429)).toHaveLength(14)
  })

  test('a forgotten password is answered alike for everyone, and a made-up link opens nothing', async () => {
    const answer = await app.stranger().post(url.replace('sign-in', 'forgotten-password'), { email: 'x@example.org' })
    expect(answer.body).toContain('If there is an account with this address')
    const link = url.replace('/n/test', '').replace('sign-in', `set-password/${app.networkId}.${newSecret()}`)
    expect((await app.stranger().get(link)).statusCode).toBe(404)
  })

  test('the page runs no script that stands in it', async () => {
    const answer = await app.stranger().get(url.replace('/n/test', ''))
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
    expect(answer.body).not.toMatch(/<script(?![^>]* src=)/)
  })
})

test('a network that is not there has no entrance', async () => {
  for (const url of entrances) expect((await app.stranger().get(url.replace('test', 'other'))).statusCode).toBe(404)
})

test('comparing with nobody’s password takes the work of a real one', async () => {
  const strengthOf = (stored: string) => stored.split('$').slice(0, 4)
  expect(strengthOf(hashOfNobody)).toEqual(strengthOf(await hashPassword('x')))
  expect(strengthOf(hashOfNobody)).not.toEqual(strengthOf(await hash('x', { memoryCost: 1024 })))
})

describe('in the database', () => {
  const tables = ['credentials', 'sessions', 'links', 'passkeys'] as const

  test('what partners sign in with is read at the door alone, what staff sign in with by no partner', async () => {
    const { database, networkId } = app
    for (const role of ['staff', 'partner', 'link', 'client', 'figures'] as const) {
      for (const table of tables) {
        const read = database.as({ networkId, role }, (db) =>
          db.selectFrom(`partner_${table}`).select('account_id').execute(),
        )
        await expect(read, `${role} partner_${table}`).rejects.toThrow(/permission denied/)
        if (role === 'staff') continue
        const staffs = database.as({ networkId, role }, (db) =>
          db.selectFrom(`staff_${table}`).select('account_id').execute(),
        )
        await expect(staffs, `${role} staff_${table}`).rejects.toThrow(/permission denied/)
      }
    }
  })

  test('each night what is over is forgotten, and what is open stays', async () => {
    const { database, networkId, application } = app
    const staff = await app.signIn()
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
    const row = { network_id: networkId, account_id: staff.staffId }
    const session = () => ({ ...row, id: newId(), secret_hash: hashSecret(newSecret()), created_at: daysAgo(40) })
    const link = () => ({ ...session(), kind: 'reset', key_id: 'k' })
    const counts = () =>
      database.as({ networkId, role: 'door' }, async (db) => [
        (await db.selectFrom('staff_sessions').select('id').where('account_id', '=', staff.staffId).execute()).length,
        (await db.selectFrom('staff_links').select('id').execute()).length,
        (await db.selectFrom('sign_in_attempts').select('id').where('at', '<', daysAgo(1)).execute()).length,
        (await db.selectFrom('answered_challenges').select('id').execute()).length,
      ])
    await database.as({ networkId, role: 'door' }, async (db) => {
      const sessions = [
        { ...session(), expires_at: daysAgo(2), ended_at: null },
        { ...session(), expires_at: daysAgo(-1), ended_at: daysAgo(2) },
      ]
      await db.insertInto('staff_sessions').values(sessions).execute()
      const links = [
        { ...link(), expires_at: daysAgo(31) },
        { ...link(), expires_at: daysAgo(1) },
      ]
      await db.insertInto('staff_links').values(links).execute()
      const old = { network_id: networkId, id: newId(), at: daysAgo(2) }
      await db
        .insertInto('sign_in_attempts')
        .values({ ...old, subject_hash: hashSecret('x') })
        .execute()
      await db.insertInto('answered_challenges').values(old).execute()
    })
    expect(await counts()).toEqual([3, 2, 1, 1])
    await application.runJob('platform.forget_sign_ins')
    expect(await counts()).toEqual([1, 1, 0, 0])
    expect((await staff.get('/account')).statusCode).toBe(200)
  })
})
