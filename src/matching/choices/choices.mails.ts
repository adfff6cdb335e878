// The monthly letter to an adviser: a link, and nothing about anybody.

import { parseId } from '#platform/ids.ts'
import type { MailKind } from '#platform/mail/mail.ts'
import { monthOfNote } from './choices.store.ts'
import { monthInWords } from './month.ts'

export const choicesMail = 'matching.choices'

export const choiceMails: Readonly<Record<string, MailKind>> = {
  [choicesMail]: async ({ db, words, network, ids, publicUrl }) => {
    const id = parseId<'choice_note'>(ids['noteId'])
    const month = id && (await monthOfNote(db, id))
    if (!month) return null
    const values = { month: monthInWords(words, month), network: network.name }
    const lines = [
      words.t('matching.choices.mail_lead', values),
      '',
      `${publicUrl}/choices?month=${month}`,
      '',
      words.t('matching.choices.mail_why'),
      '',
      words.t('platform.mail.foot', values),
    ]
    return { subject: words.t('matching.choices.mail_subject', values), text: lines.join('\n') }
  },
}
