// Every page that can be reached by links, as each role: sound at two widths, and without a word that is not in a catalogue.

import type { Browser, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { desktop, expectSoundPage, launchBrowser, openContext, phone } from './browser.ts'
import { keepModels } from './kept-model.ts'
import { entranceOf, signIn, signInsOf, type DemoRole } from './sign-in.ts'
import { startWaypost, type Running } from './waypost.ts'
import { plainWords } from './words.ts'

let waypost: Running
let browser: Browser

beforeAll(async () => {
  waypost = await startWaypost()
  await keepModels(waypost)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await waypost?.stop()
})

// One address a route is enough: what differs is the data.
const patternOf = (url: string) => new URL(url).pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
/** Far more than there are: a crawl that ends here has lost its way. */
const mostPages = 200

/** What a page is made of, whoever looks at it: a manager's page of the very elements that an adviser's had is not looked at again. */
const skeletonOf = (page: Page) =>
  page.evaluate(() => {
    const kinds = [...document.querySelectorAll('body *')].map(
      (element) => `${element.localName}.${element.getAttribute('class') ?? ''}.${element.getAttribute('name') ?? ''}`,
    )
    return [...new Set(kinds)].sort().join(' ')
  })
const sound = new Set<string>()

/** Opens a page; null where the address gives a file to keep, or answers programs. */
async function open(page: Page, url: string): Promise<Response | null> {
  const response = await page.goto(url).catch((error: unknown) => {
    if (String(error).includes('Download is starting')) return null
    throw error
  })
  const isPage = response?.headers()['content-type']?.startsWith('text/html') ?? false
  return isPage ? response : null
}

/** What an adviser reads of the model that ranks: a ranking leads there, which nobody makes by following links. */
const readingPage = '/insights/evidence/in-use'
/** Reached by links by whoever reads figures, so that a page to which nobody leads any more is missed. */
const figuresPages = [
  ...['/insights/evidence', '/insights/evidence/switch', '/insights/evidence/models/:id'],
  readingPage,
]
const readsFigures: readonly DemoRole[] = ['manager', 'administrator', 'evaluator']

describe.each(['adviser', 'manager', 'administrator', 'evaluator', 'partner'] satisfies DemoRole[])('as %s', (role) => {
  test('each page is accessible, fits a phone, and speaks only from catalogues', async () => {
    const { context, page } = await openContext(browser)
    await signIn(page, waypost.address, signInsOf(waypost)[role], role)
    const waiting = [page.url(), `${waypost.address}${entranceOf(role)}`]
    if (role === 'adviser') waiting.push(`${waypost.address}${readingPage}`)
    const seen = new Map<string, string>()
    const problems: string[] = []
    while (waiting.length > 0 && seen.size < mostPages) {
      const url = waiting.shift()!
      const pattern = patternOf(url)
      if (seen.has(pattern)) continue
      seen.set(pattern, url)
      await page.setViewportSize(desktop)
      const response = await open(page, url)
      if (!response) continue
      if (response.status() >= 400) problems.push(`${pattern} answers ${response.status()}`)
      const links = await page.$$eval('a[href]', (anchors) =>
        anchors.map((anchor) => (anchor as HTMLAnchorElement).href),
      )
      waiting.push(...links.map((link) => link.split('#')[0]!).filter((link) => link.startsWith(waypost.address)))
      const skeleton = `${pattern} ${await skeletonOf(page)}`
      if (sound.has(skeleton)) {
        seen.set(pattern, '')
        continue
      }
      sound.add(skeleton)
      for (const size of [desktop, phone]) {
        await page.setViewportSize(size)
        await expectSoundPage(page).catch((error: unknown) => problems.push(String(error)))
      }
    }
    expect(waiting.filter((url) => !seen.has(patternOf(url)))).toEqual([])
    await context.addCookies([{ name: 'waypost_locale', value: 'ar-XB', url: waypost.address }])
    await page.setViewportSize(desktop)
    for (const [pattern, url] of seen) {
      if (url === '') continue
      const response = await open(page, url)
      if (!response) continue
      const words = await plainWords(page)
      if (words.length > 0) problems.push(`${pattern} says what is in no catalogue: ${words.join(' | ')}`)
      const { scroll, width } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        width: window.innerWidth,
      }))
      if (scroll > width + 1) problems.push(`${pattern} is ${scroll} wide from right to left`)
    }
    await context.close()
    expect(seen.size).toBeGreaterThan(3)
    if (readsFigures.includes(role)) expect(figuresPages.filter((pattern) => !seen.has(pattern))).toEqual([])
    expect(problems).toEqual([])
  })
})
