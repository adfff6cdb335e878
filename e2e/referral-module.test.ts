// Four people for whom the way is harder than usual: each reaches a suitable referral, and the page says why.

import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from './answers.ts'
import { desktop, expectSoundPage, launchBrowser, openContext, phone } from './browser.ts'
import { answerQuestion, assess, main, openServices, press, type Seat } from './desk.ts'
import { signIn, signInsOf } from './sign-in.ts'
import { openMailbox, startWaypost, type Mailbox, type Running } from './waypost.ts'

let mailbox: Mailbox
let waypost: Running
let browser: Browser

beforeAll(async () => {
  mailbox = await openMailbox()
  waypost = await startWaypost({ env: { SMTP_URL: mailbox.url } })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await waypost?.stop()
  await mailbox?.close()
})

interface Person {
  readonly name: string
  readonly familyName: string
  readonly language: string
  readonly interpreter?: boolean
  readonly access?: readonly string[]
}

async function takeSeat(viewport: { readonly width: number; readonly height: number } = desktop): Promise<Seat> {
  const { page } = await openContext(browser, { viewport })
  const seat = { page, sound: () => expectSoundPage(page) }
  await signIn(page, waypost.address, signInsOf(waypost).adviser)
  return seat
}

/** Registers somebody who comes in person; gives the address of the file. */
async function register(seat: Seat, { name, familyName, language, interpreter, access = [] }: Person): Promise<string> {
  const { page } = seat
  await page.goto(`${waypost.address}/clients/new`)
  await page.getByLabel('Name to call them by').fill(name)
  await page.getByLabel('Family name').fill(familyName)
  await page.getByLabel('Comes in person').check()
  await page.getByLabel('Language they speak best').selectOption({ label: language })
  if (interpreter) await page.getByLabel('Needs an interpreter').check()
  if (access.length > 0) await page.getByText('What they need to take part').first().click()
  for (const need of access) await page.getByLabel(need, { exact: true }).check()
  await press(seat, /^Register$/)
  await page.getByText('Registered. The reference is').waitFor()
  return page.url()
}

/** The few questions of a busy front desk, all on one page. */
async function askAtDesk(seat: Seat, file: string, answers: readonly Answer[]): Promise<void> {
  const { page } = seat
  await page.goto(`${file}/assessments/short`)
  await seat.sound()
  for (const answer of answers) expect([answer[0], await answerQuestion(page, answer)]).toEqual([answer[0], true])
  await press(seat, 'Save the answers')
  await page.getByText('You can look for services now.').waitFor()
}

async function rankServices(seat: Seat, file: string): Promise<void> {
  await seat.page.goto(`${file}/recommendations`)
  await press(seat, 'Rank services')
  await seat.page.getByRole('heading', { name: /^Open to this client/ }).waitFor()
}

/** What an adviser asks of any service: why is it where it is? Gives the words of the answer. */
async function whyIs(seat: Seat, name: string): Promise<string> {
  await seat.page.getByRole('textbox', { name: 'Why is a service not here?' }).fill(name)
  await press(seat, /^Ask$/)
  return seat.page.getByRole('region', { name: 'Why a service stands where it stands' }).innerText()
}

/** Services of one kind among those that are open, as they stand on the page. */
function ofKind(seat: Seat, kind: string): Locator {
  return openServices(seat.page)
    .locator('.wp-card')
    .filter({ has: seat.page.getByRole('heading', { name: kind, exact: true }) })
    .locator('li[id^="service-"]')
}

/** Opens the steps of a service and gives their words. */
async function stepsOf(service: Locator): Promise<string> {
  await service.getByText('Step by step').click()
  return service.innerText()
}

/** Takes a service, with a reason where one is asked; ends on the page that sends. */
async function take(seat: Seat, service: Locator, reason: string): Promise<string> {
  const name = await service.getByRole('link').first().innerText()
  const plain = service.getByRole('button', { name: 'Refer to this service' })
  if ((await plain.count()) > 0) await plain.click()
  else {
    await service.getByText('Choose this one instead').click()
    await service.getByLabel('Why this one').selectOption({ label: reason })
    await service.getByRole('button', { name: 'Refer here' }).click()
  }
  await seat.page.getByRole('heading', { name }).waitFor()
  await seat.sound()
  return name
}

/** Agrees on what the partner may see, reads what it will see, sends. Gives the preview's words. */
async function send(seat: Seat, fields: readonly string[]): Promise<string> {
  const { page } = seat
  const agreed = page.getByRole('group', { name: 'What may the partner see?' })
  for (const box of await agreed.getByRole('checkbox').all()) await box.uncheck()
  for (const field of fields) await agreed.getByLabel(field, { exact: true }).check()
  await press(seat, 'Update the preview')
  const preview = await page.getByRole('region', { name: 'will see' }).innerText()
  await press(seat, 'Send the referral')
  await page.getByText('Sent to').first().waitFor()
  return preview
}

const atDesk: readonly Answer[] = [
  ['Do you look after a child', 'No'],
  ['Are you allowed to work in this country?', 'Yes'],
  ['Have you ever had a job?', 'Yes'],
  ['Do you have a job now?', 'No'],
]

test('an engineer from abroad with intermediate language reaches a bridge into the profession', async () => {
  const seat = await takeSeat()
  const file = await register(seat, { name: 'Darya', familyName: 'Ingenwald', language: 'Ukrainian' })
  await askAtDesk(seat, file, [
    ['What would help you most right now?', ['Getting my training from another country accepted here']],
    ...atDesk,
    ['How far did you go in school or training?', 'University or college'],
    ['Do you have a certificate or a degree from another country?', 'Yes'],
    ['How well do you speak the main language here?', 'I can manage most things I need'],
    ['What can you do with a computer or a smartphone?', 'I can use special programs for work'],
  ])
  await rankServices(seat, file)
  const bridge = ofKind(seat, 'Bridging for foreign-trained professionals').first()
  const steps = await stepsOf(bridge)
  expect(steps).toContain('Answers a need')
  expect(steps).toMatch(/Met: .*B1/)
  expect(steps).toMatch(/Met: .*(certificate|abroad)/i)
  expect(steps).toContain('What is known of its help')
  await seat.sound()
  const service = await take(seat, bridge, 'The client prefers it')
  const preview = await send(seat, ['Name', 'Language'])
  expect(preview).toContain('Darya')
  expect(await main(seat).innerText()).toContain(service)
  await seat.page.context().close()
})

test('a person with low vision and a wheelchair reaches work with support, at a place that they can enter', async () => {
  const seat = await takeSeat()
  const access = ['Step-free way in', 'Large print']
  const file = await register(seat, { name: 'Corin', familyName: 'Lumbreras', language: 'English', access })
  await assess(seat, file, 'First conversation', [
    ['What would help you most right now?', ['Finding a job']],
    ['Do you look after a child', 'No'],
    ['Do you need any of these to get in and move about?', ['A way in without steps', 'Room for a wheelchair']],
    ['Do you need any of these to see or read?', ['Large print']],
    ['Are you allowed to work in this country?', 'Yes'],
    ['Does your health make some kinds of work hard for you?', 'Yes, and I would like support'],
    ['Do you have a disability, or an illness that has lasted long?', 'Yes'],
  ])
  await rankServices(seat, file)
  const supported = ofKind(seat, 'Supported employment')
  const enterable = supported.filter({ hasText: 'Step-free way in: there' }).first()
  const steps = await stepsOf(enterable)
  expect(steps).toMatch(/Met: .*health/i)
  expect(steps).toContain('Step-free way in: there')
  // What was told for fairness alone is nobody's reason.
  expect(await main(seat).innerText()).not.toMatch(/disab/i)
  const service = await take(seat, enterable, 'Language or access fits better here')
  const preview = await send(seat, ['Name', 'Access needs'])
  expect(preview).toContain('Step-free way in')
  expect(preview).toContain('Large print')
  expect(await main(seat).innerText()).toContain(service)
  await seat.page.context().close()
})

test('a single parent without childcare finds childcare first, on a phone', async () => {
  const seat = await takeSeat(phone)
  const file = await register(seat, { name: 'Mirela', familyName: 'Obongo', language: 'English' })
  await assess(seat, file, 'First conversation', [
    ['What would help you most right now?', ['Learning a skill or a trade']],
    ['Do you look after a child', 'Yes'],
    ['How many children do you look after?', '2'],
    ['Would you need help with childcare', 'Yes'],
    ['Are you allowed to work in this country?', 'Yes'],
  ])
  await rankServices(seat, file)
  await main(seat).getByText('Filter and sort with the client').click()
  await main(seat).getByLabel('has places free').check()
  await main(seat).getByLabel('In the order of').selectOption({ label: 'the way there, shortest first' })
  await press(seat, /^Show$/)
  await main(seat).getByText('In the order of the way there, whatever each is expected to add.').waitFor()
  await main(seat).getByRole('link', { name: 'Show all again' }).click()
  const nursery = ofKind(seat, 'Childcare').first()
  const steps = await stepsOf(nursery)
  expect(steps).toContain('Answers a need: childcare')
  expect(steps).toContain('Not enough evidence')
  const service = await take(seat, nursery, 'The client prefers it')
  await send(seat, ['Name'])
  expect(await main(seat).innerText()).toContain(service)
  await seat.page.context().close()
})

test('a person with no schooling and no phone reaches a language course, and sees it in pictures first', async () => {
  const seat = await takeSeat()
  const person = { name: 'Tesfay', familyName: 'Abrehet', language: 'Tigrinya', interpreter: true }
  const file = await register(seat, { ...person, access: ['Forms read aloud and filled in together'] })
  await askAtDesk(seat, file, [
    ['What would help you most right now?', ['Learning the language better']],
    ...atDesk,
    ['How far did you go in school or training?', 'I did not go to school, or only for a short time'],
    ['Do you have a certificate or a degree from another country?', 'No'],
    ['How well do you speak the main language here?', 'A few words and short sentences'],
    ['What can you do with a computer or a smartphone?', 'I do not use them'],
  ])
  await rankServices(seat, file)
  // What is closed says why, and what would open it.
  const changes = await main(seat).getByRole('region', { name: 'What could change the picture' }).innerText()
  expect(changes).toMatch(/A1.*A2/)
  expect(changes).toContain('Language training')
  expect(await whyIs(seat, 'Welding')).toMatch(/Not met: .*A2/)
  const course = ofKind(seat, 'Language training').first()
  const name = await course.getByRole('link').first().innerText()
  await main(seat).getByRole('link', { name: 'Look at services together' }).click()
  await main(seat).getByText('There are no words in Tigrinya yet, so the screen will be in English.').waitFor()
  await seat.sound()
  await seat.page.getByLabel('Another service of the ranking, by name').fill(name)
  await press(seat, 'Show side by side')
  const option = seat.page.getByRole('heading', { name, exact: true })
  await option.first().waitFor()
  await seat.page.goBack()
  await seat.page.goBack()
  const service = await take(seat, ofKind(seat, 'Language training').first(), 'The client prefers it')
  const preview = await send(seat, ['Name', 'Language', 'Access needs'])
  expect(preview).toContain('Tigrinya')
  expect(preview).toContain('Forms read aloud and filled in together')
  expect(await main(seat).innerText()).toContain(service)
  await seat.page.context().close()
})
