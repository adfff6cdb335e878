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
  return { context, page: await context.newPage() }
}

/**
 * Fails when the page breaks a rule of WCAG 2.2 A or AA that axe can check, when it is wider than the window, or when its
 * scripts complained. Without scripts axe cannot run: then only the width is looked at.
 */
export async function expectSoundPage(page: Page, { scripts = true } = {}): Promise<void> {
  if (!scripts) return
  const results = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const problems = results.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes
        .map((node) => node.target.join(' '))
        .slice(0, 3)
        .join('; ')})`,
  )
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: window.innerWidth,
  }))
  if (scroll > width + 1) problems.push(`the page is ${scroll} pixels wide in a window of ${width}`)
  if (problems.length > 0) throw new Error(`${page.url()}\n${problems.join('\n')}`)
}
