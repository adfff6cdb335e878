// What an instrument asks for fairness alone: told freely, kept with the file's disclosures, and never matched on.

import type { DisclosureKind } from '#clients/index.ts'
import type { FactCode } from '#directory/index.ts'
import { enabledItems, optionKeys, type Answers } from './answers.ts'
import { questionsOf, type Instrument, type Question } from './instrument.ts'
import { factsToldBy } from './profile.ts'

/** The facts that are asked for fairness alone: the kinds of disclosure. No profile has them from an answer. */
export const disclosedFacts = ['sex', 'born_abroad', 'disability'] as const satisfies readonly (DisclosureKind &
  FactCode)[]

/** Whether an answer to this is a disclosure. A question that also tells another fact is one all the same. */
export function isDisclosure(question: Question): boolean {
  return factsToldBy(question).some(isDisclosed)
}

/** What the answers disclose, in the values of the file: one pair for each kind that was told. What is blank, does not show
 *  or was withheld is left out. */
export function disclosedAnswers(
  instrument: Instrument,
  answers: Answers,
): readonly (readonly [DisclosureKind, string])[] {
  const enabled = enabledItems(instrument, answers)
  const told = new Map<DisclosureKind, string>()
  for (const question of questionsOf(instrument.items)) {
    if (!enabled.has(question.linkId)) continue
    for (const kind of disclosedFacts) {
      const value = valueFor(kind, question, answers)
      if (value !== null && !told.has(kind)) told.set(kind, value)
    }
  }
  return [...told]
}

function isDisclosed(fact: string): boolean {
  return disclosedFacts.some((code) => code === fact)
}

function valueFor(kind: DisclosureKind, question: Question, answers: Answers): string | null {
  const given = answers.get(question.linkId) ?? []
  const link = question.facts.find(({ fact }) => fact === kind)
  const [first] = given
  if (link && first?.kind === 'yes_no') return inFileWords(String(first.yes))
  if (!('options' in question)) return null
  const chosen = question.options.find(({ key, withholds }) => withholds === null && optionKeys(given).includes(key))
  const own = chosen?.facts.find(({ fact }) => fact === kind)?.value
  return inFileWords(own ?? (link ? chosen?.key : null) ?? null)
}

/** A yes or no of the list of facts is `true` or `false`; the file says yes or no. All else is the same in both: the values
 *  that an option may give a fact were checked when the set was taken in. */
function inFileWords(value: string | null): string | null {
  if (value === 'true') return 'yes'
  return value === 'false' ? 'no' : value
}
