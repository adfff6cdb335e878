// What an instrument asks for fairness alone: told freely, kept with the file's disclosures, and never matched on.

import { disclosureKinds, disclosureValues, type DisclosureKind } from '#clients/index.ts'
import type { FactCode } from '#directory/index.ts'
import { enabledItems, optionKeys, type Answers } from './answers.ts'
import { questionsOf, type Instrument, type Question } from './instrument.ts'
import { factsToldBy } from './profile.ts'

/** The facts that are asked for fairness alone. No profile has them from an answer. */
export const disclosedFacts: readonly FactCode[] = disclosureKinds

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
    for (const kind of disclosureKinds) {
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
  if (link && first?.kind === 'yes_no') return inFileWords(kind, String(first.yes))
  if (!('options' in question)) return null
  const chosen = question.options.find(({ key, withholds }) => withholds === null && optionKeys(given).includes(key))
  const own = chosen?.facts.find(({ fact }) => fact === kind)?.value
  return inFileWords(kind, own ?? (link ? chosen?.key : null) ?? null)
}

/** A yes or no of the list of facts is `true` or `false`; the file says yes or no. */
function inFileWords(kind: DisclosureKind, value: string | null): string | null {
  const words: Readonly<Record<string, string>> = { true: 'yes', false: 'no' }
  const said = value === null ? null : (words[value] ?? value)
  return said !== null && disclosureValues[kind].includes(said) ? said : null
}
