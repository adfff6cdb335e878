// Signs in with what the demonstration printed at its start.

import type { Page } from 'playwright-core'
import type { Running } from './waypost.ts'

export type DemoRole = 'adviser' | 'manager' | 'administrator' | 'evaluator'

export interface SignIn {
  readonly email: string
  readonly password: string
}

/** The sign-ins as the terminal showed them. */
export function signInsOf(waypost: Running): Record<DemoRole, SignIn> {
  const lines = [...waypost.output().matchAll(/^ {2}(adviser|manager|administrator|evaluator) +(\S+@\S+) {2}(\S+)$/gm)]
  const entries = lines.map(([, role, email, password]) => [role, { email, password }])
  return Object.fromEntries(entries) as Record<DemoRole, SignIn>
}

export async function signIn(page: Page, address: string, { email, password }: SignIn): Promise<void> {
  await page.goto(`${address}/sign-in`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
}
