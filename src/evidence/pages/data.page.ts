// What a model learned from: its facts, who took what, the features, and the limits that a reader must know.

import { parseDay } from '#platform/dates.ts'
import type { Card } from '../engine/card.ts'
import { numeric, type Section } from './section.page.ts'
import {
  armInWords,
  countInWords,
  featureInWords,
  outcomeInWords,
  shareInWords,
  valueInWords,
  type Reader,
} from './words.page.ts'

export interface Fact {
  readonly name: string
  readonly value: string
}

// messages: evidence.fact.*
// messages: evidence.limit.*
// messages: evidence.kind.*

export function cardFacts(card: Card, reader: Reader): readonly Fact[] {
  const { t } = reader
  const { data, features, seed, seconds, threads } = card
  const said = (name: string, value: string) => ({ name: t(`evidence.fact.${name}`), value })
  const day = (text: string) => {
    const parsed = parseDay(text.slice(0, 10))
    return parsed ? reader.day(parsed) : text
  }
  const guarded = features.filter(({ isProtected }) => isProtected).map(({ name }) => featureInWords(name, reader))
  const list = new Intl.ListFormat(/-X[AB]$/.test(reader.locale) ? 'en' : reader.locale, { type: 'conjunction' })
  return [
    said('outcome', outcomeInWords(card, reader)),
    said('rows', countInWords(data.rows, reader)),
    said('refused', countInWords(data.refused, reader)),
    ...(data.from === null || data.to === null
      ? []
      : [said('span', t('evidence.fact.from_to', { from: day(data.from), to: day(data.to) }))]),
    ...(data.clusters === null ? [] : [said('clusters', countInWords(data.clusters, reader))]),
    said('propensities', t(data.hasKnownPropensities ? 'evidence.fact.known' : 'evidence.fact.estimated')),
    said('features', countInWords(features.length, reader)),
    said('protected', guarded.length === 0 ? t('evidence.fact.none') : reader.words.formatted(list.format(guarded))),
    said('effort', t('evidence.fact.effort_said', { seconds: Math.round(seconds), threads, seed: String(seed) })),
  ]
}

export function limitsInWords({ limits }: Card, { t }: Reader): readonly string[] {
  return limits.map((limit) => t(`evidence.limit.${limit}`))
}

export function armsSection({ arms, outcome }: Card, reader: Reader): Section {
  const { t } = reader
  const least = arms.toSorted((a, b) => a.supportedShare - b.supportedShare)[0]
  return {
    id: 'services',
    heading: t('evidence.arms.heading'),
    sentence: least
      ? t('evidence.arms.sentence', {
          service: armInWords(least.arm, reader),
          share: shareInWords(least.supportedShare, reader),
        })
      : t('evidence.arms.none'),
    meaning: t('evidence.arms.meaning'),
    figures: [],
    table: {
      heads: [
        { text: t('evidence.service') },
        { text: t('evidence.episodes'), isNumeric: true },
        { text: t('evidence.arms.known'), isNumeric: true },
        { text: t(`evidence.arms.mean_${outcome.kind}`), isNumeric: true },
        { text: t('evidence.arms.supported'), isNumeric: true },
        { text: t('evidence.arms.bounded'), isNumeric: true },
      ],
      rows: arms.map((arm) => ({
        head: armInWords(arm.arm, reader),
        cells: [
          ...[numeric(countInWords(arm.rows, reader)), numeric(countInWords(arm.outcomeKnown, reader))],
          numeric(arm.meanOutcome === null ? '' : valueInWords(arm.meanOutcome, outcome.kind, reader)),
          ...[numeric(shareInWords(arm.supportedShare, reader)), numeric(countInWords(arm.bounded, reader))],
        ],
      })),
    },
  }
}

// messages: evidence.arms.*

export function featuresSection({ features }: Card, reader: Reader): Section {
  const { t } = reader
  return {
    id: 'features',
    heading: t('evidence.features.heading'),
    sentence: t('evidence.features.sentence', {
      count: features.length,
      guarded: features.filter(({ isProtected }) => isProtected).length,
    }),
    meaning: t('evidence.features.meaning'),
    figures: [],
    table: {
      heads: [
        { text: t('evidence.features.feature') },
        { text: t('evidence.features.kind') },
        { text: t('evidence.features.use') },
        { text: t('evidence.features.missing'), isNumeric: true },
      ],
      rows: features.map(({ name, kind, isProtected, missingShare }) => ({
        head: featureInWords(name, reader),
        cells: [
          { text: t(`evidence.kind.${kind}`) },
          { text: t(isProtected ? 'evidence.features.protected' : 'evidence.features.ranks') },
          numeric(shareInWords(missingShare, reader)),
        ],
      })),
    },
  }
}
