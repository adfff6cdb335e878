import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { newId } from '../ids.ts'
import { findMail, type MailState } from './mail.store.ts'
import { testSmtp, type TestSmtp } from './smtp.testing.ts'

let smtp: TestSmtp
let app: TestApp
let administrator: TestBrowser

beforeAll(async () => {
  smtp = await testSmtp()
  app = await testApp({ env: { SMTP_URL: smtp.url } })
  administrator = await app.signIn({ roles: ['administrator'] })
})
afterAll(async () => {
  await app.close()
  await smtp.close()
})

const asJob = <T>(work: (db: Parameters<typeof findMail>[0]) => Promise<T>) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)

async function keepMails(count: number, state: MailState, problem: string | null = null): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId<'mail'>())
  const created_at = new Date()
  await asJob((db) =>
    db
      .insertInto('mail_messages')
      .values(
        ids.map((id, index) => ({
          ...{
            network_id: app.networkId,
            id,
            kind: 'staff.reset',
            locale: 'en',
            ids: '{}',
            created_at,
            state,
            problem,
          },
          recipient: `${state}-${index}@example.org`,
        })),
      )
      .execute(),
  )
  return ids
}

test('an empty outbox says what fills it, and nobody else than an administrator sees it', async () => {
  expect((await administrator.get('/settings/outbox')).body).toContain('No mail yet.')
  const adviser = await app.signIn()
  expect((await adviser.get('/settings/outbox')).statusCode).toBe(403)
  expect((await adviser.post(`/settings/outbox/${newId()}/again`)).statusCode).toBe(403)
})

test('mail is counted and listed by state, a page at a time, what went wrong in words', async () => {
  await keepMails(120, 'sent')
  await keepMails(2, 'failed', 'no_such_address')
  await keepMails(1, 'failed', '550 mara@example.org is unknown')
  const all = await administrator.get('/settings/outbox')
  for (const text of ['All (123)', 'Sent (120)', 'Not delivered (3)']) expect(textOf(all.body)).toContain(text)
  expect(textOf(all.body)).not.toContain('Held (')
  const failed = (await administrator.get('/settings/outbox?state=failed')).body
  expect(failed.match(/failed-\d@example.org/g)).toHaveLength(3)
  expect(failed).toContain('The mail server refused this address.')
  expect(failed).toContain('The mail server did not take it.')
  expect(failed).not.toContain('mara@')
  expect(failed).not.toContain('sent-')
  const last = (await administrator.get('/settings/outbox?state=sent&page=3')).body
  expect(last.match(/sent-\d+@example.org/g)).toHaveLength(20)
  expect(last).toContain('href="/settings/outbox?state=sent&amp;page=2"')
  expect(last).not.toContain('page=4')
  expect((await administrator.get('/settings/outbox?state=nonsense&page=-1')).statusCode).toBe(200)
})

test('a failed mail is sent again, once, however often the button is pressed', async () => {
  const resets = await app.signIn({ roles: ['administrator'] })
  await app.stranger().post('/forgotten-password', { email: await emailOf(resets.staffId) })
  const mail = await asJob((db) =>
    db.selectFrom('mail_messages').select(['id']).where('state', '=', 'queued').executeTakeFirstOrThrow(),
  )
  smtp.will('refuses the recipient')
  await app.application.runJob('platform.mail', { networkId: app.networkId, mailId: mail.id })
  expect((await asJob((db) => findMail(db, mail.id)))?.state).toBe('failed')
  const path = `/settings/outbox/${mail.id}/again`
  const twice = await Promise.all([1, 2].map(() => administrator.post(path, { back: '/settings/outbox?state=failed' })))
  for (const answer of twice) expect(answer.headers.location).toBe('/settings/outbox?state=failed')
  const tries = [1, 2].map(() => app.application.runJob('platform.mail', { networkId: app.networkId, mailId: mail.id }))
  await Promise.all(tries)
  expect(smtp.delivered).toHaveLength(1)
  expect(await asJob((db) => findMail(db, mail.id))).toMatchObject({ state: 'sent', problem: null })
  const late = await administrator.post(path, { back: 'https://elsewhere.example' })
  expect(late.headers.location).toBe('/settings/outbox')
  expect((await asJob((db) => findMail(db, mail.id)))?.state).toBe('sent')
})

const textOf = (html: string) => html.replace(/<[^>]*>/g, '')

async function emailOf(staffId: string): Promise<string> {
  const row = await asJob((db) =>
    db.selectFrom('staff').select('email').where('id', '=', staffId).executeTakeFirstOrThrow(),
  )
  return row.email
}
