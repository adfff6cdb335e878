import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../db/testing.ts'
import type { Network } from '../http/scene.ts'
import { newId, type NetworkId } from '../ids.ts'
import { readCatalogues } from '../i18n/index.ts'
import { keepConfirmations } from './confirmations.ts'
import type { FailedMail, MailTools } from './mail.ts'
import { claimMail, findMail, forgottenMails, type MailRow } from './mail.store.ts'
import { mailTries, nextTry } from './retry.ts'
import { sendQueuedMail } from './sending.ts'
import { testSmtp, type TestSmtp } from './smtp.testing.ts'

let smtp: TestSmtp
let database: TestDatabase
let networkId: NetworkId
let now = new Date('2026-03-02T09:00:00Z')
let tools: MailTools
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-confirmed-'))
const planned: Date[] = []
const failed: string[] = []

beforeAll(async () => {
  smtp = await testSmtp()
  database = await testDatabase()
  networkId = await database.addNetwork()
  const network: Network = {
    ...{ id: networkId, slug: 'test', name: 'Test', timeZone: 'Europe/Zurich', locale: 'en' },
    ...{ holidays: new Set(), isDemo: false },
  }
  tools = {
    kysely: database.kysely,
    config: { smtpUrl: smtp.url, mailFrom: 'Waypost <w@example.org>', publicUrl: 'https://waypost.example' },
    catalogues: readCatalogues(path.join(import.meta.dirname, '..', '..')),
    keys: { currentId: 'test', of: () => Buffer.alloc(32, 7) },
    kinds: {
      plain: async ({ ids, publicUrl }) => ({ subject: 'One', text: `${publicUrl}/r/${ids['linkId']}` }),
      gone: async () => null,
      broken: async () => {
        throw new Error('no words')
      },
    },
    networkOf: async () => network,
    now: () => now,
    queue: { send: async (_db, _name, _data, options) => void planned.push(options?.startAfter ?? now) },
    confirmations: keepConfirmations(folder),
    onFailure: async ({ kind }: FailedMail) => void failed.push(kind),
  }
})
afterAll(async () => {
  fs.rmSync(folder, { recursive: true })
  await smtp.close()
  await database.drop()
})
beforeEach(() => {
  smtp.will()
  smtp.delivered.splice(0)
  planned.splice(0)
  failed.splice(0)
})

async function queueMail(kind = 'plain'): Promise<string> {
  const id = newId<'mail'>()
  const row = { kind, recipient: 'desk@partner.example', locale: 'en', ids: JSON.stringify({ linkId: newId() }) }
  await database.as({ networkId, role: 'job' }, (db) =>
    db
      .insertInto('mail_messages')
      .values({ ...row, network_id: networkId, id, state: 'queued', created_at: now })
      .execute(),
  )
  return id
}

const send = (mailId: string, with_: Partial<MailTools> = {}) =>
  sendQueuedMail({ ...tools, ...with_ }, { networkId, mailId })
const asJob = <T>(work: (db: Parameters<typeof findMail>[0]) => Promise<T>) =>
  database.as({ networkId, role: 'job' }, work)
const look = async (id: string): Promise<MailRow> => {
  const row = await asJob((db) => findMail(db, id))
  if (!row) throw new Error('no such mail')
  return row
}
/** Goes on until the mail is settled, as the jobs would at their times. */
async function sendUntilSettled(id: string): Promise<MailRow> {
  for (let tries = 0; tries < 20; tries++) {
    await send(id)
    const row = await look(id)
    if (row.state !== 'queued') return row
    now = row.nextTryAt ?? now
  }
  throw new Error('it goes on for ever')
}

describe('each partner is told at least once', () => {
  test.each([
    ['is slow'],
    ['is busy at the recipient'],
    ['is busy at the letter'],
    ['asks for a sign-in'],
    ['refuses the sender'],
    ['hangs up in the middle'],
    ['hangs up before the answer'],
    ['delivers twice'],
  ] as const)('when the server %s, twice, and then takes it', async (behaviour) => {
    smtp.will(behaviour, behaviour)
    const id = await queueMail()
    expect(await sendUntilSettled(id)).toMatchObject({ state: 'sent', problem: null })
    expect(smtp.delivered.length).toBeGreaterThan(0)
    // However many copies arrive, they are one message with one link.
    expect(new Set(smtp.delivered.map(({ messageId }) => messageId)).size).toBe(1)
    expect(new Set(smtp.delivered.map(({ text }) => /\/r\/\S+/.exec(text)?.[0])).size).toBe(1)
  })

  test('or somebody is told that they were not: after the last try, and once', async () => {
    smtp.will(...Array.from({ length: mailTries }, () => 'is busy at the recipient' as const))
    const id = await queueMail()
    expect(await sendUntilSettled(id)).toMatchObject({ state: 'failed', problem: 'busy', attempts: mailTries })
    expect(failed).toEqual(['plain'])
    await send(id)
    expect(failed).toEqual(['plain'])
  })

  test('a refused address is told to somebody at once: no second try would help', async () => {
    for (const [behaviour, problem] of [
      ['refuses the recipient', 'no_such_address'],
      ['refuses the letter', 'letter_refused'],
    ] as const) {
      smtp.will(behaviour)
      const id = await queueMail()
      await send(id)
      expect(await look(id)).toMatchObject({ state: 'failed', problem, attempts: 1 })
    }
    expect(failed).toEqual(['plain', 'plain'])
    expect(planned).toEqual([])
  })
})

describe('a message that the server confirmed is never sent again', () => {
  test('not on the job’s retry', async () => {
    const id = await queueMail()
    for (let time = 0; time < 3; time++) await send(id)
    expect(smtp.delivered).toHaveLength(1)
  })

  test('not when the database could not be told, nor when the process died then', async () => {
    const id = await queueMail()
    // The clock is asked for the claim, and again for the mark.
    let asked = 0
    const dyingAtTheMark = () => {
      if (++asked > 1) throw new Error('the process died')
      return now
    }
    await expect(send(id, { now: dyingAtTheMark })).rejects.toThrow('the process died')
    expect(smtp.delivered).toHaveLength(1)
    expect(await look(id)).toMatchObject({ state: 'sending' })
    // Another process, much later, with nothing in mind but what lies on the disk.
    now = new Date(now.getTime() + 3 * 3_600_000)
    await send(id, { confirmations: keepConfirmations(folder) })
    expect(await look(id)).toMatchObject({ state: 'sent' })
    expect(smtp.delivered).toHaveLength(1)
    expect(fs.readdirSync(folder)).toEqual([])
  })

  test('not by a second worker: of many at once, one talks to the server', async () => {
    const before = smtp.conversations()
    smtp.will('is slow')
    const id = await queueMail()
    await Promise.all(Array.from({ length: 6 }, () => send(id)))
    expect(smtp.conversations() - before).toBe(1)
    expect(smtp.delivered).toHaveLength(1)
  })
})

describe('a retry', () => {
  test('comes after pauses that grow over hours, the last a day long', () => {
    const begun = new Date('2026-03-02T09:00:00Z')
    const pauses = Array.from({ length: mailTries }, (_, tried) => nextTry(tried + 1, begun))
    const minutes = pauses.map((at) => at && (at.getTime() - begun.getTime()) / 60_000)
    expect(minutes).toEqual([5, 30, 120, 360, 720, 1440, null])
  })

  test('is a job of its own at its time; one that comes early does nothing', async () => {
    smtp.will('is busy at the letter')
    const id = await queueMail()
    await send(id)
    expect(planned).toEqual([new Date(now.getTime() + 5 * 60_000)])
    await send(id)
    expect(await look(id)).toMatchObject({ state: 'queued', attempts: 1 })
    expect(smtp.delivered).toEqual([])
  })

  test('of a mail whose worker died in the middle comes once its claim has lapsed', async () => {
    const id = await queueMail()
    const dead = await asJob((db) => claimMail(db, id, { claim: newId(), now }))
    expect(dead?.attempts).toBe(1)
    await send(id)
    expect(smtp.delivered).toEqual([])
    expect(await asJob((db) => forgottenMails(db, now))).not.toContain(id)
    now = new Date(now.getTime() + 31 * 60_000)
    expect(await asJob((db) => forgottenMails(db, now))).toContain(id)
    await send(id)
    expect(await look(id)).toMatchObject({ state: 'sent', attempts: 2 })
    expect(smtp.delivered).toHaveLength(1)
  })

  test('of a mail that takes the process with it each time ends', async () => {
    const id = await queueMail()
    for (let time = 0; time < mailTries; time++) {
      await asJob((db) => claimMail(db, id, { claim: newId(), now }))
      now = new Date(now.getTime() + 31 * 60_000)
    }
    await send(id)
    expect(await look(id)).toMatchObject({ state: 'failed', problem: 'interrupted' })
  })

  test('whose job was lost is found by the sweep', async () => {
    const id = await queueMail()
    now = new Date(now.getTime() + 6 * 60_000)
    expect(await asJob((db) => forgottenMails(db, now))).toContain(id)
    await send(id)
    expect(await asJob((db) => forgottenMails(db, now))).not.toContain(id)
  })
})

test('a letter that has nothing to say any more is not sent, and nobody is troubled', async () => {
  const id = await queueMail('gone')
  await send(id)
  expect(await look(id)).toMatchObject({ state: 'cancelled', problem: 'withdrawn' })
  expect(failed).toEqual([])
})

test('a letter that cannot be written is tried again, and the fault is heard of', async () => {
  const id = await queueMail('broken')
  await expect(send(id)).rejects.toThrow('could not be written')
  expect(await look(id)).toMatchObject({ state: 'queued', problem: 'unwritable' })
  expect(planned).toHaveLength(1)
})

test('the bearer of a link queues mail about referrals and no other, and none that claims to be sent', async () => {
  const queue = (kind: string, state = 'queued') =>
    database.as({ networkId, role: 'link' }, (db) =>
      db
        .insertInto('mail_messages')
        .values({
          ...{ network_id: networkId, id: newId(), kind, state, recipient: 'a@example.org', locale: 'en', ids: '{}' },
          created_at: now,
        })
        .execute(),
    )
  await queue('referrals.sent')
  await expect(queue('staff.reset')).rejects.toThrow(/row-level security/)
  await expect(queue('referrals.sent', 'sent')).rejects.toThrow(/row-level security/)
})
