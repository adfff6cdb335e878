// What follows from a client's jobs and skills for the facts of their profile. Answers go before it: a fact that a question
// asks for is the answer's, and only where it was not answered does what was told here speak.

import type { Facts } from '#directory/index.ts'
import { standing, type SkillEntry } from './skill-entry.ts'

/** The facts, as they were told by then: languages (of which more than a few words are spoken), whether a credential was earned
 *  abroad, and whether it counts here. What was not told is left out, never taken for no. */
export function toldFacts(entries: readonly SkillEntry[], asOf: Date): Facts {
  const told = standing(entries.filter(({ addedAt }) => addedAt <= asOf).map((entry) => asItWas(entry, asOf)))
  const languages = told.filter(({ kind, level }) => kind === 'language' && level !== 'none').map(({ words }) => words)
  const abroad = told.filter(
    ({ recognised }) => recognised === 'yes' || recognised === 'asked_for' || recognised === 'no',
  )
  return {
    ...(languages.length > 0 ? { languages } : {}),
    ...(abroad.length > 0
      ? { credential_abroad: true, credential_recognised: abroad.some(({ recognised }) => recognised === 'yes') }
      : {}),
  }
}

/** An entry that was taken back later stood then. */
function asItWas(entry: SkillEntry, asOf: Date): SkillEntry {
  const isLater = entry.removedAt !== null && entry.removedAt > asOf
  return isLater ? { ...entry, removedAt: null, removedBy: null } : entry
}
