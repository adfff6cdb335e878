// The figures of the loop in words: one honest sentence above each table, a small picture in each row, what is hidden said.

import type { Scene } from '#platform/http/index.ts'
import { clientDeclineReasons, partnerDeclineReasons } from '../../reason.ts'
import { barChart, shareChart, timeChart } from '../charts.ts'
import { steps } from '../loop.ts'
import { countIn, isOfFew, rateIn, rates, timeIn, type Cells, type Rate, type ShownCount } from '../sections.ts'

/** One line of every table: a month, or a value; `isAll`: all months together, or everyone. */
export interface Line {
  readonly label: string
  /** Names of sites and partners are content; months and groups are words. */
  readonly isContent: boolean
  readonly isAll: boolean
  readonly cells: Cells
}

// messages: referrals.figures.partner_reasons*
// messages: referrals.figures.client_reasons*
// messages: referrals.figures.rate.*
// messages: referrals.figures.step.*
// messages: referrals.decline_reason.*

/** All tables of the page; the lines come in the order in which they are shown. */
export function sectionsOf(scene: Scene, lines: readonly Line[], isCompared: boolean) {
  return {
    counts: countsSection(scene, lines),
    rates: rates.map((rate) => rateSection(scene, lines, { rate, isCompared })),
    times: isCompared ? comparedTimes(scene, lines) : stepTimes(scene, lines),
    reasons: isCompared ? [] : [reasonsSection(scene, lines, 'partner'), reasonsSection(scene, lines, 'client')],
  }
}

function countsSection(scene: Scene, lines: readonly Line[]) {
  const rows = lines.map((line) => ({
    line,
    formal: countIn(line.cells, 'answer', 'total'),
    informal: countIn(line.cells, 'informal', 'total'),
  }))
  // All months together would make every month's bar a stub.
  const most = Math.max(
    0,
    ...rows.filter(({ line }) => !line.isAll).flatMap(({ formal, informal }) => [formal ?? 0, informal ?? 0]),
  )
  const all = rows.find(({ line }) => line.isAll)
  return {
    sentence:
      all?.formal == null
        ? scene.t('referrals.figures.too_few')
        : all.informal === null
          ? scene.t('referrals.figures.formal_sentence', { formal: all.formal })
          : scene.t('referrals.figures.counts_sentence', { formal: all.formal, informal: all.informal }),
    rows: rows.map(({ line, formal, informal }) => ({
      ...headOf(line),
      formal: countWords(scene, formal),
      informal: countWords(scene, informal),
      chart:
        line.isAll || formal === null
          ? null
          : barChart({ value: formal, most }, scene.t('referrals.figures.chart_count', { count: formal })),
    })),
  }
}

function rateSection(scene: Scene, lines: readonly Line[], { rate, isCompared }: { rate: Rate; isCompared: boolean }) {
  const { id, beside } = rate
  const rows = lines.map((line) => ({ line, found: rateIn(line.cells, rate) }))
  const all = rows.find(({ line }) => line.isAll)?.found
  const parts = rows.filter(({ line }) => !line.isAll)
  const shown = parts.filter(({ found }) => found.state === 'shown').length
  const waiting = beside === null ? 0 : (countIn(lines.find(({ isAll }) => isAll)?.cells ?? new Map(), id, beside) ?? 0)
  const sentence =
    all?.state === 'shown'
      ? scene.t(`referrals.figures.rate.${id}_sentence`, {
          ...{ count: all.count, of: all.of, share: perHundred(all.share) },
          ...{ low: perHundred(all.low), high: perHundred(all.high) },
        })
      : scene.t(all?.state === 'hidden' ? 'referrals.figures.too_few' : 'referrals.figures.nobody')
  return {
    id,
    heading: scene.t(`referrals.figures.rate.${id}`),
    meaning: scene.t(`referrals.figures.rate.${id}_meaning`),
    sentence,
    open: beside === null || waiting === 0 ? null : scene.t('referrals.figures.open_sentence', { count: waiting }),
    compared:
      isCompared && parts.length > 0 ? scene.t('referrals.figures.compared', { shown, all: parts.length }) : null,
    hasBeside: beside !== null,
    rows: rows.map(({ line, found }) => ({
      ...headOf(line),
      beside: beside === null ? null : countWords(scene, countIn(line.cells, id, beside)),
      ...(found.state !== 'shown'
        ? { chart: null, share: stateWords(scene, found.state), of: '', likely: '', isFew: false }
        : {
            chart: shareChart(found, scene.t('referrals.figures.chart_share', ranged(found))),
            share: scene.t('referrals.figures.share', { share: perHundred(found.share) }),
            of: scene.t('referrals.figures.count_of', { count: found.count, of: found.of }),
            likely: scene.t('referrals.figures.likely', ranged(found)),
            isFew: isOfFew(found),
          }),
    })),
  }
}

/** Everyone's or one value's steps, all months together. */
function stepTimes(scene: Scene, lines: readonly Line[]) {
  const cells = lines.find(({ isAll }) => isAll)?.cells ?? new Map()
  const times = steps.map((step) => ({ step, time: timeIn(cells, `time_${step}`) }))
  const most = Math.max(0, ...times.map(({ time }) => (time.state === 'shown' ? (time.ninetieth ?? time.median) : 0)))
  const answer = times.find(({ step }) => step === 'sent')?.time
  return {
    sentence:
      answer?.state === 'shown'
        ? scene.t('referrals.figures.times_sentence', { median: answer.median })
        : scene.t('referrals.figures.times_unknown'),
    columns: null,
    rows: times.map(({ step, time }) => ({
      label: scene.t(`referrals.figures.step.${step}`),
      isContent: false,
      isAll: false,
      ...timeWords(scene, time),
      chart:
        time.state === 'shown'
          ? timeChart({ ...time, most }, scene.t('referrals.figures.chart_time', { days: time.median }))
          : null,
    })),
  }
}

/** Each value's median of each step. */
function comparedTimes(scene: Scene, lines: readonly Line[]) {
  return {
    sentence: scene.t('referrals.figures.times_compared'),
    columns: steps.map((step) => scene.t(`referrals.figures.step.${step}`)),
    rows: lines.map((line) => ({
      ...headOf(line),
      medians: steps.map((step) => timeWords(scene, timeIn(line.cells, `time_${step}`)).median),
    })),
  }
}

function reasonsSection(scene: Scene, lines: readonly Line[], by: 'partner' | 'client') {
  const cells: Cells = lines.find(({ isAll }) => isAll)?.cells ?? new Map()
  const [measure, reasons] =
    by === 'partner'
      ? (['partner_reasons', partnerDeclineReasons] as const)
      : (['client_reasons', clientDeclineReasons] as const)
  const counted = reasons.map((reason) => ({ reason, count: countIn(cells, measure, reason) }))
  const total = countIn(cells, measure, 'total')
  const most = Math.max(0, ...counted.map(({ count }) => count ?? 0))
  return {
    id: measure,
    heading: scene.t(`referrals.figures.${by}_reasons`),
    sentence:
      total === null
        ? scene.t('referrals.figures.too_few')
        : scene.t(`referrals.figures.${by}_reasons_sentence`, { total }),
    rows: counted
      .filter(({ count }) => count !== 0)
      .toSorted((a, b) => (b.count ?? 0) - (a.count ?? 0))
      .map(({ reason, count }) => ({
        label: scene.t(`referrals.decline_reason.${reason}`),
        count: countWords(scene, count),
        chart:
          count === null ? null : barChart({ value: count, most }, scene.t('referrals.figures.chart_count', { count })),
      })),
  }
}

function headOf({ label, isContent, isAll }: Line) {
  return { label, isContent, isAll }
}

function countWords(scene: Scene, count: ShownCount): string {
  return count === null
    ? scene.t('referrals.figures.hidden')
    : scene.words.formatted(count.toLocaleString(scene.locale))
}

function stateWords(scene: Scene, state: 'none' | 'hidden'): string {
  return scene.t(state === 'none' ? 'referrals.figures.none_here' : 'referrals.figures.hidden')
}

function timeWords(scene: Scene, time: ReturnType<typeof timeIn>): { median: string; ninetieth: string } {
  const days = (count: number) => scene.t('referrals.figures.days', { days: count })
  switch (time.state) {
    case 'none':
      return { median: scene.t('referrals.figures.none_here'), ninetieth: '' }
    case 'hidden':
      return { median: scene.t('referrals.figures.hidden'), ninetieth: '' }
    case 'not_reached':
      return { median: scene.t('referrals.figures.not_reached'), ninetieth: '' }
    case 'shown':
      return {
        median: days(time.median),
        ninetieth: time.ninetieth === null ? scene.t('referrals.figures.not_known') : days(time.ninetieth),
      }
  }
}

function ranged({ low, high }: { low: number; high: number }) {
  return { low: perHundred(low), high: perHundred(high) }
}

function perHundred(share: number): number {
  return Math.round(share * 100)
}
