// The outbox: what mail there is and whether it left. Only the demo network shows what a mail says.

import { z } from 'zod'
import { changeScope } from '../db/index.ts'
import { idOf, notAllowed, notFound, page, redirect, textOf, type Routes } from '../http/index.ts'
import { mailJob } from '../http/work.ts'
import { writeLetter, type MailTools } from './mail.ts'
import { countByState, findMail, listMails, mailStates, requeueMail } from './mail.store.ts'
import { mailsAPage, outboxPage } from './outbox.page.ts'

export interface OutboxTools extends MailTools {
  /** Kinds of mail that go to clients, whom administrators do not get to know. */
  readonly kindsToClients: ReadonlySet<string>
}

const list = {
  roles: ['administrator'],
  query: z.object({
    state: z.enum(mailStates).nullable().catch(null),
    page: z.coerce.number().int().min(1).max(100_000).catch(1),
  }),
} as const
const one = { roles: ['administrator'], params: z.object({ id: idOf<'mail'>() }) } as const

export function outboxRoutes(routes: Routes, tools: OutboxTools): void {
  routes.staff('GET', '/settings/outbox', list, async (scene, { query }) => {
    const { state, page: number } = query
    const counts = await countByState(scene.db)
    const mails = await listMails(scene.db, { state, skip: (number - 1) * mailsAPage, take: mailsAPage })
    const { kindsToClients } = tools
    const sendsMail = tools.config.smtpUrl !== undefined
    const model = outboxPage(scene, { mails, counts, state, page: number, sendsMail, kindsToClients })
    return page('platform/ui/pages/outbox.njk', model)
  })

  routes.staff('POST', '/settings/outbox/:id/again', one, async (scene, { params, body }) => {
    const back = safeBack(textOf(body, 'back'))
    if (tools.config.smtpUrl === undefined) return redirect(back)
    // Whoever presses twice, or second, finds it waiting already: it goes once.
    if (!(await requeueMail(scene.db, params.id))) return redirect(back, scene.t('platform.outbox.again_already'))
    await scene.enqueue(mailJob, { mailId: params.id })
    await scene.record('platform.mail_sent_again', { subjectId: params.id })
    return redirect(back, scene.t('platform.outbox.again_done'))
  })

  routes.staff('GET', '/settings/outbox/:id', one, async (scene, { params }) => {
    if (!scene.network.isDemo) notAllowed()
    const mail = (await findMail(scene.db, params.id)) ?? notFound()
    await changeScope(scene.db, { role: 'job', networkId: scene.network.id })
    const letter = (await writeLetter(tools, scene.db, scene.network, mail)) ?? notFound()
    return page('platform/ui/pages/outbox-mail.njk', {
      title: scene.t('platform.outbox.body_title'),
      subject: letter.subject,
      lines: letter.text.split('\n').map((line) => ({ text: line, isLink: /^https?:\/\/\S+$/.test(line) })),
      files: (letter.attachments ?? []).map(({ name }) => name),
    })
  })
}

/** Only a page of the outbox itself. */
function safeBack(address: string): string {
  return /^\/settings\/outbox(\?[a-z0-9=&]*)?$/.test(address) ? address : '/settings/outbox'
}
