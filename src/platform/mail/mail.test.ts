import { SMTPServer } from 'smtp-server'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { newId } from '../ids.ts'
import { sendQueuedMail, type MailTools } from './mail.ts'

let app: TestApp
let server: SMTPServer
let tools: MailTools
const taken: { recipients: string[]; text: string }[] = []

beforeAll(async () => {
  app = await testApp()
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        taken.push({ recipients, text: Buffer.concat(pieces).toString() })
        done()
      })
    },
  })
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  tools = {
    kysely: app.database.kysely,
    config: { smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'Waypost <w@example.org>', publicUrl: 'http://localhost' },
    catalogues: { locales: ['en'], keys: [], in: () => words },
    keys: app.application.keys,
    kinds: {
      odd: async () => ({ subject: 'From Ada\r\nBcc: more@example.org', text: 'Hello\r\n.\r\nQUIT' }),
      invitation: async () => ({
        subject: 'A call',
        text: 'See the file.',
        attachments: [
          { name: 'call.ics', type: 'text/calendar', content: calendar, method: 'REQUEST' },
          { name: 'route.txt', type: 'text/plain', content: 'Über die Brücke' },
        ],
      }),
    },
    networkOf: (id) => app.application.networks.byId(id),
    now: () => new Date(),
  }
})

const calendar = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n'

const words = {
  locale: 'en',
  direction: 'ltr',
  t: (key: string) => key,
  html: (key: string) => key,
  has: () => true,
  formatted: (text: string) => text,
} as const

afterAll(async () => {
  await new Promise<void>((resolve) => server.close(resolve))
  await app.close()
})

async function send(recipient: string, kind = 'odd'): Promise<void> {
  const { database, networkId } = app
  const mailId = newId<'mail'>()
  const row = { network_id: networkId, id: mailId, kind, recipient, locale: 'en', ids: '{}', state: 'queued' }
  await database.as({ networkId, role: 'job' }, (db) =>
    db
      .insertInto('mail_messages')
      .values({ ...row, created_at: new Date() })
      .execute(),
  )
  await sendQueuedMail(tools, { networkId, mailId })
}

test('line ends in a name make no header and end no letter', async () => {
  await send('desk@partner.example')
  const [{ recipients, text } = { recipients: [], text: '' }] = taken.splice(0)
  expect(recipients).toEqual(['desk@partner.example'])
  const letter = await simpleParser(text)
  expect(letter.bcc).toBeUndefined()
  expect(letter.text).toContain('QUIT')
})

test('a letter goes to one address, whatever an address holds', async () => {
  for (const recipient of [
    'a@example.org, b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'x: a@x.org, b@x.org;',
  ])
    await send(recipient).catch(() => undefined)
  for (const { recipients } of taken.splice(0)) expect(recipients).toHaveLength(1)
})

test('a calendar file goes as a file and as the other form of the letter, other files as files', async () => {
  await send('desk@partner.example', 'invitation')
  const [{ text } = { text: '' }] = taken.splice(0)
  expect(text).toMatch(/multipart\/alternative[^]*text\/calendar; charset=utf-8; method=REQUEST/)
  const letter = await simpleParser(text)
  expect(letter.text?.trim()).toBe('See the file.')
  const files = letter.attachments.map(({ filename, content }) => [filename, content.toString()])
  expect(files).toContainEqual(['call.ics', calendar])
  expect(files).toContainEqual(['route.txt', 'Über die Brücke'])
  expect(letter.headers.get('auto-submitted')).toBe('auto-generated')
  expect(letter.date).toBeInstanceOf(Date)
  expect(letter.headers.has('list')).toBe(false)
})
