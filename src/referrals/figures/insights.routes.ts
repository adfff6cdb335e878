// Insights into the loop: everyone's months, one value's, or a comparison by one thing; as a page and as a table to keep.

import { z } from 'zod'
import { csvTable } from '#platform/csv.ts'
import { file, page, redirect, type Routes, type Scene } from '#platform/http/index.ts'
import { breakdowns } from './count.ts'
import { figuresJob } from './figures.jobs.ts'
import {
  becomeFiguresReader,
  figuresOf,
  lastCount,
  valuesWithFigures,
  type FigureWish,
  type KeptFigure,
} from './figures.store.ts'
import { sectionsOf, type Line } from './pages/insights.page.ts'
import { cellsOf, monthsSince } from './sections.ts'
import {
  groupedValues,
  inOrder,
  monthName,
  monthsOf,
  namesOfValues,
  wishOf,
  type Asked,
  type NameOfValue,
} from './wish.scene.ts'

const text = z.string().max(80).catch('')
const options = {
  query: z.object({ by: text, of: text, month: text }),
  roles: ['manager', 'evaluator', 'administrator'],
} as const

// messages: referrals.figures.by.*

export function figuresRoutes(routes: Routes): void {
  routes.staff('GET', '/insights/referrals', options, async (scene, { query }) => {
    await becomeFiguresReader(scene)
    const count = await lastCount(scene.db)
    const nameOf = await namesOfValues(scene)
    const wish = wishOf(query)
    const figures = await figuresOf(scene.db, wish)
    const isCompared = wish.over === 'values'
    const lines =
      count === null
        ? []
        : isCompared
          ? await comparedLines(scene, { figures, wish, nameOf })
          : monthLines(scene, figures, monthsOf(count))
    return page('referrals/figures/pages/insights.njk', {
      title: scene.t('referrals.figures.title'),
      about: count === null ? '' : scene.t('referrals.figures.counted_at', { when: scene.moment(count.countedAt) }),
      filters: await filtersOf(scene, query, { nameOf, months: count === null ? [] : monthsOf(count) }),
      never: count === null,
      nothing: figures.length === 0,
      hasNoMonths: wish.over === 'months' && figures.some(({ measure }) => measure === 'note'),
      below: (count?.minimum ?? 1) - 1,
      lineHead: scene.t(isCompared ? `referrals.figures.by.${wish.breakdown}` : 'referrals.figures.month'),
      csvHref: `/insights/referrals.csv?${new URLSearchParams({ ...query }).toString()}`,
      sections: sectionsOf(scene, lines, isCompared),
    })
  })

  routes.staff('GET', '/insights/referrals.csv', options, async (scene, { query }) => {
    await becomeFiguresReader(scene)
    const nameOf = await namesOfValues(scene)
    const figures = await figuresOf(scene.db, wishOf(query))
    return file('referral-figures.csv', 'text/csv; charset=utf-8', csvOf(scene, figures, nameOf))
  })

  const counting = { roles: options.roles } as const
  routes.staff('POST', '/insights/referrals/count', counting, async (scene) => {
    await scene.enqueue(figuresJob, {}, { key: figuresJob })
    await scene.record('referrals.figures_asked')
    return redirect('/insights/referrals', scene.t('referrals.figures.counting'))
  })
}

/** All months first, then each, the latest on top; of few people all months together alone. */
function monthLines(scene: Scene, figures: readonly KeptFigure[], months: readonly string[]): readonly Line[] {
  const byMonth = Map.groupBy(figures, ({ month }) => month)
  const cells = (month: string | null) => cellsOf(byMonth.get(month) ?? [])
  const hasMonths = !figures.some(({ measure }) => measure === 'note')
  return [
    { label: scene.t('referrals.figures.all_months'), isContent: false, isAll: true, cells: cells(null) },
    ...(hasMonths ? monthsSince(figures, months) : []).map((month) => ({
      label: monthName(scene, month),
      isContent: false,
      isAll: false,
      cells: cells(month),
    })),
  ]
}

/** Everyone first, then each value by its name. */
async function comparedLines(
  scene: Scene,
  {
    figures,
    wish,
    nameOf,
  }: { figures: readonly KeptFigure[]; wish: FigureWish & { over: 'values' }; nameOf: NameOfValue },
): Promise<readonly Line[]> {
  const { breakdown, month } = wish
  const everyone = await figuresOf(scene.db, { over: 'months', breakdown: 'everyone', value: null })
  const values = [...Map.groupBy(figures, ({ value }) => value)].map(([value, here]) => ({
    ...{ breakdown, value, here },
    label: nameOf(breakdown, value, here[0]?.name ?? null),
  }))
  const all = cellsOf(everyone.filter((figure) => figure.month === month))
  const isContent = breakdown === 'site' || breakdown === 'partner'
  return [
    { label: scene.t('referrals.figures.everyone'), isContent: false, isAll: true, cells: all },
    ...inOrder(scene, values).map(({ label, here }) => ({ label, isContent, isAll: false, cells: cellsOf(here) })),
  ]
}

async function filtersOf(
  scene: Scene,
  asked: Asked,
  { nameOf, months }: { nameOf: NameOfValue; months: readonly string[] },
) {
  const groups = groupedValues(scene, await valuesWithFigures(scene.db), nameOf)
  const option = (name: keyof Asked, value: string, words: string) => ({
    value,
    text: words,
    isChosen: asked[name] === value,
  })
  return [
    {
      name: 'by',
      label: scene.t('referrals.figures.compare'),
      options: [
        option('by', '', scene.t('referrals.figures.months')),
        ...breakdowns.map((breakdown) => option('by', breakdown, scene.t(`referrals.figures.by.${breakdown}`))),
      ],
      groups: [],
    },
    {
      name: 'of',
      label: scene.t('referrals.figures.only'),
      options: [option('of', '', scene.t('referrals.figures.everyone'))],
      groups: groups.map(({ breakdown, values }) => ({
        label: scene.t(`referrals.figures.by.${breakdown}`),
        options: values.map(({ value, label }) => option('of', `${breakdown}:${value}`, label)),
      })),
    },
    {
      name: 'month',
      label: scene.t('referrals.figures.month'),
      options: [
        option('month', '', scene.t('referrals.figures.all_months')),
        ...months.map((month) => option('month', month, monthName(scene, month))),
      ],
      groups: [],
    },
  ]
}

// messages: referrals.figures.column.*

const columns = [
  'month',
  'by',
  'value',
  'measure',
  'category',
  'is_hidden',
  'count',
  'of',
  'median',
  'ninetieth',
] as const

/** Measures and categories by their codes, as docs/methods/referral-figures.md defines them; a hidden number is empty, and said to be hidden. */
function csvOf(scene: Scene, figures: readonly KeptFigure[], nameOf: NameOfValue): string {
  const yesNo = (is: boolean) => scene.t(is ? 'referrals.figures.yes' : 'referrals.figures.no')
  const rows = figures.map((figure) => [
    ...[figure.month ?? scene.t('referrals.figures.all_months'), scene.t(`referrals.figures.by.${figure.breakdown}`)],
    ...[nameOf(figure.breakdown, figure.value, figure.name), figure.measure, figure.category],
    yesNo(figure.category !== 'time' && figure.category !== 'no_months' && figure.numerator === null),
    ...[figure.numerator, figure.denominator, figure.median, figure.ninetieth],
  ])
  const sorted = rows.toSorted((a, b) => a.slice(0, 5).join(' ').localeCompare(b.slice(0, 5).join(' '), scene.locale))
  return csvTable(
    columns.map((column) => scene.t(`referrals.figures.column.${column}`)),
    sorted,
  )
}
