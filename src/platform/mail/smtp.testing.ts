// A real mail server for tests that does as it is told, once each, and accepts when it is told nothing.

import type { Server, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type Behaviour =
  | 'accepts'
  | 'is slow'
  | 'is busy at the recipient'
  | 'is busy at the letter'
  | 'asks for a sign-in'
  | 'refuses the sender'
  | 'refuses the recipient'
  | 'refuses the letter'
  | 'hangs up in the middle'
  | 'hangs up before the answer'
  | 'delivers twice'

export interface Delivered {
  readonly recipients: readonly string[]
  readonly messageId: string
  readonly text: string
}

export interface TestSmtp {
  readonly url: string
  /** What reached a mailbox, in order. */
  readonly delivered: Delivered[]
  /** Conversations begun. */
  conversations(): number
  /** What the next conversations will be like, instead of what was said before. */
  will(...behaviours: Behaviour[]): void
  close(): Promise<void>
}

export async function testSmtp(): Promise<TestSmtp> {
  const delivered: Delivered[] = []
  const plan: Behaviour[] = []
  const sockets = new Set<Socket>()
  const planned = new Map<string, Behaviour>()
  let conversations = 0
  const of = (session: { id: string }) => planned.get(session.id) ?? 'accepts'
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect(session, done) {
      conversations += 1
      planned.set(session.id, plan.shift() ?? 'accepts')
      done()
    },
    onMailFrom(_address, session, done) {
      if (of(session) === 'asks for a sign-in') return done(reply(530, '5.7.0 Authentication required'))
      if (of(session) === 'refuses the sender') return done(reply(550, '5.7.1 You are not w@example.org'))
      done()
    },
    onRcptTo({ address }, session, done) {
      if (of(session) === 'is busy at the recipient') return done(reply(450, `4.2.0 ${address} is greylisted`))
      if (of(session) === 'refuses the recipient') return done(reply(550, `5.1.1 ${address} is unknown`))
      done()
    },
    onData(stream, session, done) {
      const behaviour = of(session)
      const hangUp = () => sockets.forEach((socket) => socket.destroy())
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => {
        pieces.push(piece)
        if (behaviour === 'hangs up in the middle') hangUp()
      })
      stream.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        const letter = {
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          messageId: /^message-id: (.*)$/im.exec(text)?.[1]?.trim() ?? '',
          text,
        }
        if (behaviour === 'is busy at the letter') return done(reply(451, '4.3.0 Try again later'))
        if (behaviour === 'refuses the letter') return done(reply(554, '5.6.0 Not wanted'))
        if (behaviour === 'hangs up in the middle') return
        delivered.push(letter)
        if (behaviour === 'delivers twice') delivered.push(letter)
        if (behaviour === 'hangs up before the answer') return hangUp()
        if (behaviour === 'is slow') return void setTimeout(done, 300)
        done()
      })
    },
  })
  server.on('error', () => undefined)
  const inner: Server = server.server
  inner.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  return {
    url: `smtp://127.0.0.1:${port}`,
    delivered,
    conversations: () => conversations,
    will: (...behaviours) => void plan.splice(0, plan.length, ...behaviours),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
