// What the client may expect without any service: to begin a conversation about help. Nothing is ranked by it, and nobody is.

import type { Facts } from '#directory/index.ts'
import { prospectsForClient, type LikelyEarnings, type Prospects } from '#evidence/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { hundredths } from '../../sentence.ts'
import { prospectsChart } from '../prospects-chart.ts'

/** For the page of one recommendation: the prospects of whom these facts are known. */
export async function prospectsPanel(
  scene: Scene,
  { person }: { readonly person: { readonly facts: Facts } },
): Promise<Panel> {
  return {
    template: 'matching/prospects/panels/prospects.njk',
    model: prospectsModel(scene, await prospectsForClient(scene.db, person.facts)),
  }
}

// messages: matching.prospects.when_*
// messages: matching.prospects.said_*

/** Null: nothing was learned yet. */
export function prospectsModel({ t, locale }: Pick<Scene, 't' | 'locale'>, prospects: Prospects | null) {
  const known = (['at180', 'at365'] as const).flatMap((key) => {
    const one = prospects?.[key]
    if (!one) return []
    const people = { about: hundredths(one.chance), low: hundredths(one.low), high: hundredths(one.high) }
    return [{ key, one, people, similar: one.similar, when: t(`matching.prospects.when_${key}`) }]
  })
  const last = known.at(-1)
  const sentences = known.map(({ key, people }) => t(`matching.prospects.said_${key}`, people))
  return {
    tooFew: last === undefined,
    sentence: last ? t(`matching.prospects.said_${last.key}`, last.people) : null,
    chart: last
      ? prospectsChart(
          known.map(({ when, one }) => ({ label: when, ...one })),
          sentences.join(' '),
        )
      : null,
    rows: known.map(({ when, people, similar }) => ({ when, ...people, similar })),
    earnings: last && prospects ? earningsInWords({ t, locale }, prospects.earnings) : null,
  }
}

function earningsInWords({ t, locale }: Pick<Scene, 't' | 'locale'>, earnings: LikelyEarnings | null): string {
  if (!earnings) return t('matching.prospects.earnings_unknown')
  // Pay is told to the ten: what it rests on is no more exact, and no sum is anybody's own.
  const amount = new Intl.NumberFormat(/-X[AB]$/.test(locale) ? 'en' : locale, { maximumFractionDigits: 0 })
  const said = (cents: number) => amount.format(Math.round(cents / 1000) * 10)
  const { low, middle, high, middleLow, middleHigh, people } = earnings
  return t('matching.prospects.earnings', {
    ...{ low: said(low), high: said(high), middle: said(middle), people },
    ...{ least: said(middleLow), most: said(middleHigh) },
  })
}
