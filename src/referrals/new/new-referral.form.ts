// What an adviser and a client agree on when a referral is sent: which fields are shared, how consent was given, which words.

import { consentTellers, sharedFields, waysToConsent, type NewConsent, type SharedField } from '#clients/index.ts'
import { textOf, textsOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'

export interface Agreement {
  readonly agreed: readonly SharedField[]
  /** The adviser's words to the partner. */
  readonly words: string
  readonly how: NewConsent['how']
  readonly toldBy: NewConsent['toldBy']
}

const mostWords = 2000

/** What was ticked and typed so far, for the preview. */
export function agreedSoFar(body: FormBody): Pick<Agreement, 'agreed' | 'words'> {
  const ticked = textsOf(body, 'agreed')
  return {
    agreed: sharedFields.filter((field) => ticked.includes(field)),
    words: textOf(body, 'words').normalize('NFC').replace(/\r\n?/g, '\n'),
  }
}

/** At least one field is shared, and it is known how and by whom that was agreed. */
export function readAgreement(body: FormBody): Result<Agreement, FieldProblem[]> {
  const { agreed, words } = agreedSoFar(body)
  const how = waysToConsent.find((way) => way === textOf(body, 'how'))
  const toldBy = consentTellers.find((teller) => teller === textOf(body, 'toldBy'))
  const problems: FieldProblem[] = []
  if (agreed.length === 0) problems.push({ field: 'agreed', key: 'referrals.form.agreed_missing' })
  if (words.length > mostWords)
    problems.push({ field: 'words', key: 'platform.form.too_long', values: { max: mostWords } })
  if (how === undefined) problems.push({ field: 'how', key: 'referrals.form.how_missing' })
  if (toldBy === undefined) problems.push({ field: 'toldBy', key: 'referrals.form.told_by_missing' })
  if (problems.length > 0 || how === undefined || toldBy === undefined) return refused(problems)
  return ok({ agreed, words, how, toldBy })
}
