// Changing what is shared: what stays ticked, what is brought up to date, and how consent was given for what is new.

import { consentTellers, sharedFields, waysToConsent, type Consent, type SharedField } from '#clients/index.ts'
import { textOf, textsOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'

export interface SharingChoice {
  readonly agreed: readonly SharedField[]
  /** Fields that are shared already and shall say what the file says now. */
  readonly refreshed: readonly SharedField[]
  /** The adviser's words to the partner; they are shared by being written. */
  readonly words: string
}

export type Given = Pick<Consent, 'how' | 'toldBy'>

const mostWords = 2000

/** What was ticked and typed, for the preview too. */
export function choiceSoFar(body: FormBody): SharingChoice {
  const ticked = textsOf(body, 'agreed')
  const again = textsOf(body, 'refreshed')
  const words = textOf(body, 'words').normalize('NFC').replace(/\r\n?/g, '\n')
  const agreed = sharedFields.filter((field) => field !== 'reason_for_referral' && ticked.includes(field))
  return {
    agreed: words === '' ? agreed : [...agreed, 'reason_for_referral'],
    refreshed: sharedFields.filter((field) => field === 'reason_for_referral' || again.includes(field)),
    words,
  }
}

/** Something stays shared, and for what is added it is known how and by whom consent was given. */
export function readChoice(
  body: FormBody,
  { added }: { readonly added: readonly string[] },
): Result<SharingChoice & { readonly given: Given | null }, FieldProblem[]> {
  const choice = choiceSoFar(body)
  const how = waysToConsent.find((way) => way === textOf(body, 'how'))
  const toldBy = consentTellers.find((teller) => teller === textOf(body, 'toldBy'))
  const problems: FieldProblem[] = []
  if (choice.agreed.length === 0) problems.push({ field: 'agreed', key: 'referrals.sharing.nothing_left' })
  if (choice.words.length > mostWords)
    problems.push({ field: 'words', key: 'platform.form.too_long', values: { max: mostWords } })
  if (added.length > 0 && how === undefined) problems.push({ field: 'how', key: 'referrals.sharing.how_missing' })
  if (added.length > 0 && toldBy === undefined)
    problems.push({ field: 'toldBy', key: 'referrals.sharing.told_by_missing' })
  if (problems.length > 0) return refused(problems)
  return ok({ ...choice, given: how === undefined || toldBy === undefined ? null : { how, toldBy } })
}

/** Taking everything back: how and by whom it was said. */
export function readWithdrawal(body: FormBody): Result<Given, FieldProblem[]> {
  const how = waysToConsent.find((way) => way === textOf(body, 'how'))
  const toldBy = consentTellers.find((teller) => teller === textOf(body, 'toldBy'))
  if (how !== undefined && toldBy !== undefined) return ok({ how, toldBy })
  return refused([
    ...(how === undefined ? [{ field: 'how', key: 'referrals.sharing.how_missing' }] : []),
    ...(toldBy === undefined ? [{ field: 'toldBy', key: 'referrals.sharing.told_by_missing' }] : []),
  ])
}
