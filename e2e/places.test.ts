// Asking a partner for places without naming anybody: from a service's page, by mail, in two taps on a phone without scripts.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desktop, expectSoundPage, launchBrowser, openContext, phone } from './browser.ts'
import { signIn, signInsOf } from './sign-in.ts'
import { openMailbox, startWaypost, type Mailbox, type Running } from './waypost.ts'
import { plainWords } from './words.ts'

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

test('a question about places is answered in two taps, and stands in the directory and on Today', async () => {
  const desk = await openContext(browser)
  await signIn(desk.page, waypost.address, signInsOf(waypost).adviser)
  await desk.page.goto(`${waypost.address}/services`)
  await desk.page.locator('.wp-list a[href^="/services/"]').first().click()
  await desk.page.getByRole('heading', { name: 'Refer to this service' }).waitFor()
  const service = desk.page.url()
  const address = (await desk.page.locator('a[href^="mailto:"]').first().innerText()).trim()
  await desk.page.getByRole('link', { name: 'Ask whether there are places' }).click()
  await expectSoundPage(desk.page)
  await desk.page.getByLabel('Mornings').check()
  await desk.page.getByLabel('Interpreter', { exact: true }).check()
  await desk.page.getByRole('button', { name: 'Ask', exact: true }).click()
  // An interpreter has a language: the problem stands beside its field, and what was ticked stays.
  await desk.page.getByRole('alert').getByRole('link', { name: 'Choose the language of the interpreter' }).click()
  await expectSoundPage(desk.page)
  expect(await desk.page.getByLabel('Mornings').isChecked()).toBe(true)
  await desk.page.getByLabel('Interpreter for which language?').selectOption('tr')
  await desk.page.getByRole('button', { name: 'Ask', exact: true }).click()
  await desk.page.getByText('You are told when they answer.').waitFor()

  const mail = await mailbox.next(address, /\/q\//)
  const link = /https?:\/\/\S+\/q\/\S+/.exec(mail.text)?.[0] ?? ''
  for (const viewport of [desktop, phone]) {
    const { context, page } = await openContext(browser, { viewport })
    await page.goto(link)
    await expectSoundPage(page)
    await context.addCookies([{ name: 'waypost_locale', value: 'ar-XB', url: waypost.address }])
    await page.reload()
    expect(await plainWords(page)).toEqual([])
    await context.close()
  }
  const bare = await openContext(browser, { viewport: phone, scripts: false })
  await bare.page.goto(link)
  // Two taps: yes, and send. The number that was asked for stands there already.
  await bare.page.getByLabel('Yes, there are places').check()
  expect(await bare.page.getByLabel('How many?').inputValue()).toBe('1')
  await bare.page.getByRole('button', { name: 'Send the answer' }).click()
  await bare.page.getByText('1 place free').waitFor()
  await expectSoundPage(bare.page, { scripts: false })

  await desk.page.goto(service)
  await desk.page.getByRole('region', { name: 'Refer to this service' }).getByText('1 place free').waitFor()
  await desk.page.goto(`${waypost.address}/today`)
  await desk.page.getByText('Answered: 1 place free.').waitFor()
  await expectSoundPage(desk.page)
  await desk.page.getByRole('button', { name: 'Put away' }).first().click()
  expect(await desk.page.getByText('Answered: 1 place free.').count()).toBe(0)
})
