// Letters about places: to the partner with the question's own link, to those who asked with what came of it.

import { parseId } from '#platform/ids.ts'
import type { Letter, LetterSource, MailKind } from '#platform/mail/mail.ts'
import { deriveSecret } from '#platform/secrets.ts'
import { questionLinkKind } from './capacity.acts.ts'
import { findQuestion, letterFacts } from './capacity.store.ts'
import type { CapacityQuestion } from './question.ts'

// messages: referrals.capacity.mail.*

export const capacityMails: Readonly<Record<string, MailKind>> = {
  'referrals.capacity_question': letterToPartner,
  'referrals.capacity_answer': (source) => letterToAsker(source, 'answer'),
  'referrals.capacity_ring': (source) => letterToAsker(source, 'ring'),
}

async function letterToPartner(source: LetterSource): Promise<Letter | null> {
  const { db, words, keys, publicUrl, network } = source
  const question = await questionOf(source)
  const facts = question && (await letterFacts(db, question.id))
  // Answered in the meantime, by phone: a letter would ask for nothing.
  if (!question || !facts || question.answered !== null) return null
  const secret = deriveSecret(keys, facts.keyId, { kind: questionLinkKind, id: question.id })
  const values = { service: question.serviceName, asker: question.askerName, network: network.name }
  const lines = [
    words.t('referrals.capacity.mail.question_lead', values),
    '',
    `${publicUrl}/q/${facts.networkId}.${secret}`,
    '',
    words.t('referrals.capacity.mail.how'),
    '',
    words.t('platform.mail.foot', values),
  ]
  return { subject: words.t('referrals.capacity.mail.question_subject', values), text: lines.join('\n') }
}

async function letterToAsker(source: LetterSource, kind: 'answer' | 'ring'): Promise<Letter | null> {
  const { words, network, publicUrl } = source
  const question = await questionOf(source)
  if (!question || (kind === 'ring' && question.answered !== null)) return null
  const values = { service: question.serviceName, partner: question.organizationName, network: network.name }
  const lines = [
    words.t(`referrals.capacity.mail.${kind}_lead`, values),
    '',
    `${publicUrl}/services/${question.serviceId}`,
    '',
    words.t('platform.mail.foot', values),
  ]
  return { subject: words.t(`referrals.capacity.mail.${kind}_subject`, values), text: lines.join('\n') }
}

async function questionOf({ db, ids }: LetterSource): Promise<CapacityQuestion | undefined> {
  const id = parseId<'capacity_question'>(ids['questionId'])
  return id ? await findQuestion(db, id) : undefined
}
