// A message as an adviser wrote it: words, and who reads them.

import { textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { audiences, openAudiences, type Audience } from './audience.ts'

export const mostWords = 2000

export interface Written {
  readonly words: string
  readonly audience: Audience
}

/** Words without the ends that nobody typed on purpose. */
export function draftOf(body: FormBody): string {
  return textOf(body, 'words').normalize('NFC').replace(/\r\n?/g, '\n')
}

/** Something is said, not too much of it, to somebody who may still read it. */
export function readMessage(
  body: FormBody,
  { isPartnerShut }: { readonly isPartnerShut: boolean },
): Result<Written, FieldProblem[]> {
  const words = draftOf(body)
  const audience = audiences.find((one) => one === textOf(body, 'audience'))
  const problems: FieldProblem[] = []
  if (words === '') problems.push({ field: 'words', key: 'referrals.conversation.words_missing' })
  if (words.length > mostWords)
    problems.push({ field: 'words', key: 'platform.form.too_long', values: { max: mostWords } })
  if (audience === undefined) problems.push({ field: 'audience', key: 'referrals.conversation.who_missing' })
  else if (!openAudiences({ isPartnerShut }).includes(audience))
    problems.push({ field: 'audience', key: 'referrals.conversation.who_shut' })
  if (problems.length > 0 || audience === undefined) return refused(problems)
  return ok({ words, audience })
}
