// A partner's morning in the inbox, by keyboard alone: what is new is accepted together, one referral is taken on, the figures
// are looked at. Each page is looked at as every other, without scripts too.

import type { Browser, Page } from 'playwright-core'
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

async function soundAtBothWidths(page: Page): Promise<void> {
  for (const size of [phone, desktop]) {
    await page.setViewportSize(size)
    await expectSoundPage(page)
  }
}

/** Goes on by the Tab key until the focus is on what this text names; fails when it is never reached. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab')
    const said = await page.evaluate(() => {
      const focused = document.activeElement
      if (focused === document.body) return ''
      const label = focused instanceof HTMLInputElement ? focused.labels?.[0]?.textContent : null
      return label ?? focused?.textContent ?? ''
    })
    if (said.includes(text)) return
  }
  throw new Error(`The keyboard never came to “${text}” on ${page.url()}`)
}

test('several referrals are chosen, looked at and given to oneself by keyboard alone', async () => {
  const { context, page } = await openContext(browser)
  await signIn(page, waypost.address, signInsOf(waypost).partner, 'partner')
  await page.goto(`${waypost.address}/inbox?view=all`)
  await soundAtBothWidths(page)
  await tabTo(page, 'Choose R-')
  await page.keyboard.press('Space')
  await tabTo(page, 'Give to a colleague')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/inbox/chosen?**')
  const asked = page.url()
  await soundAtBothWidths(page)
  await tabTo(page, 'Me, ')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/inbox')
  expect(await page.locator('main').innerText()).toContain('Looked after by you')
  await page.goto(asked.replace('do=give', 'do=accept'))
  await soundAtBothWidths(page)
  await context.addCookies([{ name: 'waypost_locale', value: 'ar-XB', url: waypost.address }])
  for (const address of [asked, asked.replace('do=give', 'do=accept')]) {
    await page.goto(address)
    expect(await plainWords(page)).toEqual([])
  }
  await context.close()
})
