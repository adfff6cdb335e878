// Scores: the sum of the ordinals of the options chosen, for a group or a whole instrument, with what is missing said.

import { askedQuestions, enabledItems, optionKeys, type Answers } from './answers.ts'
import type { Instrument, Item } from './instrument.ts'

export interface Score {
  /** Sum of the ordinals; of what was answered alone, so it means little while something is missing. */
  readonly sum: number
  /** The lowest and highest sum that the scored questions that show could give. */
  readonly lowest: number
  readonly highest: number
  readonly answered: number
  /** Scored questions that show and have no answer with a score ("prefer not to say" has none). */
  readonly missing: readonly string[]
}

/** The score of the items; null when no question that shows among them carries ordinals. Answers of items that do not show never count. */
export function scoreOf(
  instrument: Instrument,
  answers: Answers,
  items: readonly Item[] = instrument.items,
): Score | null {
  const enabled = enabledItems(instrument, answers)
  const missing: string[] = []
  let [sum, lowest, highest, answered] = [0, 0, 0, 0]
  for (const question of askedQuestions(items, enabled)) {
    if (!('options' in question)) continue
    const scores = new Map(
      question.options.flatMap(({ key, score }) => (score === null ? [] : [[key, score] as const])),
    )
    if (scores.size === 0) continue
    const possible = [...scores.values()]
    lowest += question.repeats ? sumOf(possible.filter((score) => score < 0)) : Math.min(...possible)
    highest += question.repeats ? sumOf(possible.filter((score) => score > 0)) : Math.max(...possible)
    const chosen = optionKeys(answers.get(question.linkId)).flatMap((key) => scores.get(key) ?? [])
    if (chosen.length === 0) missing.push(question.linkId)
    else answered++
    sum += sumOf(chosen)
  }
  return answered + missing.length === 0 ? null : { sum, lowest, highest, answered, missing }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
