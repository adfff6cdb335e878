// How a model was tried: its checks, predicted against observed, who gains most, what was combined, how sure it is.

import type { Card } from '../engine/card.ts'
import { verdictOf, type CheckVerdict } from '../engine/check-verdict.ts'
import { plotChart } from './charts.ts'
import { numeric, type Cell, type Section, type Table } from './section.page.ts'
import {
  armInWords,
  chanceInWords,
  countInWords,
  gainInWords,
  plainInWords,
  rangeInWords,
  shareInWords,
  type Reader,
} from './words.page.ts'

// messages: evidence.check.*
// messages: evidence.checks.result_*
// messages: evidence.member.*
// messages: evidence.nuisance.*

/** What the axes of effects are multiplied with: people of a hundred, or the outcome's own units. */
const timesOf = (kind: Card['outcome']['kind']) => (kind === 'yes_no' ? 100 : 1)

const tones = { shown: 'good', not_shown: 'quiet', contradicted: 'stop' } as const satisfies Record<
  CheckVerdict,
  Cell['tone']
>

/** Services by checks, at a glance: what each came to. A service of which a check does not speak has an empty cell. */
function checksAtAGlance({ checks }: Card, reader: Reader): Table {
  const { t } = reader
  const names = [...new Set(checks.map(({ name }) => name))]
  const arms = [...new Set(checks.map(({ arm }) => arm))].sort((a, b) => Number(a === null) - Number(b === null))
  return {
    heads: [{ text: t('evidence.service') }, ...names.map((name) => ({ text: t(`evidence.check_short.${name}`) }))],
    rows: arms.map((arm) => ({
      head: arm === null ? t('evidence.arm.all') : armInWords(arm, reader),
      cells: names.map((name): Cell => {
        const check = checks.find((each) => each.name === name && each.arm === arm)
        if (!check) return { text: '' }
        const verdict = verdictOf(check)
        return { text: t(`evidence.checks.result_${verdict}`), tone: tones[verdict] }
      }),
    })),
  }
}

// messages: evidence.check_short.*

export function checksSection(card: Card, reader: Reader): Section {
  const { checks, usedForRanking } = card
  const { t } = reader
  const maybe = (value: number | null, places: number) => (value === null ? '' : plainInWords(value, places, reader))
  const verdicts = checks.map(verdictOf)
  const count = (one: CheckVerdict) => verdicts.filter((verdict) => verdict === one).length
  const said = {
    all: checks.length,
    shown: count('shown'),
    unshown: count('not_shown'),
    against: count('contradicted'),
  }
  return {
    id: 'checks',
    heading: t('evidence.checks.heading'),
    sentence: t(usedForRanking ? 'evidence.checks.passed' : 'evidence.checks.failed', said),
    meaning: t('evidence.checks.meaning'),
    figures: [],
    table: checks.length === 0 ? null : checksAtAGlance(card, reader),
    fold: t('evidence.checks.numbers'),
    more: {
      heads: [
        { text: t('evidence.checks.check') },
        { text: t('evidence.service') },
        { text: t('evidence.checks.estimate'), isNumeric: true },
        { text: t('evidence.error'), isNumeric: true },
        { text: t('evidence.checks.p'), isNumeric: true },
        { text: t('evidence.checks.result') },
      ],
      rows: checks.map(({ name, arm, estimate, se, p }, at) => ({
        head: t(`evidence.check.${name}`),
        cells: [
          { text: arm === null ? t('evidence.arm.all') : armInWords(arm, reader) },
          ...[numeric(maybe(estimate, 3)), numeric(maybe(se, 3))],
          numeric(p === null ? '' : chanceInWords(p, reader)),
          { text: t(`evidence.checks.result_${verdicts[at]!}`) },
        ],
      })),
    },
  }
}

export function calibrationSection({ calibration, outcome }: Card, reader: Reader): Section | null {
  const { bins, passed } = calibration
  if (bins.length === 0) return null
  const times = timesOf(outcome.kind)
  const held = bins.filter(({ predicted, low, high }) => predicted >= low && predicted <= high).length
  const said = { held, all: bins.length }
  const gain = (value: number) => gainInWords(value, outcome.kind, reader)
  return {
    id: 'calibration',
    heading: reader.t('evidence.calibration.heading'),
    sentence: reader.t(passed ? 'evidence.calibration.passed' : 'evidence.calibration.failed', said),
    meaning: reader.t(`evidence.calibration.meaning_${outcome.kind}`),
    figures: [...Map.groupBy(bins, ({ arm }) => arm)].map(([arm, here]) => {
      const caption = reader.t('evidence.calibration.caption', { service: armInWords(arm, reader) })
      const points = here.map(({ predicted, estimate, low, high }) => ({ x: predicted, value: estimate, low, high }))
      return { caption, chart: plotChart(points, { label: caption, isDiagonal: true, times: { x: times, y: times } }) }
    }),
    table: {
      heads: [
        { text: reader.t('evidence.service') },
        { text: reader.t('evidence.calibration.predicted'), isNumeric: true },
        { text: reader.t('evidence.calibration.observed'), isNumeric: true },
        { text: reader.t('evidence.interval') },
        { text: reader.t('evidence.episodes'), isNumeric: true },
      ],
      rows: bins.map((bin) => ({
        head: armInWords(bin.arm, reader),
        cells: [
          ...[numeric(gain(bin.predicted)), numeric(gain(bin.estimate))],
          { text: rangeInWords(bin, outcome.kind, reader) },
          numeric(countInWords(bin.rows, reader)),
        ],
      })),
    },
  }
}

// messages: evidence.calibration.*

/** The share whose gain the sentence tells. */
const firstFifth = 0.2

export function tocSection({ toc, outcome }: Card, reader: Reader): Section | null {
  if (toc.length === 0) return null
  const { t } = reader
  const times = timesOf(outcome.kind)
  const gain = (value: number) => gainInWords(value, outcome.kind, reader)
  const telling = toc.filter(({ rate }) => rate.low > 0)
  return {
    id: 'toc',
    heading: t('evidence.toc.heading'),
    sentence: t('evidence.toc.sentence', { telling: telling.length, all: toc.length }),
    meaning: t(`evidence.toc.meaning_${outcome.kind}`),
    figures: toc.map(({ arm, points }) => {
      const caption = t('evidence.toc.caption', { service: armInWords(arm, reader) })
      const drawn = points.map(({ share, gain: value, se }) => ({
        ...{ x: share, value, low: value - 1.96 * se, high: value + 1.96 * se },
      }))
      return { caption, chart: plotChart(drawn, { label: caption, isJoined: true, times: { x: 100, y: times } }) }
    }),
    table: {
      heads: [
        { text: t('evidence.service') },
        { text: t('evidence.toc.first_fifth'), isNumeric: true },
        { text: t('evidence.toc.rate'), isNumeric: true },
        { text: t('evidence.interval') },
      ],
      rows: toc.map(({ arm, points, rate }) => {
        const nearest = points.toSorted((a, b) => Math.abs(a.share - firstFifth) - Math.abs(b.share - firstFifth))[0]
        return {
          head: armInWords(arm, reader),
          cells: [
            ...[numeric(nearest ? gain(nearest.gain) : ''), numeric(gain(rate.estimate))],
            { text: rangeInWords(rate, outcome.kind, reader) },
          ],
        }
      }),
    },
  }
}

// messages: evidence.toc.*

export function membersSection({ members, nuisances }: Card, reader: Reader): Section | null {
  if (members.length === 0) return null
  const { t, words } = reader
  const learner = (name: string) =>
    words.has(`evidence.member.${name}`) ? t(`evidence.member.${name}`) : t('evidence.arm.named', { name })
  // Several that are averaged are joined by a plus.
  const chosen = [...new Set(nuisances.flatMap(({ chosen: names }) => names.split(' + ')))].map(learner)
  const list = new Intl.ListFormat(/-X[AB]$/.test(reader.locale) ? 'en' : reader.locale, { type: 'unit' })
  return {
    id: 'members',
    heading: t('evidence.members.heading'),
    sentence: t('evidence.members.sentence', { count: new Set(members.map(({ member }) => member)).size }),
    meaning:
      chosen.length === 0 ? null : t('evidence.members.nuisances', { learners: words.formatted(list.format(chosen)) }),
    figures: [],
    table: {
      heads: [
        { text: t('evidence.service') },
        { text: t('evidence.members.member') },
        { text: t('evidence.members.weight'), isNumeric: true },
        { text: t('evidence.members.loss'), isNumeric: true },
      ],
      rows: members.map(({ arm, member, weight, heldOutLoss }) => ({
        head: armInWords(arm, reader),
        cells: [
          { text: learner(member) },
          numeric(shareInWords(weight, reader)),
          numeric(heldOutLoss === null ? '' : plainInWords(heldOutLoss, 4, reader)),
        ],
      })),
    },
  }
}

export function intervalsSection({ intervals, outcome }: Card, reader: Reader): Section | null {
  if (intervals.length === 0) return null
  const { t } = reader
  const width = (value: number) => plainInWords(value * timesOf(outcome.kind), 1, reader)
  return {
    id: 'intervals',
    heading: t('evidence.intervals.heading'),
    sentence: t('evidence.intervals.sentence'),
    meaning: t('evidence.intervals.meaning'),
    figures: [],
    table: {
      heads: [
        { text: t('evidence.service') },
        { text: t(`evidence.intervals.width_${outcome.kind}`), isNumeric: true },
        { text: t('evidence.intervals.factor'), isNumeric: true },
        { text: t('evidence.intervals.coverage'), isNumeric: true },
      ],
      rows: intervals.map(({ arm, meanWidth, factor, semiSyntheticCoverage }) => ({
        head: armInWords(arm, reader),
        cells: [
          numeric(width(meanWidth)),
          numeric(plainInWords(factor, 2, reader)),
          numeric(semiSyntheticCoverage === null ? '' : shareInWords(semiSyntheticCoverage, reader)),
        ],
      })),
    },
  }
}

// messages: evidence.intervals.*
