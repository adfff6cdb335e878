// What would come of whole rules: beside simple ones, read aloud as a tree, with priority to the worse off, and by group.

import type { Card } from '../engine/card.ts'
import { intervalChart, plotChart, scaleOf } from './charts.ts'
import { numeric, type Cell, type Section } from './section.page.ts'
import {
  armInWords,
  countInWords,
  featureInWords,
  isYesNo,
  levelInWords,
  plainInWords,
  shareInWords,
  valueInWords,
  type Reader,
} from './words.page.ts'

// messages: evidence.rule.*
// messages: evidence.values.*
// messages: evidence.terms.cost_*

export function valuesSection({ values, outcome, terms }: Card, reader: Reader): Section | null {
  if (values.length === 0) return null
  const { t } = reader
  const kind = outcome.kind
  const said = (rule: Card['values'][number]['rule']) => values.find((each) => each.rule === rule)
  const [engine, single, before] = [said('engine'), said('best_single'), said('as_it_was')]
  const ends = values.map(({ value, se }) => ({ value, low: value - 1.96 * se, high: value + 1.96 * se }))
  const scale = scaleOf(ends.flatMap(({ low, high }) => [low, high]))
  return {
    id: 'values',
    heading: t('evidence.values.heading'),
    sentence:
      engine && single && before
        ? t(`evidence.values.sentence_${kind}`, {
            engine: valueInWords(engine.value, kind, reader),
            single: valueInWords(single.value, kind, reader),
            before: valueInWords(before.value, kind, reader),
          })
        : t('evidence.values.partial'),
    meaning: t('evidence.values.meaning'),
    figures: [],
    table: {
      heads: [
        { text: t('evidence.values.rule') },
        { text: t(`evidence.values.head_${kind}`), isNumeric: true },
        { text: t('evidence.error'), isNumeric: true },
        ...(terms.length === 0
          ? []
          : [
              { text: t('evidence.values.cost'), isNumeric: true },
              { text: t('evidence.values.net'), isNumeric: true },
              { text: t('evidence.values.within') },
            ]),
        { text: '' },
      ],
      rows: values.map(({ rule, value, se, cost, isWithinPlaces }, at) => {
        const head = t(`evidence.rule.${rule}`)
        const words = valueInWords(value, kind, reader)
        const label = t('evidence.values.picture', { rule: head, value: words })
        return {
          head,
          cells: [
            ...[numeric(words), numeric(errorInWords(se, kind, reader))],
            ...(terms.length === 0 ? [] : costCells({ value, cost, isWithinPlaces }, kind, reader)),
            { text: '', chart: intervalChart(ends[at]!, scale, label) },
          ],
        }
      }),
    },
  }
}

function costCells(
  { value, cost, isWithinPlaces }: Pick<Card['values'][number], 'value' | 'cost' | 'isWithinPlaces'>,
  kind: Card['outcome']['kind'],
  reader: Reader,
): readonly Cell[] {
  const within =
    isWithinPlaces === null ? '' : reader.t(`evidence.values.${isWithinPlaces ? 'within_yes' : 'within_no'}`)
  return [
    numeric(errorInWords(cost ?? 0, kind, reader)),
    numeric(valueInWords(value - (cost ?? 0), kind, reader)),
    { text: within },
  ]
}

/** What services were said to cost and how many can have them; null where nothing was. */
export function termsSection({ terms, outcome }: Card, reader: Reader): Section | null {
  if (terms.length === 0) return null
  const { t } = reader
  return {
    ...{ id: 'terms', heading: t('evidence.terms.heading'), figures: [] },
    sentence: t('evidence.terms.sentence', { count: terms.length }),
    meaning: t('evidence.terms.meaning'),
    table: {
      heads: [
        { text: t('evidence.service') },
        { text: t(`evidence.terms.cost_${outcome.kind}`), isNumeric: true },
        { text: t('evidence.terms.places'), isNumeric: true },
      ],
      rows: terms.map(({ arm, cost, capacity }) => ({
        head: armInWords(arm, reader),
        cells: [
          numeric(errorInWords(cost, outcome.kind, reader)),
          numeric(capacity === null ? t('evidence.terms.not_said') : plainInWords(capacity * 100, 1, reader)),
        ],
      })),
    },
  }
}

/** A rule to read aloud: a question with what to do when it is so and when not, or the service to offer. */
export interface TreeLine {
  readonly text: string
  readonly below: readonly TreeLine[]
}

export interface ShownTree {
  readonly about: string
  readonly lines: readonly TreeLine[]
}

export function treeInWords({ policyTree, features, terms }: Card, reader: Reader): ShownTree | null {
  if (!policyTree || policyTree.nodes.length === 0) return null
  const { depth, isExact, nodes } = policyTree
  return {
    about: [
      reader.t(isExact ? 'evidence.tree.exact' : 'evidence.tree.heuristic', { depth }),
      ...(terms.length > 0 ? [reader.t('evidence.tree.with_terms')] : []),
    ].join(' '),
    lines: linesFrom({ nodes, features, reader }, 0),
  }
}

type PolicyNode = NonNullable<Card['policyTree']>['nodes'][number]

interface ReadTree {
  readonly nodes: readonly PolicyNode[]
  readonly features: Card['features']
  readonly reader: Reader
}

/** A tree of the depths that are learned is at most a few calls deep; a node that points back would be no tree. */
function linesFrom(tree: ReadTree, at: number): readonly TreeLine[] {
  const node = tree.nodes[at]
  if (!node) return []
  const { reader } = tree
  const { t } = reader
  if (node.arm !== null || node.feature === null || node.left === null || node.right === null) {
    const service = armInWords(node.arm ?? '', reader)
    return [{ text: t('evidence.tree.leaf', { service, count: node.rows }), below: [] }]
  }
  if (node.left <= at || node.right <= at) throw new Error('The policy tree of the card points back.')
  return [
    { text: questionOf(node, tree), below: linesFrom(tree, node.left) },
    { text: t('evidence.tree.otherwise'), below: linesFrom(tree, node.right) },
  ]
}

// messages: evidence.tree.*

function questionOf(node: PolicyNode, { features, reader }: ReadTree): string {
  const name = node.feature ?? ''
  const missing = node.missingGoesLeft ? '_or_unknown' : ''
  const feature = featureInWords(name, reader)
  if (node.levels === null && isYesNo(name)) return reader.t(`evidence.tree.no${missing}`, { feature })
  if (node.levels === null) {
    const cut = cutInWords(node, features, reader)
    return reader.t(`evidence.tree.at_most${missing}`, { feature, cut })
  }
  const list = new Intl.ListFormat(/-X[AB]$/.test(reader.locale) ? 'en' : reader.locale, { type: 'disjunction' })
  const levels = reader.words.formatted(list.format(node.levels.map((level) => levelInWords(name, level, reader))))
  return reader.t(`evidence.tree.is${missing}`, { feature, levels })
}

/** A number, or of ordered levels the last that goes left. */
function cutInWords({ feature, cut }: PolicyNode, features: Card['features'], reader: Reader): string {
  const known = features.find(({ name }) => name === feature)
  const level = known?.kind === 'ordered' ? known.levels[cut ?? 0] : undefined
  if (level !== undefined) return levelInWords(feature ?? '', level, reader)
  return plainInWords(cut ?? 0, Number.isInteger(cut ?? 0) ? 0 : 1, reader)
}

/** What priority to the worse off costs, point for point. */
export function welfareSection({ welfare, outcome }: Card, reader: Reader): Section | null {
  const [sum, ...others] = welfare
  const last = others.at(-1)
  if (!sum || !last) return null
  const { t } = reader
  const kind = outcome.kind
  const times = kind === 'yes_no' ? 100 : 1
  const caption = t(`evidence.welfare.caption_${kind}`)
  const points = welfare.map(({ value, worseOffValue, worseOffSe }) => ({
    ...{ x: value, value: worseOffValue },
    ...{ low: worseOffValue - 1.96 * worseOffSe, high: worseOffValue + 1.96 * worseOffSe },
  }))
  const ordered = points.toSorted((a, b) => a.x - b.x)
  return {
    id: 'welfare',
    heading: t('evidence.welfare.heading'),
    sentence: t(`evidence.welfare.sentence_${kind}`, {
      from: valueInWords(sum.value, kind, reader),
      to: valueInWords(last.value, kind, reader),
      worseFrom: valueInWords(sum.worseOffValue, kind, reader),
      worseTo: valueInWords(last.worseOffValue, kind, reader),
    }),
    meaning: t('evidence.welfare.meaning'),
    figures: [{ caption, chart: plotChart(ordered, { label: caption, times: { x: times, y: times } }) }],
    table: {
      heads: [
        { text: t('evidence.welfare.aversion') },
        { text: t(`evidence.welfare.everyone_${kind}`), isNumeric: true },
        { text: t('evidence.error'), isNumeric: true },
        { text: t(`evidence.welfare.worse_off_${kind}`), isNumeric: true },
        { text: t('evidence.error'), isNumeric: true },
      ],
      rows: welfare.map(({ aversion, value, se, worseOffValue, worseOffSe }) => ({
        head: aversion === null ? t('evidence.welfare.worst_off') : plainInWords(aversion, 1, reader),
        cells: [
          ...[numeric(valueInWords(value, kind, reader)), numeric(errorInWords(se, kind, reader))],
          ...[numeric(valueInWords(worseOffValue, kind, reader)), numeric(errorInWords(worseOffSe, kind, reader))],
        ],
      })),
    },
  }
}

// messages: evidence.welfare.*

export function groupsSection({ groups, groupsLeftOut, outcome }: Card, reader: Reader): Section | null {
  if (groups.length === 0 && groupsLeftOut === 0) return null
  const { t } = reader
  const shown = (figure: Card['groups'][number]['engine']) =>
    numeric(figure === null ? t('evidence.groups.hidden') : valueInWords(figure.estimate, outcome.kind, reader))
  const offers = ({ allocation }: Card['groups'][number]) =>
    allocation.length === 0
      ? t('evidence.groups.hidden')
      : allocation
          .toSorted((a, b) => b.share - a.share)
          .slice(0, mostOffered)
          .map(({ arm, share }) =>
            t('evidence.groups.offer', { service: armInWords(arm, reader), share: shareInWords(share, reader) }),
          )
          .join(' · ')
  return {
    id: 'groups',
    heading: t('evidence.groups.heading'),
    sentence: t('evidence.groups.sentence', {
      shown: groups.filter(({ engine }) => engine !== null).length,
      hidden: groups.filter(({ engine }) => engine === null).length + groupsLeftOut,
    }),
    meaning: t('evidence.groups.meaning'),
    figures: [],
    table: {
      heads: [
        { text: t('evidence.groups.group') },
        { text: t('evidence.episodes'), isNumeric: true },
        { text: t(`evidence.groups.before_${outcome.kind}`), isNumeric: true },
        { text: t(`evidence.groups.engine_${outcome.kind}`), isNumeric: true },
        { text: t('evidence.groups.offers') },
      ],
      rows: groups.map((group) => ({
        head: groupInWords(group, reader),
        cells: [
          numeric(group.engine === null ? t('evidence.groups.hidden') : countInWords(group.rows, reader)),
          ...[shown(group.asItWas), shown(group.engine)],
          { text: offers(group) },
        ],
      })),
    },
  }
}

/** So many of a group's services are named; the card has them all. */
const mostOffered = 3

/** `sex: Female`, or of several facts each in turn. */
function groupInWords({ feature, group }: Card['groups'][number], reader: Reader): string {
  const levels = group.split(both)
  return feature
    .split(both)
    .map((name, at) => {
      const level = levelInWords(name, levels[at] ?? '', reader)
      return reader.t('evidence.groups.name', { feature: featureInWords(name, reader), group: level })
    })
    .join(', ')
}

/** How a card joins facts that are looked at together. */
const both = ' × '

// messages: evidence.groups.*

function errorInWords(se: number, kind: Card['outcome']['kind'], reader: Reader): string {
  return kind === 'yes_no' ? plainInWords(se * 100, 1, reader) : valueInWords(se, kind, reader)
}
