// The main job as the demonstration's adviser: on a desk, on a phone, and without scripts; and the policy of a one-stop.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { desktop, launchBrowser, phone } from './browser.ts'
import { doMainJob, type MainJob } from './main-job.ts'
import { followOneStopPolicy } from './one-stop-policy.ts'
import { signInsOf } from './sign-in.ts'
import { openMailbox, startWaypost, type Mailbox, type Running } from './waypost.ts'

let mailbox: Mailbox
let waypost: Running
let browser: Browser

beforeAll(async () => {
  mailbox = await openMailbox()
  waypost = await startWaypost({ env: { SMTP_URL: mailbox.url } })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await waypost?.stop()
  await mailbox?.close()
})

// Names that sound alike would be taken for one person, and rightly so.
const manners: readonly [string, Pick<MainJob, 'viewport' | 'scripts' | 'newcomer' | 'takesFirst'>][] = [
  [
    'at a desk, choosing another service than the first',
    {
      viewport: desktop,
      scripts: true,
      newcomer: { name: 'Noor', familyName: 'Testwell', born: ['7', '3', '1991'] },
      takesFirst: false,
    },
  ],
  [
    'on a phone, taking the first suggestion',
    {
      viewport: phone,
      scripts: true,
      newcomer: { name: 'Zawadi', familyName: 'Probekirch', born: ['19', '11', '1978'] },
      takesFirst: true,
    },
  ],
  [
    'without scripts',
    {
      viewport: desktop,
      scripts: false,
      newcomer: { name: 'Ugnius', familyName: 'Vandevelde', born: ['30', '8', '2001'] },
      takesFirst: false,
    },
  ],
]

test.each(manners)('the main job %s', async (_manner, manner) => {
  const { adviser } = signInsOf(waypost)
  await doMainJob({ browser, mailbox, address: waypost.address, adviser, hasEvidence: true, ...manner })
})

test('a referral that one partner refuses with a reason goes elsewhere, and is closed when attendance is reported', async () => {
  const { adviser } = signInsOf(waypost)
  const newcomer = { name: 'Ottoline', familyName: 'Brackenridge', born: ['2', '2', '1985'] } as const
  const manner = { viewport: desktop, scripts: true, newcomer, takesFirst: true, hasEvidence: true }
  await followOneStopPolicy({ browser, mailbox, address: waypost.address, adviser, ...manner })
})
