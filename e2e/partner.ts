// What a partner does with the mail: opens its link in a browser of their own, answers, and reports.

import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { factOf, main, press, type Newcomer, type Seat, type Sent } from './desk.ts'
import type { Mail } from './waypost.ts'

/** The link of a mail, which itself says nothing about the client. */
export function linkOf(mail: Mail, sent: Sent, newcomer: Newcomer): string {
  const everything = `${mail.source}\n${mail.subject}\n${mail.text}\n${mail.html}`
  for (const secret of [newcomer.name, newcomer.familyName, newcomer.born[2], 'bakery', 'Arabic'])
    expect(everything).not.toContain(secret)
  expect(mail.subject).toContain(sent.reference)
  const link = /https?:\/\/\S+\/r\/\S+/.exec(mail.text)?.[0] ?? ''
  expect(link).not.toBe('')
  return link
}

/** A mail scanner fetches the link before anybody reads the mail: it learns nothing, and nothing happens. */
export async function scan(browser: Browser, link: string, newcomer: Newcomer, service: string): Promise<void> {
  const context = await browser.newContext()
  for (const method of ['HEAD', 'GET', 'GET']) {
    const response = await context.request.fetch(link, { method })
    const words = await response.text()
    expect(response.status()).toBe(200)
    expect(response.headers()['referrer-policy']).toBe('no-referrer')
    expect(response.headers()['cache-control']).toContain('no-store')
    for (const secret of [newcomer.name, newcomer.familyName, service, 'bakery']) expect(words).not.toContain(secret)
  }
  await context.close()
}

/** Shows the referral and accepts it with an appointment of today. */
export async function accept(seat: Seat, link: string, newcomer: Newcomer): Promise<void> {
  const { page } = seat
  await page.goto(link)
  await seat.sound()
  expect(await main(seat).innerText()).not.toContain(newcomer.name)
  await press(seat, 'Show this referral')
  await page.getByText('Somebody is waiting for your answer.').waitFor()
  expect(await factOf(seat, 'Name')).toContain(newcomer.name)
  expect(await main(seat).innerText()).toContain('Arabic')
  // One tap accepts; the appointment is asked for afterwards, so that a busy partner has answered already.
  await press(seat, 'Yes, accept')
  await page.getByText('Accepted. Thank you.').waitFor()
  await page.getByLabel('Time').fill('25:00')
  await press(seat, 'Save the appointment')
  await page.getByRole('alert').getByRole('link', { name: 'Enter a time, such as 9:30' }).waitFor()
  const date = page.getByRole('group', { name: 'Date' })
  // Today, as it is called where both networks of the journeys lie.
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date())
  const parts = today.split('-').toReversed()
  for (const [index, part] of ['Day', 'Month', 'Year'].entries()) await date.getByLabel(part).fill(parts[index] ?? '')
  expect(await page.getByLabel('Time').inputValue()).toBe('25:00')
  await page.getByLabel('Time').fill('9:30')
  await page.getByLabel('Place').fill('Room 4, first floor')
  await page.getByLabel('Who will meet them').fill('Ilse')
  await press(seat, 'Save the appointment')
  await page.getByText('The appointment is saved. Thank you.').waitFor()
}

export async function reportAttendance(seat: Seat): Promise<void> {
  await press(seat, 'They came')
  await seat.page.getByRole('radio', { name: 'Today' }).check()
  await press(seat, 'Record attendance')
  await seat.page.getByText('Attendance is recorded. Thank you.').waitFor()
}

export async function reportCompletion(seat: Seat): Promise<void> {
  await press(seat, 'Completed')
  await press(seat, 'Record the completion')
  await seat.page.getByRole('alert').getByRole('link', { name: 'Choose what was reached' }).waitFor()
  await seat.page.getByRole('radio', { name: 'Today' }).check()
  await seat.page.getByRole('group', { name: 'reached' }).getByLabel('Yes').check()
  await seat.page.getByLabel('Anything worth knowing').fill('Bakes for forty now.')
  await press(seat, 'Record the completion')
  await seat.page.getByText('Completion is recorded. Thank you.').waitFor()
}
