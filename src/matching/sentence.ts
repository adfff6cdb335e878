// An estimate as a sentence: people in a hundred, never a bare percentage or a decimal.

import type { Estimate } from '#evidence/index.ts'

export interface Sentence {
  readonly key: string
  readonly values: Readonly<Record<string, number | string>>
}

/** Below this the page adds that few past clients were like this one: a share of 30 has a standard error of 9 in 100. */
const fewSimilar = 30

export function isThin({ similar }: Pick<Estimate, 'similar'>): boolean {
  return similar !== null && similar < fewSimilar
}

// messages: matching.estimate.sentence_*
// messages: matching.estimate.between_*

/** The chances, the interval of their difference in words of more and fewer, and how many it rests on. */
export function estimateSentence(
  estimate: Pick<Estimate, 'chanceWith' | 'chanceWithout' | 'low' | 'high' | 'similar'>,
): Sentence {
  const { chanceWith, chanceWithout, similar } = estimate
  const { kind, low, high } = intervalOf(estimate)
  const counted = { counted: similar === null ? 'no' : 'yes', similar: similar ?? 0 }
  const values = { with: hundredths(chanceWith), without: hundredths(chanceWithout), ...counted, low, high }
  return { key: `matching.estimate.sentence_${kind}`, values }
}

/** The interval alone. */
export function intervalSentence(estimate: Pick<Estimate, 'low' | 'high'>): Sentence {
  const { kind, low, high } = intervalOf(estimate)
  return { key: `matching.estimate.between_${kind}`, values: { low, high } }
}

/** As it is said: both ends more, both fewer (the smaller number first), or one of each. */
export function intervalOf(estimate: Pick<Estimate, 'low' | 'high'>): {
  kind: 'more' | 'fewer' | 'mixed'
  low: number
  high: number
} {
  const [low, high] = [hundredths(estimate.low), hundredths(estimate.high)]
  if (low >= 0) return { kind: 'more', low, high }
  if (high <= 0) return { kind: 'fewer', low: hundredths(-estimate.high), high: -low }
  return { kind: 'mixed', low: -low, high }
}

/** Whole people of a hundred. Never minus zero. */
export function hundredths(share: number): number {
  return Math.round(share * 100) || 0
}
