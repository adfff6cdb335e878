import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import type { ReferralId } from '#platform/ids.ts'
import { blankShare } from '../sharing/referral-shares.store.ts'
import { aWorld, type World } from '../world.testing.ts'
import { codeOf, findCode, type LinkCodeId } from './link-codes.store.ts'
import { linksOf, type Links } from './link.testing.ts'
import { isRenewable, maskedAddress, readCode } from './renewal.ts'

let app: TestApp
let world: World
let links: Links
const sentAt = new Date('2026-03-02T09:00:00Z')
let now = sentAt

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  links = linksOf(app, world, sentAt)
})
afterAll(() => app.close())

const minute = 60_000
function go(milliseconds: number): void {
  now = new Date(now.getTime() + milliseconds)
  app.setNow(now)
}

/** A referral whose link expired a while ago. */
async function anExpired(): Promise<{ id: ReferralId; link: string; phone: TestBrowser }> {
  go(200 * 24 * 60 * minute)
  const sent = await links.send({ now: new Date(now.getTime() - 130 * 24 * 60 * minute) })
  return { ...sent, phone: app.stranger() }
}

/** The codes that were mailed about this referral, the oldest first. */
async function codesOf(id: ReferralId): Promise<readonly string[]> {
  return links.asJob(async (db) => {
    const rows = await db
      .selectFrom('referral_link_codes')
      .select('id')
      .where('referral_id', '=', id)
      .orderBy('created_at')
      .execute()
    const codes = await Promise.all(rows.map((row) => findCode(db, row.id as LinkCodeId)))
    return codes.map((code) => codeOf(app.application.keys, code!))
  })
}

const mailsOf = (kind: string) =>
  links.asJob((db) => db.selectFrom('mail_messages').select(['recipient']).where('kind', '=', kind).execute())

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('a link that has expired', () => {
  test('says so, and to which address a code would go, without saying the address', async () => {
    const { link, phone } = await anExpired()
    const dead = await phone.get(link)
    expect(dead.statusCode).toBe(410)
    expect(dead.body).toContain('Send me a code')
    expect(dead.body).toContain('d…@partner.example')
    for (const hidden of ['desk@partner.example', 'Noor']) expect(dead.body).not.toContain(hidden)
  })

  test('is renewed by the code from the known mailbox: a new row, an event by the system, open in this browser', async () => {
    const { id, link, phone } = await anExpired()
    expect((await phone.post(`${link}/renew`)).headers.location).toBe(`${link}/code`)
    expect((await phone.get(`${link}/code`)).body).toContain('Enter the code from your mail')
    const [code = ''] = await codesOf(id)
    const done = await phone.post(`${link}/code`, { code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(done.statusCode).toBe(303)
    const fresh = String(done.headers.location).replace('/referral', '')
    expect(fresh).not.toBe(link)
    expect((await phone.get(`${fresh}/referral`)).body).toContain('Noor Haddad')
    expect(await links.kindsOf(id)).toEqual(['drafted', 'sent', 'link_renewed', 'opened'])
    expect((await app.stranger().get(link)).statusCode).toBe(410)
    expect((await mailsOf('referrals.link_code')).map(({ recipient }) => recipient)).toContain('desk@partner.example')
  })

  test('is renewed once, however often the code is sent', async () => {
    const { id, link, phone } = await anExpired()
    await phone.post(`${link}/renew`)
    const [code = ''] = await codesOf(id)
    const both = await Promise.all([phone.post(`${link}/code`, { code }), phone.post(`${link}/code`, { code })])
    expect(new Set(both.map((answer) => answer.headers.location)).size).toBe(1)
    expect((await links.kindsOf(id)).filter((kind) => kind === 'link_renewed')).toHaveLength(1)
  })

  test('sends one code a minute and five a day, and answers the same whether one left or not', async () => {
    const { id, link, phone } = await anExpired()
    const answers = []
    for (let press = 0; press < 8; press++) {
      answers.push(await phone.post(`${link}/renew`), await phone.post(`${link}/renew`))
      go(2 * minute)
    }
    expect(new Set(answers.map((answer) => `${answer.statusCode} ${String(answer.headers.location)}`)).size).toBe(1)
    expect(await codesOf(id)).toHaveLength(5)
  })
})

describe('a code', () => {
  test('is good for ten minutes and five tries; a wrong, an old, a spent and a missing one are told alike', async () => {
    const { id, link, phone } = await anExpired()
    const unsent = await phone.post(`${link}/code`, { code: '123456' })
    await phone.post(`${link}/renew`)
    const [code = ''] = await codesOf(id)
    const tries = []
    for (let time = 0; time < 5; time++) tries.push(await phone.post(`${link}/code`, { code: wrong(code) }))
    const spent = await phone.post(`${link}/code`, { code })
    go(2 * minute)
    await phone.post(`${link}/renew`)
    const second = (await codesOf(id))[1] ?? ''
    go(11 * minute)
    const old = await phone.post(`${link}/code`, { code: second })
    for (const answer of [unsent, ...tries, spent, old]) {
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain('This code is not right or no longer good.')
    }
    expect(await links.kindsOf(id)).toEqual(['drafted', 'sent'])
  })

  test('has its tries counted one by one, however many are sent at once', async () => {
    const { id, link, phone } = await anExpired()
    await phone.post(`${link}/renew`)
    const [code = ''] = await codesOf(id)
    const guesses = Array.from({ length: 12 }, (_, n) => String((Number(code) + n + 1) % 1_000_000).padStart(6, '0'))
    await Promise.all(guesses.map((guess) => phone.post(`${link}/code`, { code: guess })))
    const { tries } = await links.asJob((db) =>
      db.selectFrom('referral_link_codes').select('tries').where('referral_id', '=', id).executeTakeFirstOrThrow(),
    )
    expect(tries).toBe(5)
    expect((await phone.post(`${link}/code`, { code })).statusCode).toBe(400)
  })

  test('is good for its own link alone, and only the latest one', async () => {
    const [mine, other] = [await anExpired(), await anExpired()]
    await mine.phone.post(`${mine.link}/renew`)
    await other.phone.post(`${other.link}/renew`)
    const [code = ''] = await codesOf(mine.id)
    expect((await other.phone.post(`${other.link}/code`, { code })).statusCode).toBe(400)
    go(2 * minute)
    await mine.phone.post(`${mine.link}/renew`)
    expect((await mine.phone.post(`${mine.link}/code`, { code })).statusCode).toBe(400)
    const latest = (await codesOf(mine.id))[1] ?? ''
    expect((await mine.phone.post(`${mine.link}/code`, { code: latest })).statusCode).toBe(303)
  })

  test('that is no code gets a word beside its field and costs no try', async () => {
    const { id, link, phone } = await anExpired()
    await phone.post(`${link}/renew`)
    for (let time = 0; time < 6; time++) {
      const answer = await phone.post(`${link}/code`, { code: time % 2 ? '' : '12 34' })
      expect(answer.body).toContain('href="#code"')
      expect(answer.body).toContain('Enter the six digits of the code')
    }
    const [code = ''] = await codesOf(id)
    expect((await phone.post(`${link}/code`, { code })).statusCode).toBe(303)
  })

  test('may be typed with spaces, hyphens and the digits of another script', () => {
    expect(readCode(' 123 456 ')).toBe('123456')
    expect(readCode('123-456')).toBe('123456')
    expect(readCode('١٢٣٤٥٦')).toBe('123456')
    expect(readCode('۱۲۳۴۵۶')).toBe('123456')
    for (const none of ['12345', '1234567', 'abcdef', '']) expect(readCode(none)).toBeNull()
  })
})

test('neither a live link, nor one whose consent is withdrawn, is renewed by a code', async () => {
  const live = await links.send({ now })
  expect((await app.stranger().post(`${live.link}/renew`)).headers.location).toBe(live.link)
  expect(await codesOf(live.id)).toEqual([])
  const gone = await anExpired()
  await gone.phone.post(`${gone.link}/renew`)
  const [code = ''] = await codesOf(gone.id)
  await links.asJob((db) => blankShare(db, gone.id, now))
  expect((await gone.phone.get(gone.link)).body).not.toContain('Send me a code')
  expect((await gone.phone.post(`${gone.link}/code`, { code })).statusCode).toBe(410)
})

test('only age is mended: a link that was switched off or a referral that ended stays as it is', () => {
  const expired = { revokedAt: null, expiresAt: new Date(0), state: 'sent', isConsentWithdrawn: false } as const
  const later = new Date(1)
  expect(isRenewable(expired, later)).toBe(true)
  expect(isRenewable({ ...expired, revokedAt: new Date(0) }, later)).toBe(false)
  expect(isRenewable({ ...expired, expiresAt: new Date(2) }, later)).toBe(false)
  expect(isRenewable({ ...expired, isConsentWithdrawn: true }, later)).toBe(false)
  for (const state of ['declined', 'completed', 'withdrawn', 'expired'] as const) {
    expect(isRenewable({ ...expired, state }, later)).toBe(false)
  }
})

test('an address is shown by its first letter', () => {
  expect(maskedAddress('mara@example.org')).toBe('m…@example.org')
  expect(maskedAddress('élise@example.org')).toBe('é…@example.org')
})
