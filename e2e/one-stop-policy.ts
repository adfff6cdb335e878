// The one-stop referral policy of Delaware's Division of Employment and Training, as a journey: a referral by form, accepted or
// refused with a reason, both made known to whoever sent it; attendance that is reported closes the loop.

import { expect } from 'vitest'
import { answersByInstrument } from './answers.ts'
import {
  assess,
  chooseAnother,
  chooseFirst,
  factOf,
  main,
  press,
  rank,
  register,
  send,
  type Seat,
  type Sent,
} from './desk.ts'
import { takeSeat, type MainJob } from './main-job.ts'
import { accept, linkOf, reportAttendance, reportCompletion } from './partner.ts'
import { signIn } from './sign-in.ts'

/** One partner refuses with a reason; the person goes elsewhere with what was agreed, is accepted, attends, and the loop is closed. */
export async function followOneStopPolicy(job: MainJob): Promise<void> {
  const { address, newcomer, mailbox, adviser } = job
  const desk = await takeSeat(job)
  await signIn(desk.page, address, adviser)
  const file = await register(desk, newcomer)
  const [instrument = ''] = answersByInstrument.keys()
  await assess(desk, file, instrument)
  await rank(desk, file, job.hasEvidence)
  await chooseFirst(desk)
  const first = await send(desk, newcomer)

  const refusing = await takeSeat(job)
  await refuse(refusing, linkOf(await mailbox.next(first.recipient, new RegExp(first.reference)), first, newcomer))
  await refusing.page.context().close()
  const refusal = await mailbox.next(adviser.email, new RegExp(first.reference))
  expect(`${refusal.source}${refusal.text}`).not.toContain(newcomer.familyName)

  const second = await sendElsewhere(desk, first)
  expect(second.reference).not.toBe(first.reference)
  await desk.page.goto(first.url)
  // Taking it up again is the next step of the one that was refused: it is closed, and nothing is left open behind it.
  await main(desk).getByText('Closed. Nothing more is needed.').waitFor()
  expect(await main(desk).innerText()).toContain(second.reference)

  const accepting = await takeSeat(job)
  await accept(
    accepting,
    linkOf(await mailbox.next(second.recipient, new RegExp(second.reference)), second, newcomer),
    newcomer,
  )
  await mailbox.next(adviser.email, new RegExp(second.reference))
  await reportAttendance(accepting)
  await desk.page.goto(second.url)
  expect(await factOf(desk, 'First attended')).not.toBe('')
  await reportCompletion(accepting)
  await accepting.page.context().close()
  await close(desk, second)
  await desk.page.context().close()
}

/** No, and why: the reason is asked for before anything is sent. */
async function refuse(seat: Seat, link: string): Promise<void> {
  const { page } = seat
  await page.goto(link)
  await press(seat, 'Show this referral')
  await press(seat, /^No$/)
  await press(seat, /^Decline$/)
  await page.getByRole('alert').getByRole('link', { name: 'Choose a reason' }).waitFor()
  await page.getByLabel('No places free').check()
  await press(seat, /^Decline$/)
  await page.getByText('Declined. Thank you for saying so.').waitFor()
}

/** The adviser reads the reason, and sends the person to another partner with what was agreed before. */
async function sendElsewhere(desk: Seat, { url }: Sent): Promise<Sent> {
  const { page } = desk
  await page.goto(url)
  await desk.sound()
  expect(await main(desk).innerText()).toContain('No places free')
  await press(desk, 'Refer elsewhere with the same agreement')
  await chooseAnother(desk, 2, 'The client prefers it')
  const agreed = page.getByRole('group', { name: 'What may the partner see?' })
  expect(await agreed.getByLabel('Language', { exact: true }).isChecked()).toBe(true)
  await press(desk, 'Send the referral')
  await page.getByText('Sent to').first().waitFor()
  const reference = /R-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(await main(desk).innerText())?.[0] ?? ''
  return { url: page.url(), reference, recipient: await page.getByLabel('Partner’s e-mail address').inputValue() }
}

async function close(desk: Seat, { url }: Sent): Promise<void> {
  await desk.page.goto(url)
  await press(desk, 'Record the next step')
  await desk.page.getByLabel('Working', { exact: true }).check()
  await press(desk, 'Record the next step')
  await main(desk).getByText('Closed. Nothing more is needed.').waitFor()
}
