// What past clients a number rests on, as a sentence.

import { speechOf } from '#directory/index.ts'
import type { NearestFact } from '../engine/nearest-facts.ts'
import { featureInWords, levelInWords, type Reader } from './words.page.ts'

/** `The past clients most like this one have …`; null where there is no group to name. */
export function nearestInWords(nearest: readonly NearestFact[], reader: Reader): string | null {
  if (nearest.length === 0) return null
  const facts = nearest.map((fact) => factInWords(fact, reader))
  return reader.t('evidence.nearest.sentence', { facts: speechOf(reader).and(facts) })
}

// messages: evidence.nearest.*
function factInWords(fact: NearestFact, reader: Reader): string {
  const feature = featureInWords(fact.feature, reader)
  const { t } = reader
  switch (fact.kind) {
    case 'range': {
      if (fact.from === null) return t('evidence.nearest.at_most', { feature, to: numberOf(fact.to) })
      if (fact.to === null) return t('evidence.nearest.at_least', { feature, from: numberOf(fact.from) })
      if (numberOf(fact.from) === numberOf(fact.to))
        return t('evidence.nearest.levels', { feature, levels: String(numberOf(fact.from)) })
      return t('evidence.nearest.range', { feature, from: numberOf(fact.from), to: numberOf(fact.to) })
    }
    case 'steps': {
      const [from, to] = [fact.from, fact.to].map((level) => levelInWords(fact.feature, level, reader))
      if (fact.from === fact.to) return t('evidence.nearest.levels', { feature, levels: from! })
      return t('evidence.nearest.range_of_steps', { feature, from: from!, to: to! })
    }
    case 'levels': {
      const levels = fact.levels.map((level) => levelInWords(fact.feature, level, reader))
      return t('evidence.nearest.levels', { feature, levels: speechOf(reader).or(levels) })
    }
  }
}

/** Facts are whole numbers or money: nobody is told by parts of one. */
function numberOf(value: number | null): number {
  return Math.round(value ?? 0)
}
