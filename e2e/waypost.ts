// A real Waypost for the journeys: the command itself, on a data folder of its own, with a mail server that listens.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { inject } from 'vitest'

const root = path.join(import.meta.dirname, '..')
const launcher = path.join(root, 'waypost')

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** As it came over the wire, headers and all. */
  readonly source: string
}

export interface Mailbox {
  readonly url: string
  /** Waits for a mail to the address whose subject or text fits, and takes it out. */
  next(to: string, fits?: RegExp): Promise<Mail>
  close(): Promise<void>
}

/** A mail server on loopback that keeps what it is given. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address).join(',')
      readMail(stream, to)
        .then((mail) => {
          mails.push(mail)
          callback()
        })
        .catch(callback)
    },
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${port}`,
    async next(to, fits = /./) {
      const patience = Date.now() + 30_000
      while (Date.now() < patience) {
        const at = mails.findIndex((mail) => mail.to.includes(to) && (fits.test(mail.subject) || fits.test(mail.text)))
        if (at >= 0) return mails.splice(at, 1)[0]!
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(
        `No mail to ${to} came. There are: ${mails.map((mail) => `${mail.to}: ${mail.subject}`).join('; ') || 'none'}.`,
      )
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function readMail(stream: AsyncIterable<Buffer>, to: string): Promise<Mail> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  const source = Buffer.concat(chunks)
  const { subject, text, html } = await simpleParser(source)
  return { to, subject: subject ?? '', text: text ?? '', html: html || '', source: source.toString('utf8') }
}

export interface Running {
  readonly address: string
  readonly dataFolder: string
  /** Everything that it said so far. */
  output(): string
  /** Runs another command of Waypost on the same data; gives its output and exit code. */
  command(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  kill(signal: NodeJS.Signals): Promise<number | null>
  stop(): Promise<void>
}

/** The surroundings of a command on this data folder: nothing of the tester's own settings leaks in. */
export function settingsFor(dataFolder: string, env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env
  return { PATH, HOME, TMPDIR, LANG, WAYPOST_DATA: dataFolder, LOG_LEVEL: 'warn', ...env }
}

/**
 * Starts `waypost serve` as the README says and waits until it is ready; only that the demonstration learns no model beside it,
 * which would take half a minute of the processor from each test file. The folder is the test's own and is removed at
 * the end. `isAlone`: without the small program that finds Node, so that a signal meets Waypost itself.
 */
export async function startWaypost({
  env = {},
  dataFolder = copyOfDemo(),
  isAlone = false,
}: { env?: Record<string, string>; dataFolder?: string; isAlone?: boolean } = {}): Promise<Running> {
  const port = env['PORT'] ?? String(await freePort())
  const settings = settingsFor(dataFolder, { ...env, PORT: port })
  const [command, words] = isAlone ? [process.execPath, [path.join(root, 'src', 'main.ts')]] : [launcher, []]
  const child = spawn(command, [...words, 'serve', '--no-demo-model'], {
    cwd: root,
    env: settings,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await ready(child, () => said)
  return {
    address: `http://localhost:${port}`,
    dataFolder,
    output: () => said,
    command: (...commandWords) => runWaypost(commandWords, settings),
    kill: (signal) => ended(child, signal),
    async stop() {
      await ended(child, 'SIGTERM')
      fs.rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

export function newDataFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-e2e-'))
}

/** A data folder with the demonstration, for one test file. PostgreSQL looks at the modes, so they are kept. */
export function copyOfDemo(): string {
  const folder = newDataFolder()
  const copied = spawnSync('cp', ['-pR', `${inject('demoFolder')}/.`, folder], { encoding: 'utf8' })
  if (copied.status !== 0) throw new Error(`The demonstration could not be copied: ${copied.stderr}`)
  return folder
}

/** Runs one command to its end. */
export function runWaypost(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', reject)
    child.on('exit', (code) => resolve({ code: code ?? -1, stdout, stderr }))
  })
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function ready(child: ChildProcess, said: () => string): Promise<void> {
  const patience = Date.now() + 150_000
  while (Date.now() < patience) {
    if (said().includes('Waypost is ready')) return
    if (child.exitCode !== null) throw new Error(`Waypost ended with ${child.exitCode}: ${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`Waypost did not become ready: ${said()}`)
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.kill(signal)
  })
}
