// What an adviser does at the desk, page by page, as the words on the pages say it.

import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { answersByInstrument, type Answer } from './answers.ts'

/** One person at one browser, and the check that each page they see must pass. */
export interface Seat {
  readonly page: Page
  readonly sound: () => Promise<void>
}

/** The invented client of one journey. The names occur nowhere else, so that a leak can be found. */
export interface Newcomer {
  readonly name: string
  readonly familyName: string
  readonly born: readonly [day: string, month: string, year: string]
}

/** A button or a link that looks like one: what a person would press. */
export async function press(seat: Seat, name: string | RegExp): Promise<void> {
  const main = seat.page.locator('main')
  await main.getByRole('button', { name }).or(main.getByRole('link', { name })).first().click()
  await seat.page.waitForLoadState()
  await seat.sound()
}

export function main(seat: Seat): Locator {
  return seat.page.locator('main')
}

/** Registers the newcomer, first with nothing filled in. Gives the address of the new file. */
export async function register(seat: Seat, { name, familyName, born }: Newcomer): Promise<string> {
  const { page } = seat
  await press(seat, 'Register a client')
  await press(seat, /^Register$/)
  const summary = page.getByRole('alert').filter({ hasText: 'There is a problem' })
  await summary.getByRole('link', { name: 'Enter a name to call them by' }).waitFor()
  await page.locator('.govuk-form-group--error', { hasText: 'Choose at least one way to reach them' }).waitFor()
  const nameField = page.getByLabel('Name to call them by')
  expect(await nameField.getAttribute('aria-describedby')).toContain('error')

  await nameField.fill(name)
  await page.getByLabel('Family name').fill(familyName)
  const date = page.getByRole('group', { name: 'Date of birth' })
  for (const [index, part] of ['Day', 'Month', 'Year'].entries()) await date.getByLabel(part).fill(born[index] ?? '')
  await page.getByLabel('Comes in person').check()
  await page.getByLabel('Language they speak best').selectOption({ label: 'Arabic' })
  await page.getByLabel('Needs an interpreter').check()
  await press(seat, /^Register$/)
  await page.getByText('Registered. The reference is').waitFor()
  await page.getByRole('heading', { name: `${name} ${familyName}` }).waitFor()
  return page.url()
}

/** Asks one instrument from the first page to the last, checks the answers and completes it. */
export async function assess(
  seat: Seat,
  file: string,
  instrument: string,
  answers = answersByInstrument.get(instrument) ?? [],
): Promise<void> {
  const { page } = seat
  await page.goto(file)
  await press(seat, /^(Start an assessment|Ask something else)$/)
  await page.getByLabel(instrument).check()
  await page.getByLabel('Together, in person').check()
  await press(seat, /^Start$/)
  const given = new Set<Answer>()
  // Each page once, and once more where an answer opened questions and no script could show them at once.
  for (let pages = 0; pages < 20 && page.url().includes('/groups/'); pages += 1) {
    for (const answer of answers) if (!given.has(answer) && (await answerQuestion(page, answer))) given.add(answer)
    await press(seat, 'Save and continue')
  }
  expect(answers.filter((answer) => !given.has(answer))).toEqual([])
  await page.getByRole('heading', { name: 'Check the answers' }).waitFor()
  for (const [, answer] of answers)
    for (const said of [answer].flat()) await main(seat).getByText(said, { exact: true }).first().waitFor()
  await press(seat, 'Complete')
  await page.waitForURL(file)
  const kept = main(seat).getByRole('listitem').filter({ hasText: instrument }).filter({ hasText: 'Told on' })
  await kept.filter({ hasText: 'Completed' }).waitFor()
}

/** Answers the question where this page asks it. Gives whether it does. */
export async function answerQuestion(page: Page, [question, answer]: Answer): Promise<boolean> {
  const item = page.locator('[data-item]:visible').filter({ hasText: question })
  if ((await item.count()) === 0) return false
  if (typeof answer === 'string' && (await item.getByRole('textbox').count()) > 0) {
    await item.getByRole('textbox').first().fill(answer)
    return true
  }
  for (const said of [answer].flat()) await item.getByLabel(said, { exact: true }).check()
  return true
}

/** Ranks the services and reads the first suggestion: a sentence with its doubt, and a picture of it, where there is evidence. */
export async function rank(seat: Seat, file: string, hasEvidence: boolean): Promise<void> {
  const { page } = seat
  await page.goto(file)
  await press(seat, /^(Find a service|Rank services)$/)
  const button = page.locator('main').getByRole('button', { name: 'Rank services' })
  if (await button.isVisible()) await press(seat, 'Rank services')
  if (!hasEvidence) {
    await main(seat).getByText('There are too few past episodes to estimate what helps.').waitFor()
    expect(await main(seat).getByText('in 100 are working').count()).toBe(0)
    return
  }
  const kind = openServices(page).locator('.wp-card').first()
  const words = await kind.innerText()
  expect(words).toMatch(/we estimate that about \d+ in 100 are working a year later with this, and about \d+ without/)
  expect(words).toMatch(/Based on [\d,]+ similar past clients who took it\./)
  expect(words).toContain('For it')
  const picture = kind.getByRole('img').first()
  expect(await picture.getAttribute('aria-label')).toMatch(/^Estimated difference/)
  expect(await main(seat).innerText()).toContain('is no experiment')
}

export function openServices(page: Page): Locator {
  return page.getByRole('region', { name: /^Open to this client/ })
}

/** The services that are open to the client, in their order. */
function suggestions(page: Page): Locator {
  return openServices(page).locator('li[id^="service-"]')
}

/** Takes the first suggestion. Gives the name of the service. */
export async function chooseFirst(seat: Seat): Promise<string> {
  const first = suggestions(seat.page).first()
  const service = await first.getByRole('link').first().innerText()
  await press(seat, 'Refer to this service')
  await seat.page.getByRole('heading', { name: service }).waitFor()
  return service
}

/** Takes another one. Among those that cannot be told apart no reason is asked; below them the page asks for it, and with one it goes
 *  on. Gives the name of the service. */
export async function chooseAnother(seat: Seat, place: number, reason: string): Promise<string> {
  const { page } = seat
  // Partners may give services the same name: the card is found again by what it is, not by what it is called.
  const id = await suggestions(page).nth(place).getAttribute('id')
  const card = page.locator(`li#${id}`)
  const service = await card.getByRole('link').first().innerText()
  const plain = card.getByRole('button', { name: 'Refer to this service' })
  if ((await plain.count()) > 0) {
    await plain.click()
    await page.getByRole('heading', { name: service }).waitFor()
    await seat.sound()
    return service
  }
  await card.getByText('Choose this one instead').click()
  await card.getByRole('button', { name: 'Refer here' }).click()
  await card.getByText('Say why this one rather than what is expected to add most').waitFor()
  await seat.sound()
  await card.getByLabel('Why this one').selectOption({ label: reason })
  await card.getByRole('button', { name: 'Refer here' }).click()
  await page.getByRole('heading', { name: service }).waitFor()
  await seat.sound()
  return service
}

export interface Sent {
  /** The address of the referral's page. */
  readonly url: string
  readonly reference: string
  readonly recipient: string
}

/** Agrees what is shared, reads the preview, and sends. */
export async function send(seat: Seat, { name }: Newcomer): Promise<Sent> {
  const { page } = seat
  const preview = page.getByRole('region', { name: 'will see' })
  expect(await preview.innerText()).toContain(name)
  // The client wants nothing shared: then there is nothing to send.
  const agreed = page.getByRole('group', { name: 'What may the partner see?' })
  for (const box of await agreed.getByRole('checkbox').all()) await box.uncheck()
  await press(seat, 'Send the referral')
  await page.getByRole('alert').getByRole('link', { name: 'Choose at least one thing that may be shared' }).waitFor()
  for (const field of ['Name', 'Language']) await agreed.getByLabel(field, { exact: true }).check()
  const hopes = 'Hopes to work in a bakery again, mornings if possible.'
  await page.getByLabel('Words to the partner').fill(hopes)
  await press(seat, 'Update the preview')
  expect(await preview.innerText()).toContain(hopes)
  await press(seat, 'Send the referral')
  await page.getByText('Sent to').first().waitFor()
  const reference = /R-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(await main(seat).innerText())?.[0] ?? ''
  expect(reference).not.toBe('')
  expect(await factOf(seat, 'Opened by the partner')).toBe('not yet')
  const recipient = await reachPartner(seat)
  return { url: page.url(), reference, recipient }
}

/** A directory may know no address: then the adviser asks the partner for one and sends the link there. */
async function reachPartner(seat: Seat): Promise<string> {
  const field = seat.page.getByLabel('Partner’s e-mail address')
  const known = await field.inputValue()
  if (known !== '') return known
  await field.fill('front.desk@partner.example.org')
  await press(seat, 'Send a new link')
  await seat.page.getByText('A new link is on its way.').waitFor()
  return 'front.desk@partner.example.org'
}

/** What a page says beside a word of its summary lists; an empty text where it has no such word. */
export async function factOf(seat: Seat, word: string): Promise<string> {
  const row = main(seat)
    .locator('.govuk-summary-list__row')
    .filter({ has: seat.page.getByText(word, { exact: true }) })
  if ((await row.count()) === 0) return ''
  return (await row.first().locator('dd').first().innerText()).trim()
}
