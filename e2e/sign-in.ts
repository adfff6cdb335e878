// Signs in with what the demonstration printed at its start.

import type { Page } from 'playwright-core'
import type { Running } from './waypost.ts'

export type DemoRole = 'adviser' | 'manager' | 'administrator' | 'evaluator' | 'partner'

export interface SignIn {
  readonly email: string
  readonly password: string
}

/** The sign-ins as the terminal showed them. */
export function signInsOf(waypost: Running): Record<DemoRole, SignIn> {
  const shown = /^ {2}(adviser|manager|administrator|evaluator|partner) +(\S+@\S+) {2}(\S+)$/gm
  const entries = [...waypost.output().matchAll(shown)].map(([, role, email, password]) => [role, { email, password }])
  return Object.fromEntries(entries) as Record<DemoRole, SignIn>
}

/** Where people of a role sign in. */
export function entranceOf(role: DemoRole): string {
  return role === 'partner' ? '/partner/sign-in' : '/sign-in'
}

export async function signIn(
  page: Page,
  address: string,
  { email, password }: SignIn,
  role: DemoRole = 'adviser',
): Promise<void> {
  await page.goto(`${address}${entranceOf(role)}`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
}
