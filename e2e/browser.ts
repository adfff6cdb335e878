// The real browser of the journeys, and the accessibility check on each page it visits.

import { AxeBuilder } from '@axe-core/playwright'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

export const desktop = { width: 1280, height: 900 } as const
export const phone = { width: 375, height: 740 } as const

/** The browser that npm brings, or the one that CHROME_PATH names. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROME_PATH'] || (await sparticuz.executablePath())
  const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
  return chromium.launch({
    executablePath,
    headless: true,
    args: [...quiet, '--disable-background-networking', '--disable-component-update', '--font-render-hinting=none'],
  })
}

export interface Visit {
  readonly context: BrowserContext
  readonly page: Page
}

export async function openContext(
  browser: Browser,
  options: { viewport?: { width: number; height: number }; scripts?: boolean; locale?: string } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: options.viewport ?? desktop,
    javaScriptEnabled: options.scripts ?? true,
    locale: options.locale ?? 'en-GB',
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const said: string[] = []
  complaints.set(page, said)
  page.on('pageerror', (error) => said.push(`a script failed: ${error.message}`))
  page.on('console', (line) => {
    // A page that refuses a form says so with its status, and the browser notes that as an error.
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) said.push(line.text())
  })
  return { context, page }
}

/** What a page's scripts and its content policy complained of since it was last looked at. */
const complaints = new WeakMap<Page, string[]>()

let pictures = 0

/**
 * Fails when the page breaks a rule of WCAG 2.2 A or AA that axe can check, when it is wider than the window, or when its
 * scripts complained. Without scripts axe cannot run: then only the width is looked at. With E2E_PICTURES set to a
 * folder, each page leaves a picture there.
 */
export async function expectSoundPage(page: Page, { scripts = true } = {}): Promise<void> {
  const folder = process.env['E2E_PICTURES']
  if (folder) {
    const name = `${String((pictures += 1)).padStart(3, '0')}${new URL(page.url()).pathname
      .replace(/[0-9a-f-]{36}(\.[\w-]+)?/g, 'id')
      .replaceAll('/', '-')
      .slice(0, 60)}.png`
    await page.screenshot({ path: `${folder}/${name}`, fullPage: true })
  }
  const problems = [...(complaints.get(page)?.splice(0) ?? []), ...(scripts ? await brokenRules(page) : [])]
  const { scroll, width, twice } = await page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id)
    return {
      scroll: document.documentElement.scrollWidth,
      width: window.innerWidth,
      // A label that points at the first of two fields of one name fills the wrong one; axe looks at a few of them only.
      twice: [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))],
    }
  })
  if (twice.length > 0) problems.push(`two elements are called ${twice.join(', ')}`)
  if (scroll > width + 1) problems.push(`the page is ${scroll} pixels wide in a window of ${width}`)
  if (problems.length > 0) throw new Error(`${page.url()}\n${problems.join('\n')}`)
}

async function brokenRules(page: Page): Promise<string[]> {
  const results = await new AxeBuilder({ page })
    // No frames here: without the second page that axe would open to join their results, a check takes half the time.
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return results.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes
        .map((node) => node.target.join(' '))
        .slice(0, 3)
        .join('; ')})`,
  )
}
