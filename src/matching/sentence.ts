// An estimate as a sentence: people in a hundred, never a bare percentage or a decimal.

import type { Estimate } from '#evidence/index.ts'

export interface Sentence {
  readonly key: string
  readonly values: Readonly<Record<string, number>>
}

/** Below this the page adds that few past clients were like this one: a share of 30 has a standard error of 9 in 100. */
const fewSimilar = 30

export function isThin({ similar }: Pick<Estimate, 'similar'>): boolean {
  return similar < fewSimilar
}

// messages: matching.estimate.sentence_*

/** The chances, the interval of their difference in words of more and fewer, and how many it rests on. */
export function estimateSentence(
  estimate: Pick<Estimate, 'chanceWith' | 'chanceWithout' | 'low' | 'high' | 'similar'>,
): Sentence {
  const { chanceWith, chanceWithout, similar } = estimate
  const [low, high] = [hundredths(estimate.low), hundredths(estimate.high)]
  const values = { with: hundredths(chanceWith), without: hundredths(chanceWithout), similar }
  if (low >= 0) return { key: 'matching.estimate.sentence_more', values: { ...values, low, high } }
  if (high <= 0) return { key: 'matching.estimate.sentence_fewer', values: { ...values, low: -high, high: -low } }
  return { key: 'matching.estimate.sentence_mixed', values: { ...values, low: -low, high } }
}

/** Whole people of a hundred. Never minus zero. */
export function hundredths(share: number): number {
  return Math.round(share * 100) || 0
}
