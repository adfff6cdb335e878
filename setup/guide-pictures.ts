// Takes the pictures of docs/guide/adviser.md again, from a demonstration that was just filled:
//   WAYPOST_DATA=<new folder> PORT=<port> ./waypost serve --no-demo-model
//   npm run guide-pictures -- http://127.0.0.1:<port> <that folder>
// One invented client is registered and taken through the whole hour. A second time she would be there already: begin anew.

import fs from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { z } from 'zod'
import { desktop, launchBrowser, openContext } from '../e2e/browser.ts'
import { signIn } from '../e2e/sign-in.ts'

const folder = path.join(import.meta.dirname, '..', 'docs', 'guide', 'pictures')
const mostBytes = 150_000
const margin = 16
const kept = z.array(z.object({ role: z.string(), email: z.string(), password: z.string() }))

const [address, dataFolder] = process.argv.slice(2)
if (address === undefined || dataFolder === undefined)
  throw new Error('Say where the demonstration is: npm run guide-pictures -- http://127.0.0.1:<port> <its data folder>')
await takePictures(address, dataFolder)

async function takePictures(at: string, dataOfDemo: string): Promise<void> {
  const signIns = kept.parse(JSON.parse(fs.readFileSync(path.join(dataOfDemo, 'demo-sign-ins.json'), 'utf8')))
  const adviser = signIns.find(({ role }) => role === 'adviser')
  if (!adviser) throw new Error('The demonstration has no adviser who can sign in.')
  const browser = await launchBrowser()
  try {
    const { page } = await openContext(browser, { viewport: { ...desktop, height: 1600 } })
    await signIn(page, at, adviser)
    const file = await register(page, at)
    await askShortly(page, file)
    await noteJobs(page, file)
    const ranking = await rankServices(page, file)
    await lookTogether(page, ranking)
    await writeLetter(page, ranking)
    await planSteps(page, file)
    await lookBack(page, at)
  } finally {
    await browser.close()
  }
}

async function register(page: Page, at: string): Promise<string> {
  await page.goto(`${at}/clients/new`)
  await page.getByLabel('Name to call them by').fill('Daryna')
  await page.getByLabel('Family name').fill('Kvitko')
  await page.getByLabel('Comes in person').check()
  await page.getByLabel('Language they speak best').selectOption({ label: 'Ukrainian' })
  await press(page, /^Register$/)
  await page.getByText('Registered. The reference is').waitFor()
  return page.url()
}

async function askShortly(page: Page, file: string): Promise<void> {
  await page.goto(`${file}/assessments/short`)
  await answer(page, 'What would help you most right now?', 'Learning the language better')
  await answer(page, 'Do you look after a child', 'No')
  await answer(page, 'Are you allowed to work in this country?', 'Yes')
  await answer(page, 'Have you ever had a job?', 'Yes')
  await answer(page, 'Do you have a job now?', 'No')
  await answer(page, 'How far did you go in school or training?', 'I finished secondary school, about 12 years')
  await answer(page, 'Do you have a certificate or a degree from another country?', 'Yes')
  await answer(page, 'How well do you speak the main language here?', 'Simple talk about everyday things')
  await answer(page, 'What can you do with a computer or a smartphone?', 'I can find things online and send e-mail')
  await picture(page, 'short-conversation', { from: page.locator('main'), most: 780 })
  await press(page, 'Save the answers')
  await page.getByText('You can look for services now.').waitFor()
}

async function answer(page: Page, question: string, said: string): Promise<void> {
  const item = page.locator('[data-item]:visible').filter({ hasText: question })
  await item.first().getByLabel(said, { exact: true }).check()
}

/** What she did and would like to do; the picture shows what a job aimed at asks, and who teaches it. */
async function noteJobs(page: Page, file: string): Promise<void> {
  await page.goto(`${file}/skills`)
  await noteJob(page, { title: 'Jobs held', add: 'Add a job they had', words: 'machine operator' })
  await press(page, 'Save and finish')
  await page.goto(`${file}/skills`)
  await noteJob(page, { title: 'Jobs aimed at', add: 'Add a job they would like', words: 'welder' })
  await page.goto(`${file}/skills`)
  await page.getByRole('link', { name: /^What is missing/ }).click()
  await picture(page, 'skills', { from: page.locator('main'), most: 760 })
}

async function noteJob(
  page: Page,
  { title, add, words }: { readonly title: string; readonly add: string; readonly words: string },
): Promise<void> {
  const section = page.getByRole('region', { name: title })
  const field = section.getByLabel('The job, as they say it')
  if (!(await field.isVisible())) await section.getByText(add, { exact: true }).click()
  await field.fill(words)
  await section.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('radio').first().check()
  await press(page, 'Take this one')
  for (const box of (await page.getByRole('checkbox').all()).slice(0, 4)) await box.check()
}

/** The ranking with its ties and steps, asked why, what may be expected without help, and what could change it. Gives its address. */
async function rankServices(page: Page, file: string): Promise<string> {
  await page.goto(`${file}/recommendations`)
  await press(page, 'Rank services')
  const open = page.getByRole('region', { name: /^Open to this client/ })
  const ranking = page.url()
  await open.getByText('Step by step').first().click()
  await picture(page, 'ranking', { from: open, to: open.locator('li[id^="service-"]').first(), most: 900 })

  await page.goto(ranking)
  await page.getByRole('textbox', { name: 'Why is a service not here?' }).fill('Bridging')
  await press(page, /^Ask$/)
  const why = page.getByRole('region', { name: 'Why a service stands where it stands' })
  await picture(page, 'why-not-here', { from: why, most: 430 })

  await page.goto(ranking)
  await page.getByText('In six and twelve months, and likely pay').click()
  const prospects = page.getByRole('region', { name: 'Without help' })
  await picture(page, 'without-help', { from: prospects, most: 520 })
  const changes = page.getByRole('region', { name: 'What could change the picture' })
  await picture(page, 'what-could-change', { from: changes, most: 700 })
  return ranking
}

async function lookTogether(page: Page, ranking: string): Promise<void> {
  await page.goto(ranking)
  await press(page, 'Look at services together')
  await page.getByRole('checkbox', { checked: true }).nth(2).uncheck()
  await press(page, 'Show side by side')
  const helped = page.locator('.wp-option__part').nth(2)
  await picture(page, 'together', { from: page.locator('.wp-together'), to: helped, most: 1000 })
}

async function writeLetter(page: Page, ranking: string): Promise<void> {
  await page.goto(ranking)
  await press(page, 'A letter for the client')
  await picture(page, 'letter', { from: page.locator('.wp-letter'), most: 760 })
}

/** First the language, then the course that asks for it. */
async function planSteps(page: Page, file: string): Promise<void> {
  await page.goto(`${file}/plan/steps/new`)
  await page.getByLabel('Kind of service').selectOption({ label: 'Language training' })
  await page.getByLabel('What it is for').fill('English for work')
  await page.getByLabel('What it leads to').selectOption({ label: 'B1 (level of English)' })
  await page.getByLabel('The client does').fill('Goes to the course twice a week')
  await page.getByLabel('We do').fill('Send the referral, and ask after four weeks')
  await press(page, 'Save the step')
  await page.goto(`${file}/plan/steps/new`)
  await page.getByLabel('Kind of service').selectOption({ label: 'Bridging for foreign-trained professionals' })
  await page.getByLabel('What it is for').fill('My diploma counts here')
  await press(page, 'Save the step')
  await page.goto(`${file}/plan`)
  await picture(page, 'plan', { from: page.locator('main'), most: 620 })
}

async function lookBack(page: Page, at: string): Promise<void> {
  await page.goto(`${at}/choices`)
  await picture(page, 'own-choices', { from: page.locator('main'), most: 900 })
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  const main = page.locator('main')
  await main.getByRole('button', { name }).or(main.getByRole('link', { name })).first().click()
  await page.waitForLoadState()
}

/** As wide as the window, from the top of one element to the end of another, or so many pixels at most. */
async function picture(
  page: Page,
  name: string,
  { from, to, most }: { readonly from: Locator; readonly to?: Locator; readonly most: number },
): Promise<void> {
  // Where the cursor was is of no interest.
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  const top = Math.max(0, (await topOf(from)) - margin)
  const end = await endOf(to ?? from)
  const clip = { x: 0, y: top, width: desktop.width, height: Math.min(most, end - top) }
  const bytes = await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true, clip })
  console.log(`${name}.png  ${bytes.length} bytes`)
  if (bytes.length > mostBytes) throw new Error(`${name}.png has ${bytes.length} bytes, more than ${mostBytes}.`)
}

function topOf(element: Locator): Promise<number> {
  return element.first().evaluate((it) => it.getBoundingClientRect().top + window.scrollY)
}

function endOf(element: Locator): Promise<number> {
  return element.first().evaluate((it) => it.getBoundingClientRect().bottom + window.scrollY)
}
