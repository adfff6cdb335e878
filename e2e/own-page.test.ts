// A client's own page of a referral, as on an old phone without scripts: booked and handed over by an adviser, opened by its
// button, and what may be said there. Each page is looked at as every other.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desktop, expectSoundPage, launchBrowser, openContext, phone } from './browser.ts'
import { signIn, signInsOf } from './sign-in.ts'
import { startWaypost, type Running } from './waypost.ts'
import { plainWords } from './words.ts'

let waypost: Running
let browser: Browser

beforeAll(async () => {
  waypost = await startWaypost()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await waypost?.stop()
})

/** Books a meeting for the first referral on Today that can have one; gives the client's address. */
async function handedOver(): Promise<string> {
  const { context, page } = await openContext(browser)
  await signIn(page, waypost.address, signInsOf(waypost).adviser)
  const referrals = await page.$$eval('a[href^="/referrals/"]', (links) =>
    links.map((link) => link.getAttribute('href')),
  )
  for (const href of referrals) {
    await page.goto(`${waypost.address}${href}`)
    if ((await page.locator(`a[href="${href}/handover"]`).count()) > 0) break
  }
  await page.goto(`${page.url()}/handover`)
  const day = new Date(Date.now() + 20 * 86_400_000)
  await page.fill('[name="day-day"]', String(day.getUTCDate()))
  await page.fill('[name="day-month"]', String(day.getUTCMonth() + 1))
  await page.fill('[name="day-year"]', String(day.getUTCFullYear()))
  await page.fill('#time', '9:30')
  await page.fill('#phone', '+41 31 123 45 67')
  await page.getByRole('button', { name: 'Save and tell everybody' }).click()
  await page.waitForURL('**/handover/letter')
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('main').innerText()).not.toContain('The letter for the client')
  await page.emulateMedia({ media: 'screen' })
  const address = await page.getByText(/\/c\/[\w.-]+/).innerText()
  await context.close()
  return address
}

test('a client finds their meeting on a phone without scripts, and says that they cannot come', async () => {
  const address = await handedOver()
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(address)
  expect(await page.locator('main').innerText()).not.toContain('09:30')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await page.locator('main').innerText()).toContain('09:30')
  await page.getByRole('button', { name: 'I cannot come' }).click()
  await page.getByRole('button', { name: 'Tell them that I cannot come' }).click()
  expect(await page.locator('main').innerText()).toContain('We know that this time does not work')
  await context.close()
})

test('what the adviser books and hands over is as sound', async () => {
  await handedOver()
  const { context, page } = await openContext(browser)
  await signIn(page, waypost.address, signInsOf(waypost).adviser)
  const referrals = await page.$$eval('a[href^="/referrals/"]', (links) =>
    links.map((link) => link.getAttribute('href')),
  )
  for (const href of referrals) {
    await page.goto(`${waypost.address}${href}`)
    if ((await page.locator(`a[href="${href}/handover/letter"]`).count()) > 0) break
  }
  const base = page.url()
  const problems: string[] = []
  const pages = ['', '/handover', '/handover/letter', '/handover/link']
  for (const path of pages)
    for (const size of [desktop, phone]) {
      await page.setViewportSize(size)
      await page.goto(`${base}${path}`)
      await expectSoundPage(page).catch((error: unknown) => problems.push(String(error)))
    }
  await context.addCookies([{ name: 'waypost_locale', value: 'ar-XB', url: waypost.address }])
  for (const path of pages) {
    await page.goto(`${base}${path}`)
    const words = await plainWords(page)
    if (words.length > 0) problems.push(`${path} says what is in no catalogue: ${words.join(' | ')}`)
  }
  await context.close()
  expect(problems).toEqual([])
})

test('each of the client\u2019s pages is accessible, fits a phone, and speaks only from catalogues', async () => {
  const address = await handedOver()
  const { context, page } = await openContext(browser)
  await page.goto(address)
  await page.getByRole('button', { name: 'Show' }).click()
  const problems: string[] = []
  const pages = ['', '/appointment', '/shared', '/messages', '/cannot-come', '/stop', '/consent']
  for (const path of pages)
    for (const size of [desktop, phone]) {
      await page.setViewportSize(size)
      await page.goto(`${address}${path}`)
      await expectSoundPage(page).catch((error: unknown) => problems.push(String(error)))
    }
  await context.addCookies([{ name: 'waypost_locale', value: 'ar-XB', url: waypost.address }])
  for (const path of pages) {
    await page.goto(`${address}${path}`)
    const words = await plainWords(page)
    if (words.length > 0) problems.push(`${path} says what is in no catalogue: ${words.join(' | ')}`)
    expect(await page.getAttribute('html', 'dir')).toBe('rtl')
  }
  await context.close()
  expect(problems).toEqual([])
})
