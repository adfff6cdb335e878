import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { converse } from './conversation.ts'
import type { Letter } from './mail.ts'
import { testSmtp, type TestSmtp } from './smtp.testing.ts'

let smtp: TestSmtp

beforeAll(async () => {
  smtp = await testSmtp()
})
afterAll(() => smtp.close())

function send(to: string, letter: Letter) {
  return converse(smtp.url, { messageId: '<one@example.org>', from: 'Waypost <w@example.org>', to, letter })
}

async function taken() {
  const [{ text }] = [...smtp.delivered.splice(0), { text: '' }] as const
  return { text, letter: await simpleParser(text) }
}

const odd = { subject: 'From Ada\r\nBcc: more@example.org', text: 'Hello\r\n.\r\nQUIT' }

test('line ends in a name make no header and end no letter', async () => {
  expect(await send('desk@partner.example', odd)).toEqual({ kind: 'accepted' })
  expect(smtp.delivered[0]?.recipients).toEqual(['desk@partner.example'])
  const { letter } = await taken()
  expect(letter.bcc).toBeUndefined()
  expect(letter.text).toContain('QUIT')
})

test('a letter goes to one address, whatever an address holds', async () => {
  for (const recipient of [
    'a@example.org, b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'x: a@x.org, b@x.org;',
  ])
    await send(recipient, odd)
  for (const { recipients } of smtp.delivered.splice(0)) expect(recipients).toHaveLength(1)
})

test('an address that is none is refused at once, without a word to the server', async () => {
  expect(await send('', odd)).toEqual({ kind: 'refused', problem: 'no_such_address' })
  expect(smtp.delivered).toEqual([])
})

const calendar = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n'

test('a calendar file goes as a file and as the other form of the letter, other files as files', async () => {
  await send('desk@partner.example', {
    subject: 'A call',
    text: 'See the file.',
    attachments: [
      { name: 'call.ics', type: 'text/calendar', content: calendar, method: 'REQUEST' },
      { name: 'route.txt', type: 'text/plain', content: 'Über die Brücke' },
    ],
  })
  const { text, letter } = await taken()
  expect(text).toMatch(/multipart\/alternative[^]*text\/calendar; charset=utf-8; method=REQUEST/)
  expect(letter.text?.trim()).toBe('See the file.')
  const files = letter.attachments.map(({ filename, content }) => [filename, content.toString()])
  expect(files).toContainEqual(['call.ics', calendar])
  expect(files).toContainEqual(['route.txt', 'Über die Brücke'])
})

test('a letter says when it was written and that nobody wrote it by hand, and offers no list to leave', async () => {
  await send('desk@partner.example', { subject: 'One', text: 'Two' })
  const { letter } = await taken()
  expect(letter.headers.get('auto-submitted')).toBe('auto-generated')
  expect(letter.date).toBeInstanceOf(Date)
  expect(letter.messageId).toBe('<one@example.org>')
  expect(letter.headers.has('list')).toBe(false)
})

test.each([
  ['is busy at the recipient', 'delayed', 'busy'],
  ['is busy at the letter', 'delayed', 'busy'],
  ['asks for a sign-in', 'delayed', 'sign_in'],
  ['refuses the sender', 'delayed', 'sender_refused'],
  ['refuses the recipient', 'refused', 'no_such_address'],
  ['refuses the letter', 'refused', 'letter_refused'],
  ['hangs up before the answer', 'unknown', 'no_answer'],
] as const)('a server that %s: %s', async (behaviour, kind, problem) => {
  smtp.will(behaviour)
  expect(await send('desk@partner.example', { subject: 'One', text: 'Two' })).toEqual({ kind, problem })
})

test('a server that hangs up in the middle of a long letter has delivered nothing', async () => {
  smtp.delivered.splice(0)
  smtp.will('hangs up in the middle')
  const attachments = [{ name: 'long.bin', type: 'application/octet-stream', content: Buffer.alloc(20_000_000, 7) }]
  const outcome = await send('desk@partner.example', { subject: 'One', text: 'Two', attachments })
  expect(outcome).toEqual({ kind: 'delayed', problem: 'unreachable' })
  expect(smtp.delivered).toEqual([])
})

test('a server that is not there is tried again later', async () => {
  const nobody = await testSmtp()
  await nobody.close()
  const envelope = { messageId: '<x@y>', from: 'w@example.org', to: 'a@example.org', letter: odd }
  expect(await converse(nobody.url, envelope)).toEqual({ kind: 'delayed', problem: 'unreachable' })
})
