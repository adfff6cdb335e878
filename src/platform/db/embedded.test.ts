import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { administrator, joinEmbedded } from './embedded.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-embedded-'))

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

function serverPid(): number | null {
  try {
    return Number(fs.readFileSync(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return null
  }
}

async function ask(socketFolder: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ host: socketFolder, user: administrator, database: 'postgres' })
  await client.connect()
  const { rows } = await client.query<Record<string, unknown>>(statement)
  await client.end()
  return rows
}

test('two that start at once share one server, and it stops with the last', async () => {
  const [one, two] = await Promise.all([
    joinEmbedded(folder, { isDurable: false }),
    joinEmbedded(folder, { isDurable: false }),
  ])
  const pid = serverPid()
  expect(pid).not.toBeNull()
  await one.leave()
  expect(await ask(two.socketFolder, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  expect(serverPid()).toBe(pid)
  await two.leave()
  expect(serverPid()).toBeNull()
})

test('a server whose user was killed is joined again, with everything that was committed', async () => {
  const script = `
    import { joinEmbedded, administrator } from ${JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'))}
    import pg from 'pg'
    const server = await joinEmbedded(${JSON.stringify(folder)}, { isDurable: false })
    const client = new pg.Client({ host: server.socketFolder, user: administrator, database: 'postgres' })
    await client.connect()
    await client.query('CREATE TABLE kept (n int)')
    await client.query('INSERT INTO kept VALUES (42)')
    console.log('written')
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: path.join(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  child.kill('SIGKILL')
  const pid = serverPid()
  const server = await joinEmbedded(folder, { isDurable: false })
  expect(serverPid()).toBe(pid)
  expect(await ask(server.socketFolder, 'SELECT n FROM kept')).toEqual([{ n: 42 }])
  await server.leave()
  expect(serverPid()).toBeNull()
})

test('a server that was killed itself is started again, with everything that was committed', async () => {
  const before = await joinEmbedded(folder, { isDurable: false })
  await ask(before.socketFolder, 'INSERT INTO kept VALUES (43)')
  process.kill(serverPid()!, 'SIGKILL')
  const server = await joinEmbedded(folder, { isDurable: false })
  expect(await ask(server.socketFolder, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }])
  await server.leave()
  await before.leave()
})

test('a folder that cannot be written is one clear sentence', async () => {
  const file = path.join(folder, 'a-file')
  fs.writeFileSync(file, '')
  await expect(joinEmbedded(path.join(file, 'data'))).rejects.toThrow(/cannot be written/)
})

const isRoot = process.getuid?.() === 0
if (!isRoot) console.info('Skipped: running as nobody is only for root, and this is not root.')
test.runIf(isRoot)('as root without user namespaces it runs as nobody', async () => {
  // Somewhere that nobody may pass through, as an operator would choose.
  const open = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-nobody-'))
  const server = await joinEmbedded(open, { isDurable: false, disguise: 'nobody' })
  expect(await ask(server.socketFolder, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  expect(fs.statSync(path.join(open, 'postgres')).uid).toBe(65_534)
  await server.leave()
  fs.rmSync(open, { recursive: true, force: true })
})
