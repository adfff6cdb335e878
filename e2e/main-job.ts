// The whole main job: register, assess, rank, choose, refer, answer from the mailed link, attend, end, and record what came of it.

import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { answersByInstrument } from './answers.ts'
import { expectSoundPage, openContext } from './browser.ts'
import { assess, chooseAnother, chooseFirst, factOf, main, press, rank, register, send } from './desk.ts'
import type { Newcomer, Seat, Sent } from './desk.ts'
import { accept, linkOf, reportAttendance, reportCompletion, scan } from './partner.ts'
import { signIn, type SignIn } from './sign-in.ts'
import type { Mailbox } from './waypost.ts'

export interface MainJob {
  readonly browser: Browser
  readonly address: string
  readonly adviser: SignIn
  readonly mailbox: Mailbox
  readonly viewport: { readonly width: number; readonly height: number }
  readonly scripts: boolean
  readonly newcomer: Newcomer
  /** Whether the first suggestion is taken; else the third, with a reason. */
  readonly takesFirst: boolean
  /** Whether there are past episodes to learn from; a new network has none. */
  readonly hasEvidence: boolean
}

/** Does it as adviser, partner and adviser again, checking each page on the way. */
export async function doMainJob(job: MainJob): Promise<void> {
  const { browser, address, newcomer } = job
  const desk = await takeSeat(job)
  await signIn(desk.page, address, job.adviser)
  await desk.sound()
  const file = await register(desk, newcomer)
  for (const instrument of answersByInstrument.keys()) await assess(desk, file, instrument)
  await rank(desk, file, job.hasEvidence)
  const service = job.takesFirst ? await chooseFirst(desk) : await chooseAnother(desk, 2, 'The client prefers it')
  const sent = await send(desk, newcomer)

  const mail = await job.mailbox.next(sent.recipient, new RegExp(sent.reference))
  const link = linkOf(mail, sent, newcomer)
  await scan(browser, link, newcomer, service)
  await desk.page.reload()
  expect(await factOf(desk, 'Opened by the partner')).toBe('not yet')

  const partner = await takeSeat(job)
  await accept(partner, link, newcomer)
  await readAcceptance(desk, job, sent)
  await reportAttendance(partner)
  await reportCompletion(partner)
  expect(await main(partner).innerText()).not.toContain(newcomer.name)
  await closeReferral(desk, job, sent)
  await recordOutcome(desk, file)
  await partner.page.context().close()
  await desk.page.context().close()
}

/** A browser of one's own, with the check of each page that it shows. */
export async function takeSeat({
  browser,
  viewport,
  scripts,
}: Pick<MainJob, 'browser' | 'viewport' | 'scripts'>): Promise<Seat> {
  const { page } = await openContext(browser, { viewport, scripts })
  return { page, sound: () => expectSoundPage(page, { scripts }) }
}

/** The adviser gets the news by mail, and sees who said what and when. */
async function readAcceptance(desk: Seat, { mailbox, adviser, newcomer }: MainJob, sent: Sent): Promise<void> {
  const news = await mailbox.next(adviser.email, new RegExp(sent.reference))
  expect(`${news.source}${news.text}`).not.toContain(newcomer.familyName)
  await desk.page.goto(sent.url)
  await desk.sound()
  expect(await factOf(desk, 'Opened by the partner')).not.toBe('not yet')
  expect(await factOf(desk, 'Appointment')).toContain('Room 4, first floor')
  const history = await historyOf(desk)
  for (const event of ['Sent to the partner', 'Opened', 'Accepted']) expect(history).toContain(event)
}

/** The referral has ended, so Today asks for the next step; with it the referral is closed and leaves Today. */
async function closeReferral(desk: Seat, { address, newcomer }: MainJob, sent: Sent): Promise<void> {
  const { page } = desk
  const person = `${newcomer.name} ${newcomer.familyName}`
  await page.goto(`${address}/today`)
  await desk.sound()
  const row = main(desk).getByRole('listitem').filter({ hasText: person }).filter({ hasText: 'what comes next' })
  await row.getByRole('link', { name: person }).click()
  await page.waitForURL(sent.url)
  const history = await historyOf(desk)
  for (const event of ['Accepted', 'Attended', 'Completed']) expect(history).toContain(event)
  for (const words of ['What was agreed was reached', 'Bakes for forty now.']) expect(history).toContain(words)
  await press(desk, 'Record the next step')
  await press(desk, 'Record the next step')
  await page.getByRole('alert').getByRole('link', { name: 'Choose what comes next' }).waitFor()
  await page.getByLabel('Working', { exact: true }).check()
  await press(desk, 'Record the next step')
  await page.getByText('The next step is recorded, and the referral is closed.').waitFor()
  await main(desk).getByText('Closed. Nothing more is needed.').waitFor()
  await page.goto(`${address}/today`)
  expect(
    await main(desk).getByRole('listitem').filter({ hasText: person }).filter({ hasText: 'what comes next' }).count(),
  ).toBe(0)
}

async function recordOutcome(desk: Seat, file: string): Promise<void> {
  const { page } = desk
  await page.goto(file)
  await desk.sound()
  expect(await main(desk).innerText()).toContain('1 closed referral')
  await press(desk, 'Record how the client is getting on')
  await press(desk, /^Record$/)
  await page.getByRole('alert').getByRole('link', { name: 'Choose what the client is doing now' }).waitFor()
  await page.getByLabel('Working', { exact: true }).check()
  await page.getByLabel('The client', { exact: true }).check()
  await press(desk, /^Record$/)
  await page.getByText('Recorded').first().waitFor()
  await page.goto(file)
  const words = await main(desk).innerText()
  for (const event of ['Registered', 'First conversation: completed', 'Completed', 'Working'])
    expect(words).toContain(event)
}

async function historyOf(desk: Seat): Promise<string> {
  return desk.page.getByRole('region', { name: 'What happened' }).innerText()
}
