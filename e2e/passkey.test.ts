// Passkeys in a real browser, with a device in software: added on the page of one's account, used to sign in, removed.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSoundPage, launchBrowser, openContext } from './browser.ts'
import { entranceOf, signIn, signInsOf } from './sign-in.ts'
import { startWaypost, type Running } from './waypost.ts'

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

/** A device that knows its owner and says yes at once. */
async function giveDevice(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

describe.each(['adviser', 'partner'] as const)('as %s', (role) => {
  test('a passkey is added, signs in without a password, and opens nothing once it is removed', async () => {
    const { context, page } = await openContext(browser)
    await giveDevice(page)
    await signIn(page, waypost.address, signInsOf(waypost)[role], role)
    const account = `${waypost.address}${role === 'partner' ? '/partner' : ''}/account`
    await page.goto(account)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
    await expectSoundPage(page)
    await page.getByLabel('What you call it').fill('Test device')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('The passkey is added').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()

    await page.goto(`${waypost.address}${entranceOf(role)}`)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.waitForURL((url) => !url.pathname.includes('sign-in'))
    await page.goto(account)
    await page.getByText('Rename or remove').click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('The passkey is removed').waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()

    await page.goto(`${waypost.address}${entranceOf(role)}`)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('The passkey did not open an account here').first().waitFor()
    await expectSoundPage(page)
    await context.close()
  })
})

test('without scripts nobody is offered what cannot work, and the password does', async () => {
  const { context, page } = await openContext(browser, { scripts: false })
  await page.goto(`${waypost.address}/partner/sign-in`)
  expect(await page.getByRole('button', { name: 'Use a passkey' }).isVisible()).toBe(false)
  await signIn(page, waypost.address, signInsOf(waypost).partner, 'partner')
  await page.goto(`${waypost.address}/partner/account`)
  expect(await page.getByText('This browser cannot add a passkey').isVisible()).toBe(true)
  expect(await page.getByRole('button', { name: 'Add a passkey' }).isVisible()).toBe(false)
  await context.close()
})
