// How often the first suggestion is taken, in words: one honest sentence, tables by month, kind, site and reason.

import { isServiceType, serviceTypeKey } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { bar } from '../../allocation/bar.ts'
import { choiceReasons } from '../../choice.ts'
import { fewestAdvisers, rareReasons, type Breakdown, type ChoiceFigure } from '../choices.ts'
import type { ChoiceCount } from '../choices.store.ts'
import { monthInWords } from '../month.ts'

// messages: matching.reason.*

interface Counted {
  readonly count: ChoiceCount | null
  readonly figures: readonly ChoiceFigure[]
  readonly sites: ReadonlyMap<string, string>
}

export function figuresPage(scene: Scene, { count, figures, sites }: Counted) {
  const of = (breakdown: Breakdown, measure: ChoiceFigure['measure']) =>
    figures.filter((figure) => figure.breakdown === breakdown && figure.measure === measure)
  const taken = of('everyone', 'taken')
  const whole = linesOf(
    taken.filter(({ month }) => month === null),
    () => '',
  )[0]
  return {
    title: scene.t('matching.choices.figures_title'),
    counted: count && scene.t('matching.choices.counted_at', { when: scene.moment(count.countedAt) }),
    never: count === null,
    nothing: figures.length === 0,
    tooFew: scene.t('matching.choices.too_few', { advisers: fewestAdvisers }),
    below: (count?.minimum ?? 1) - 1,
    sentence:
      whole?.total == null
        ? scene.t('matching.choices.sentence_hidden')
        : whole.first === null
          ? scene.t('matching.choices.sentence_few', { all: whole.total, below: count?.minimum ?? 1 })
          : scene.t('matching.choices.sentence', { first: whole.first, all: whole.total }),
    tables: [
      {
        id: 'months',
        heading: scene.t('matching.choices.by_month'),
        isContent: false,
        rows: shownLines(
          scene,
          linesOf(
            taken.filter(({ month }) => month !== null),
            ({ month }) => month ?? '',
          )
            .toSorted((a, b) => (a.value < b.value ? 1 : -1))
            .map((line) => ({ ...line, label: monthInWords(scene.words, line.value) })),
        ),
      },
      {
        id: 'kinds',
        heading: scene.t('matching.choices.by_kind'),
        isContent: false,
        rows: shownLines(
          scene,
          byName(scene, linesOf(of('service_type', 'taken'), valueOf), (type) => kindIn(scene, type)),
        ),
      },
      {
        id: 'sites',
        heading: scene.t('matching.choices.by_site'),
        isContent: true,
        rows: shownLines(
          scene,
          byName(scene, linesOf(of('site', 'taken'), valueOf), (id) => sites.get(id) ?? ''),
        ),
      },
    ].filter(({ rows }) => rows.length > 0),
    hasFewerTables: figures.length > 0 && of('service_type', 'taken').length === 0,
    reasons: reasonsOf(scene, of('everyone', 'reason'), of('service_type', 'reason')),
  }
}

interface Line {
  readonly value: string
  readonly first: number | null
  readonly another: number | null
  readonly total: number | null
}

function linesOf(figures: readonly ChoiceFigure[], of: (figure: ChoiceFigure) => string): readonly Line[] {
  return [...Map.groupBy(figures, of)].map(([value, here]) => {
    const count = (category: string) => here.find((figure) => figure.category === category)?.count ?? null
    return { value, first: count('first'), another: count('another'), total: count('total') }
  })
}

const valueOf = ({ value }: ChoiceFigure): string => value ?? ''

function byName(scene: Scene, lines: readonly Line[], nameOf: (value: string) => string) {
  return lines
    .map((line) => ({ ...line, label: nameOf(line.value) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, scene.locale))
}

function shownLines(scene: Scene, lines: readonly (Line & { readonly label: string })[]) {
  return lines.map(({ label, first, another, total }) => ({
    label,
    first: countIn(scene, first),
    another: countIn(scene, another),
    total: countIn(scene, total),
    chart:
      first === null || total === null || total === 0
        ? null
        : bar({ value: first, most: total }, scene.t('matching.choices.chart', { first, all: total })),
  }))
}

/** Rows: reasons in the order in which they are offered, those too rare last; columns: everyone, then each kind that stands by
 *  itself. */
function reasonsOf(scene: Scene, everyone: readonly ChoiceFigure[], kinds: readonly ChoiceFigure[]) {
  if (everyone.length === 0) return null
  const types = [...new Set(kinds.map(valueOf))]
    .map((type) => ({ type, label: kindIn(scene, type) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, scene.locale))
  const cell = (figures: readonly ChoiceFigure[], category: string) =>
    countIn(scene, figures.find((figure) => figure.category === category)?.count ?? null)
  const told = [...choiceReasons, rareReasons].filter((reason) => everyone.some(({ category }) => category === reason))
  return {
    heads: [scene.t('matching.choices.everyone'), ...types.map(({ label }) => label)],
    rows: told.map((reason) => ({
      label: scene.t(reason === rareReasons ? 'matching.choices.rare_reasons' : `matching.reason.${reason}`),
      counts: [
        cell(everyone, reason),
        ...types.map(({ type }) =>
          cell(
            kinds.filter((figure) => figure.value === type),
            reason,
          ),
        ),
      ],
    })),
  }
}

function kindIn(scene: Scene, type: string): string {
  return scene.t(serviceTypeKey(isServiceType(type) ? type : null))
}

function countIn(scene: Scene, count: number | null): string {
  return count === null ? scene.t('matching.choices.hidden') : scene.words.formatted(count.toLocaleString(scene.locale))
}
