// The running command: what it refuses, what it shares, and that nothing confirmed is ever lost.

import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openContext } from './browser.ts'
import { signIn, signInsOf } from './sign-in.ts'
import { copyOfDemo, freePort, newDataFolder, runWaypost, settingsFor, startWaypost, type Running } from './waypost.ts'

let browser: Browser
const running: Running[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})

afterEach(async () => {
  for (const waypost of running.splice(0)) await waypost.stop()
})

afterAll(() => browser?.close())

async function start(options: Parameters<typeof startWaypost>[0] = {}): Promise<Running> {
  const waypost = await startWaypost(options)
  running.push(waypost)
  return waypost
}

/** What a command says when it cannot go on: one sentence, no stack, nothing on standard output. */
function sentenceOf({ stdout, stderr }: { stdout: string; stderr: string }): string {
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).not.toMatch(/at .*\.ts:|Something went wrong/)
  return stderr.trim()
}

const isDatabaseRunning = (dataFolder: string) => fs.existsSync(path.join(dataFolder, 'postgres', 'postmaster.pid'))

/** The database of a data folder, entered as an operator would. */
async function enter(dataFolder: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: path.join(dataFolder, 'socket'),
    user: 'waypost_administrator',
    database: 'waypost',
  })
  await client.connect()
  return client
}

async function openDesk(waypost: Running): Promise<Page> {
  const { page } = await openContext(browser)
  await signIn(page, waypost.address, signInsOf(waypost).adviser)
  return page
}

/** Registers somebody by name; the page has confirmed it when this returns. */
async function registerBriefly(page: Page, waypost: Running, name: string): Promise<void> {
  await page.goto(`${waypost.address}/clients/new`)
  await page.getByLabel('Name to call them by').fill(name)
  await page.getByLabel('Comes in person').check()
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByText('Registered. The reference is').waitFor()
}

describe('one data folder', () => {
  test('serves once, lets other commands join, and ends with the last of them', async () => {
    const waypost = await start()
    const second = await runWaypost(['serve'], settingsFor(waypost.dataFolder, { PORT: String(await freePort()) }))
    expect(second.code).toBe(3)
    expect(sentenceOf(second)).toMatch(/already running on this data folder/)

    const status = await waypost.command('status', '--json')
    expect(status.code).toBe(0)
    expect(JSON.parse(status.stdout)).toMatchObject({ isEmbedded: true, networks: [{ isDemo: true }] })

    const folder = path.join(waypost.dataFolder, 'out')
    const exported = await waypost.command('export', 'directory', folder)
    expect(exported, exported.stderr).toMatchObject({ code: 0 })
    const imported = await waypost.command('import', 'directory', folder, '--source', 'copy', '--json')
    expect(JSON.parse(imported.stdout)).toMatchObject({ unchanged: 40, added: 0, refused: 0 })
    expect(imported.code).toBe(0)

    expect(await (await fetch(`${waypost.address}/readyz`)).text()).toBe('ready')
    expect(isDatabaseRunning(waypost.dataFolder)).toBe(true)
    expect(await waypost.kill('SIGTERM')).toBe(0)
    expect(isDatabaseRunning(waypost.dataFolder)).toBe(false)

    // A command on its own starts the database and stops it again.
    const alone = await waypost.command('status')
    expect(alone.code).toBe(0)
    expect(isDatabaseRunning(waypost.dataFolder)).toBe(false)
  })

  test('keeps what a page confirmed when it is killed, and starts again on the database that still runs', async () => {
    const dataFolder = copyOfDemo()
    const killed = await startWaypost({ dataFolder, isAlone: true })
    const page = await openDesk(killed)
    await registerBriefly(page, killed, 'Quillon')
    await page.getByLabel('Write a note').fill('Said before the lights went out.')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.getByText('The note is added.').waitFor()
    await killed.kill('SIGKILL')
    expect(isDatabaseRunning(dataFolder)).toBe(true)

    const before = Date.now()
    const again = await start({ dataFolder })
    expect(Date.now() - before).toBeLessThan(15_000)
    const desk = await openDesk(again)
    await desk.goto(`${again.address}/clients?q=Quillon`)
    await desk.getByRole('link', { name: 'Quillon' }).first().click()
    await desk.getByText('Said before the lights went out.').first().waitFor()
    expect(await again.kill('SIGTERM')).toBe(0)
    expect(isDatabaseRunning(dataFolder)).toBe(false)
  })

  test('stops when the program that started it is killed', async () => {
    const waypost = await start()
    await waypost.kill('SIGKILL')
    await expect.poll(() => isDatabaseRunning(waypost.dataFolder), { timeout: 15_000, interval: 100 }).toBe(false)
    await expect(fetch(`${waypost.address}/healthz`)).rejects.toThrow()
  })

  test('finishes the request in hand when it is told to stop', async () => {
    const waypost = await start()
    const page = await openDesk(waypost)
    await page.goto(`${waypost.address}/clients/new`)
    await page.getByLabel('Name to call them by').fill('Marisol')
    await page.getByLabel('Comes in person').check()
    const client = await enter(waypost.dataFolder)
    client.on('error', () => undefined)
    await client.query('BEGIN')
    await client.query('LOCK TABLE clients IN SHARE MODE')
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Register', exact: true }).click({ noWaitAfter: true })
    const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`
    await expect.poll(async () => (await client.query<{ n: number }>(waiting)).rows[0]?.n).toBeGreaterThan(0)

    const end = waypost.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 500))
    await client.query('COMMIT')
    const answered = await answer
    expect(answered.status()).toBe(303)
    expect(answered.headers()['location']).toMatch(/^\/clients\/[0-9a-f-]{36}$/)
    // Our own session in the database does not keep it from stopping.
    expect(await end).toBe(0)
    expect(isDatabaseRunning(waypost.dataFolder)).toBe(false)
  })
})

describe('what stands in the way is said in one sentence', () => {
  test('a busy port', async () => {
    const dataFolder = copyOfDemo()
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    const refused = await runWaypost(['serve'], settingsFor(dataFolder, { PORT: String(port) }))
    other.close()
    expect(refused.code).toBe(3)
    expect(sentenceOf(refused)).toBe(`The port ${port} is in use. Choose another with PORT.`)
    expect(isDatabaseRunning(dataFolder)).toBe(false)
    fs.rmSync(dataFolder, { recursive: true })
  })

  test('a data folder that cannot be written', async () => {
    const file = path.join(newDataFolder(), 'a-file')
    fs.writeFileSync(file, '')
    const refused = await runWaypost(['serve'], settingsFor(path.join(file, 'data')))
    expect(refused.code).toBe(3)
    expect(sentenceOf(refused)).toMatch(/cannot be written\. Choose another with WAYPOST_DATA\./)
    fs.rmSync(path.dirname(file), { recursive: true })
  })

  test('a database newer than the code', async () => {
    const waypost = await start()
    const client = await enter(waypost.dataFolder)
    await client.query(`INSERT INTO schema_migrations VALUES ('9999_from_the_future.sql', 'x', now())`)
    await client.end()
    await waypost.kill('SIGTERM')
    for (const command of ['serve', 'migrate', 'status']) {
      const refused = await waypost.command(command)
      expect(refused.code).toBe(3)
      expect(sentenceOf(refused)).toMatch(/The database is newer than this Waypost: it has 9999_from_the_future/)
    }
    expect(isDatabaseRunning(waypost.dataFolder)).toBe(false)
  })

  test.each([
    ['serve', 'postgres://user:secret-word@127.0.0.1:9/waypost', /nothing answers at that address/],
    ['status', 'postgres://user:secret-word@no-such-host.invalid/waypost', /no host of that name/],
    ['serve', 'secret-word', /The setting DATABASE_URL is not usable: it should be an address such as postgres:/],
  ])('%s with a wrong DATABASE_URL: %s', async (command, url, sentence) => {
    const dataFolder = newDataFolder()
    const refused = await runWaypost([command], settingsFor(dataFolder, { DATABASE_URL: url }))
    expect(refused.code).toBe(3)
    expect(sentenceOf(refused)).toMatch(sentence)
    expect(refused.stderr).not.toContain('secret-word')
    expect(isDatabaseRunning(dataFolder)).toBe(false)
    fs.rmSync(dataFolder, { recursive: true })
  })

  test('a setting that is wrong is named, and its value is not repeated', async () => {
    const dataFolder = newDataFolder()
    const refused = await runWaypost(['serve'], settingsFor(dataFolder, { PORT: 'three thousand' }))
    expect(refused.code).toBe(3)
    expect(sentenceOf(refused)).toBe('The setting PORT is not usable: it should be a number from 0 to 65535.')
    fs.rmSync(dataFolder, { recursive: true })
  })
})

describe('commands answer with their exit code, and with one JSON document when asked', () => {
  let waypost: Running
  let dataFolder: string

  beforeAll(async () => {
    dataFolder = copyOfDemo()
    waypost = await startWaypost({ dataFolder })
    fs.writeFileSync(path.join(dataFolder, 'broken.json'), '{"resourceType": "Questionnaire", "title": ')
    fs.writeFileSync(path.join(dataFolder, 'latin1.json'), Buffer.from([0x7b, 0xe9, 0x7d]))
  })
  afterAll(() => waypost?.stop())

  const inFolder = (words: readonly string[]) => words.map((word) => word.replace('FOLDER', dataFolder))

  test.concurrent.each<[code: number, words: string[]]>([
    [0, ['status']],
    [0, ['migrate']],
    [0, ['staff', 'invite', 'new@demo.example.org', '--name', 'Newly Come', '--role', 'adviser']],
    [1, ['demo']],
    [1, ['staff', 'reset', 'nobody@demo.example.org']],
    [1, ['import', 'instrument', 'FOLDER/broken.json']],
    [1, ['import', 'directory', 'FOLDER/latin1.json']],
    [1, ['import', 'directory', 'FOLDER/not-there']],
    [1, ['network', 'create', 'real', '--name', 'Real', '--time-zone', 'Europe/London', '--admin', 'a@example.org']],
    [2, ['status', '--colour']],
    [2, ['status', 'twice']],
    [2, ['import', 'directory']],
    [2, ['import', 'episodes', 'FOLDER/broken.json']],
    [2, ['learn', '--network', 'elsewhere']],
    [2, ['network', 'create', 'real', '--name', 'Real', '--time-zone', 'Mars/Olympus', '--admin', 'a@example.org']],
    [2, ['staff', 'invite', 'new@demo.example.org', '--name', 'Newly Come', '--role', 'emperor']],
  ])('%i: %j', async (code, words) => {
    const answer = await waypost.command(...inFolder(words), '--json')
    const document: unknown = JSON.parse(answer.stdout)
    expect(answer, answer.stderr).toMatchObject({ code })
    if (code === 2) expect(document).toHaveProperty('error')
    if (code !== 0) expect(answer.stderr).not.toContain('Something went wrong')
    if (code === 2) expect(answer.stderr).toContain('Usage: ./waypost')
  })

  test('the commands explain themselves', async () => {
    const overview = await waypost.command('--help')
    expect(overview.code).toBe(0)
    const names = [...overview.stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}\S/gm)].map(([, name]) => String(name))
    // One of each file of commands: each is a process of its own, and they add up.
    const some = ['serve', 'demo', 'network create', 'import directory', 'recommend']
    expect(names).toEqual(expect.arrayContaining(some))
    for (const name of some) {
      const help = await waypost.command(...name.split(' '), '--help')
      expect(help).toMatchObject({ code: 0, stderr: '' })
      expect(help.stdout).toContain(`Usage: ./waypost ${name}`)
    }
    expect(await waypost.command('fly')).toMatchObject({ code: 2, stdout: '' })
  })
})
