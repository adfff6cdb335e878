// What each service adds: averages, those who took it, single providers, how an unrecorded reason could overturn it.

import type { Card } from '../engine/card.ts'
import { intervalChart, scaleOf, type Scale } from './charts.ts'
import { numeric, type Row, type Section } from './section.page.ts'
import { armInWords, countInWords, gainInWords, plainInWords, rangeInWords, type Reader } from './words.page.ts'

interface Estimated {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

// messages: evidence.gain.*

export function averagesSection(card: Card, reader: Reader): Section {
  const { averages } = card
  return {
    id: 'averages',
    heading: reader.t('evidence.averages.heading'),
    sentence: averagesSentence(card, reader),
    meaning: reader.t('evidence.averages.meaning'),
    figures: [],
    table: {
      heads: gainHeads(card, reader),
      rows: averages.map((average) => gainRow(average, { card, reader, scale: scaleFor(averages) })),
    },
  }
}

/** The highest estimate of those that surely add something, or that none surely does. */
export function averagesSentence({ averages, outcome }: Card, reader: Reader): string {
  const sure = averages.filter(({ low }) => low > 0)
  const best = sure.toSorted((a, b) => b.estimate - a.estimate)[0]
  if (!best) return reader.t('evidence.averages.none_sure')
  return reader.t(`evidence.averages.best_${outcome.kind}`, {
    service: armInWords(best.arm, reader),
    gain: gainInWords(best.estimate, outcome.kind, reader),
    range: rangeInWords(best, outcome.kind, reader),
    others: sure.length - 1,
  })
}

// messages: evidence.averages.*

export function treatedSection(card: Card, reader: Reader): Section | null {
  const { treated } = card
  if (treated.length === 0) return null
  return {
    id: 'treated',
    heading: reader.t('evidence.treated.heading'),
    sentence: reader.t('evidence.treated.sentence', {
      sure: treated.filter(({ low }) => low > 0).length,
      all: treated.length,
    }),
    meaning: null,
    figures: [],
    table: {
      heads: gainHeads(card, reader),
      rows: treated.map((one) => gainRow(one, { card, reader, scale: scaleFor(treated) })),
    },
  }
}

/** In the order of names, never of figures: this is no league table. */
export function providersSection(card: Card, reader: Reader): Section | null {
  const { providers, outcome } = card
  if (providers.length === 0) return null
  const named = providers.toSorted(
    (a, b) => a.arm.localeCompare(b.arm) || a.provider.localeCompare(b.provider, reader.locale),
  )
  const scale = scaleFor(providers)
  return {
    id: 'providers',
    heading: reader.t('evidence.providers.heading'),
    sentence: reader.t('evidence.providers.sentence', { count: providers.length }),
    meaning: reader.t('evidence.providers.meaning'),
    figures: [],
    table: {
      heads: [
        { text: reader.t('evidence.providers.provider') },
        { text: reader.t('evidence.service') },
        ...gainHeads(card, reader).slice(1),
        { text: reader.t('evidence.episodes'), isNumeric: true },
      ],
      rows: named.map((provider) => ({
        head: reader.t('evidence.arm.named', { name: provider.provider }),
        cells: [
          { text: armInWords(provider.arm, reader) },
          ...gainCells(provider, { kind: outcome.kind, reader, scale, name: provider.provider }),
          numeric(countInWords(provider.rows, reader)),
        ],
      })),
    },
  }
}

export function sensitivitySection({ sensitivity }: Card, reader: Reader): Section | null {
  if (sensitivity.length === 0) return null
  const held = sensitivity.flatMap(({ gammaInterval }) =>
    gammaInterval !== null && gammaInterval > 1 ? [gammaInterval] : [],
  )
  const say = (gamma: number | null) =>
    gamma === null || gamma <= 1 ? reader.t('evidence.sensitivity.none') : plainInWords(gamma, 2, reader)
  return {
    id: 'sensitivity',
    heading: reader.t('evidence.sensitivity.heading'),
    sentence:
      held.length === 0
        ? reader.t('evidence.sensitivity.sentence_none')
        : reader.t('evidence.sensitivity.sentence', { strongest: plainInWords(Math.max(...held), 2, reader) }),
    meaning: reader.t('evidence.sensitivity.meaning'),
    figures: [],
    table: {
      heads: [
        { text: reader.t('evidence.service') },
        { text: reader.t('evidence.sensitivity.point'), isNumeric: true },
        { text: reader.t('evidence.sensitivity.interval'), isNumeric: true },
      ],
      rows: sensitivity.map(({ arm, gammaPoint, gammaInterval }) => ({
        head: armInWords(arm, reader),
        cells: [numeric(say(gammaPoint)), numeric(say(gammaInterval))],
      })),
    },
  }
}

function gainHeads({ outcome }: Card, { t }: Reader) {
  return [
    { text: t('evidence.service') },
    { text: t(`evidence.gain.head_${outcome.kind}`), isNumeric: true },
    { text: t('evidence.interval') },
    { text: '' },
  ]
}

interface Drawing {
  readonly card: Card
  readonly reader: Reader
  readonly scale: Scale
}

function gainRow(one: Estimated & { readonly arm: string }, { card, reader, scale }: Drawing): Row {
  const name = armInWords(one.arm, reader)
  return { head: name, cells: gainCells(one, { kind: card.outcome.kind, reader, scale, name }) }
}

function gainCells(
  one: Estimated,
  { kind, reader, scale, name }: { kind: Card['outcome']['kind']; reader: Reader; scale: Scale; name: string },
) {
  const said = { gain: gainInWords(one.estimate, kind, reader), range: rangeInWords(one, kind, reader) }
  const label = reader.t('evidence.gain.picture', { name, ...said })
  return [
    numeric(said.gain),
    { text: said.range },
    { text: '', chart: intervalChart({ value: one.estimate, low: one.low, high: one.high }, scale, label) },
  ]
}

/** One for the whole table, zero inside. */
function scaleFor(estimates: readonly Estimated[]): Scale {
  return scaleOf(
    estimates.flatMap(({ low, high }) => [low, high]),
    [0],
  )
}
