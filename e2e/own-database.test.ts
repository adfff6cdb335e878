// A real network on a PostgreSQL of one's own: from the empty database to the closed referral, as the README says.

import fs from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { desktop, launchBrowser } from './browser.ts'
import { main, press, type Seat } from './desk.ts'
import { doMainJob, takeSeat } from './main-job.ts'
import { startOwnPostgres, type OwnPostgres } from './own-postgres.ts'
import { signIn, type SignIn } from './sign-in.ts'
import { copyOfDemo, freePort, newDataFolder, openMailbox, runWaypost, settingsFor, startWaypost } from './waypost.ts'
import type { Mailbox, Running } from './waypost.ts'

let postgres: OwnPostgres
let browser: Browser
let mailbox: Mailbox
const folders: string[] = []

beforeAll(async () => {
  postgres = await startOwnPostgres()
  mailbox = await openMailbox()
  browser = await launchBrowser()
  await postgres.administer(
    'postgres',
    `CREATE ROLE operator LOGIN CREATEROLE PASSWORD 'four words of ours'`,
    `CREATE DATABASE riverside OWNER operator`,
    `CREATE DATABASE invented OWNER operator`,
  )
})

afterAll(async () => {
  await browser?.close()
  await mailbox?.close()
  await postgres?.stop()
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const made = newDataFolder()
  folders.push(made)
  return made
}

const addressOf = (database: string) => postgres.url(database, 'operator', 'four words of ours')

describe('what stands in the way is said in one sentence', () => {
  test.each([
    ['a wrong password', () => postgres.url('riverside', 'operator', 'a wrong guess'), /refuses that user or password/],
    ['no such database', () => addressOf('lakeside'), /no database of that name/],
  ])('%s', async (_case, url, sentence) => {
    const refused = await runWaypost(['serve'], settingsFor(folder(), { DATABASE_URL: url() }))
    expect(refused).toMatchObject({ code: 3, stdout: '' })
    expect(refused.stderr.trim().split('\n')).toHaveLength(1)
    expect(refused.stderr).toMatch(sentence)
    expect(refused.stderr).not.toMatch(/guess|four/)
  })

  test('a database that was not migrated', async () => {
    const refused = await runWaypost(['status'], settingsFor(folder(), { DATABASE_URL: addressOf('riverside') }))
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('Run ./waypost migrate.') as string })
  })
})

test('a real network, from the empty database to the closed referral', async () => {
  const port = await freePort()
  const dataFolder = folder()
  const settings = { DATABASE_URL: addressOf('riverside'), SMTP_URL: mailbox.url, PORT: String(port) }
  const run = (...words: string[]) => runWaypost(words, settingsFor(dataFolder, settings))
  expect(await run('migrate')).toMatchObject({ code: 0 })
  const admin = { email: 'olive@riverside.example.org', password: 'a heron by the weir' }
  const words = ['--name', 'Riverside Network', '--time-zone', 'Europe/London', '--admin', admin.email]
  const made = await run('network', 'create', 'riverside', ...words, '--json')
  expect(made, made.stderr).toMatchObject({ code: 0 })
  const { link } = JSON.parse(made.stdout) as { link: string }
  await bringDirectories(run)

  const waypost = await startWaypost({ dataFolder, env: settings })
  try {
    const office = await takeSeat({ browser, viewport: desktop, scripts: true })
    await setPassword(office, link, admin)
    await addSite(office, waypost)
    const adviser = { email: 'tamsin@riverside.example.org', password: 'slow boats on sunday' }
    await invite(office, waypost, adviser)
    await doMainJob({
      ...{ browser, mailbox, address: waypost.address, adviser, viewport: desktop, scripts: true },
      newcomer: { name: 'Noor', familyName: 'Testwell', born: ['7', '3', '1991'] },
      takesFirst: true,
      hasEvidence: false,
    })
    const refused = await run('demo')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/There is a real network here/)
  } finally {
    await waypost.stop()
  }
})

test('the demonstration on a PostgreSQL of one’s own', async () => {
  const dataFolder = folder()
  const settings = { DATABASE_URL: addressOf('invented') }
  const filled = await runWaypost(['demo', '--json'], settingsFor(dataFolder, settings))
  expect(filled, filled.stderr).toMatchObject({ code: 0 })
  const { signIns } = JSON.parse(filled.stdout) as { signIns: (SignIn & { role: string })[] }
  const waypost = await startWaypost({ dataFolder, env: settings })
  try {
    const seat = await takeSeat({ browser, viewport: desktop, scripts: true })
    const adviser = signIns.find((each) => each.role === 'adviser')
    await signIn(seat.page, waypost.address, adviser ?? { email: '', password: '' })
    await seat.page.getByText('The people and organisations here are invented.').waitFor()
  } finally {
    await waypost.stop()
  }
})

test('a user that may not create roles: the printed statements are all that an administrator must run', async () => {
  await postgres.administer(
    'postgres',
    `CREATE ROLE modest LOGIN PASSWORD 'few rights'`,
    `CREATE DATABASE modest OWNER modest`,
  )
  const settings = settingsFor(folder(), { DATABASE_URL: postgres.url('modest', 'modest', 'few rights') })
  const refused = await runWaypost(['migrate'], settings)
  expect(refused.code).toBe(3)
  const statements = refused.stderr.slice(refused.stderr.indexOf('-- in the database modest'))
  await postgres.administer('modest', statements)
  expect(await runWaypost(['migrate'], settings)).toMatchObject({ code: 0, stderr: '' })
})

/** Directories as other systems publish them, and one that Waypost wrote. */
async function bringDirectories(run: (...words: string[]) => Promise<{ code: number; stdout: string }>): Promise<void> {
  const demo = copyOfDemo()
  folders.push(demo)
  const written = path.join(demo, 'out')
  expect(await runWaypost(['export', 'directory', written], settingsFor(demo))).toMatchObject({ code: 0 })
  const taken = await run('import', 'directory', written, '--json')
  expect(JSON.parse(taken.stdout)).toMatchObject({ added: 40, refused: 0 })
  const county = path.join(import.meta.dirname, '..', '..', 'shared', 'data', 'san-mateo-directory')
  if (!fs.existsSync(county)) {
    process.stderr.write(`Without ${county}: the import of a county's directory is left out.\n`)
    return
  }
  const imported = await run('import', 'directory', county, '--json')
  expect([0, 1]).toContain(imported.code)
  const report = JSON.parse(imported.stdout) as { layout: string; added: number; refusals: unknown[] }
  expect(report).toMatchObject({ layout: 'ohana_csv' })
  expect(report.added).toBeGreaterThan(0)
  expect(imported.code).toBe(report.refusals.length > 0 ? 1 : 0)
}

async function setPassword(seat: Seat, link: string, { email, password }: SignIn): Promise<void> {
  const { page } = seat
  await page.goto(link)
  await seat.sound()
  await page.getByLabel('New password').fill('short')
  await press(seat, 'Set the password')
  await page
    .getByRole('alert')
    .getByRole('link', { name: /^Use at least/ })
    .waitFor()
  await page.getByLabel('New password').fill(password)
  await press(seat, 'Set the password')
  await page.getByText('Your password is set.').waitFor()
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await press(seat, 'Sign in')
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
  // Once is enough: whoever finds the link later sets nothing.
  const again = await page.context().request.get(link)
  expect(await again.text()).toContain('This link is no longer good')
}

async function addSite(seat: Seat, waypost: Running): Promise<void> {
  const { page } = seat
  await page.goto(`${waypost.address}/settings`)
  await press(seat, /^Sites/)
  await main(seat).getByText('No sites yet.').waitFor()
  await press(seat, 'Add a site')
  await page.getByLabel('Place').fill('Weir Street')
  await page.getByRole('radio', { name: 'centre' }).check()
  await page.getByLabel('Latitude').fill('54.51')
  await page.getByLabel('Longitude').fill('-1.55')
  await press(seat, 'Save')
  await page.getByText('Weir Street was added').waitFor()
}

/** Invites an adviser, who sets the password from the mail in a browser of their own. */
async function invite(seat: Seat, waypost: Running, adviser: SignIn): Promise<void> {
  const { page } = seat
  await page.goto(`${waypost.address}/settings/staff/new`)
  await seat.sound()
  await page.getByLabel('Name', { exact: true }).fill('Tamsin Hale')
  await page.getByLabel('E-mail address').fill(adviser.email)
  await page.getByRole('checkbox', { name: 'Adviser' }).check()
  await page.getByRole('checkbox', { name: 'Works at Weir Street' }).check()
  await press(seat, 'Send the invitation')
  await page.getByText('Tamsin Hale was invited').waitFor()
  const mail = await mailbox.next(adviser.email)
  const link = /https?:\/\/\S+\/set-password\/\S+/.exec(mail.text)?.[0] ?? ''
  const desk = await takeSeat({ browser, viewport: desktop, scripts: true })
  await setPassword(desk, link, adviser)
  await desk.page.context().close()
}
