// The outbox: what mail there is and whether it left. Only the demo network shows what a mail says.

import { z } from 'zod'
import { changeScope } from '../db/index.ts'
import { notAllowed, notFound, page, idOf, type Routes } from '../http/index.ts'
import { findMail, latestMails, writeLetter, type MailTools } from './mail.ts'

// messages: platform.outbox.state_*

export interface OutboxTools extends MailTools {
  /** Kinds of mail that go to clients, whom administrators do not get to know. */
  readonly kindsToClients: ReadonlySet<string>
}

export function outboxRoutes(routes: Routes, tools: OutboxTools): void {
  routes.staff('GET', '/settings/outbox', { roles: ['administrator'] }, async (scene) => {
    const mails = await latestMails(scene.db, 200)
    // Subjects are written from ids as the mail's own job would write them.
    await changeScope(scene.db, { role: 'job', networkId: scene.network.id })
    const rows = []
    for (const mail of mails.slice(0, 50)) {
      const letter = await writeLetter(tools, scene.db, scene.network, mail)
      rows.push({
        id: mail.id,
        recipient: tools.kindsToClients.has(mail.kind) ? veiled(mail.recipient) : mail.recipient,
        subject: letter?.subject ?? scene.t('platform.outbox.gone'),
        isGone: letter === null,
        state: scene.t(`platform.outbox.state_${mail.state}`, { problem: mail.problem ?? '' }),
        when: scene.moment(mail.createdAt),
      })
    }
    return page('platform/ui/pages/outbox.njk', {
      title: scene.t('platform.outbox.title'),
      isHeld: !tools.config.smtpUrl,
      mayRead: scene.network.isDemo,
      isPart: mails.length > rows.length,
      rows,
    })
  })

  routes.staff(
    'GET',
    '/settings/outbox/:id',
    { roles: ['administrator'], params: z.object({ id: idOf<'mail'>() }) },
    async (scene, { params }) => {
      if (!scene.network.isDemo) notAllowed()
      const mail = (await findMail(scene.db, params.id)) ?? notFound()
      await changeScope(scene.db, { role: 'job', networkId: scene.network.id })
      const letter = (await writeLetter(tools, scene.db, scene.network, mail)) ?? notFound()
      return page('platform/ui/pages/outbox-mail.njk', {
        title: scene.t('platform.outbox.body_title'),
        subject: letter.subject,
        lines: letter.text.split('\n').map((line) => ({ text: line, isLink: /^https?:\/\/\S+$/.test(line) })),
      })
    },
  )
}

/** Enough to tell two apart, not enough to know who it is. */
function veiled(address: string): string {
  return address.replace(/^(.)[^@]*/u, '$1…')
}
