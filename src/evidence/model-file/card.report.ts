// The card of a learned model for a terminal: what it found, whether it may be believed, and what it was made of.

import type { Card } from '../engine/card.ts'
import { verdictOf, type CheckVerdict } from '../engine/check-verdict.ts'

type Line = readonly string[]

/** The card in lines of text, the one sentence that matters first. Effects on a yes/no outcome are people of a hundred. */
export function reportCard(card: Card): string[] {
  const units = unitsOf(card)
  return [
    verdict(card, units),
    ...section('Limits', limitLines(card)),
    ...section('Data', dataLines(card)),
    ...section(`Average effects against ${card.control}, ${units.words}`, effectLines(card.averages, units)),
    ...section('The same for those who took it', effectLines(card.treated, units)),
    ...section('Checks on held-out data', checkLines(card)),
    ...section('Learned with these costs and places', termLines(card, units)),
    ...section(`Value of a rule for everyone: mean ${card.outcome.name}, ${units.words}`, valueLines(card, units)),
    ...section('Policy tree', treeLines(card, units)),
    ...section('Weight of each method beside the average', memberLines(card)),
    ...section('Intervals of single people', intervalLines(card, units)),
    ...section('How strong an unrecorded reason would have to be', sensitivityLines(card)),
    ...section('Cost', [
      `${card.seconds.toFixed(1)} seconds, ${card.cpuSeconds.toFixed(1)} of the processor, ${Math.round(card.peakMiB)} MiB at most, ${card.threads} threads, seed ${card.seed}.`,
    ]),
  ]
}

interface Units {
  readonly words: string
  /** A value or effect without sign, as people read it. */
  plain(value: number): string
  /** An effect with its sign. */
  effect(value: number): string
}

function unitsOf({ outcome }: Card): Units {
  const plain = (value: number) =>
    outcome.kind === 'yes_no' ? (100 * value).toFixed(1) : String(Number(value.toPrecision(4)))
  return {
    words: outcome.kind === 'yes_no' ? 'people of a hundred' : `in the units of ${outcome.name}`,
    plain,
    effect: (value) => `${value > 0 ? '+' : ''}${plain(value)}`,
  }
}

/** What a reader needs who reads one line: the clearest average, and whether more than averages can be believed. */
function verdict({ averages, data, treatment, control, outcome, usedForRanking }: Card, units: Units): string {
  const [best] = averages.filter(({ low }) => low > 0).sort((a, b) => b.estimate - a.estimate)
  const found = best
    ? `on average ${best.arm} has the highest estimate, ${units.effect(best.estimate)} ${units.words} (95 % interval ${units.effect(best.low)} to ${units.effect(best.high)})`
    : `no ${treatment} is better than ${control} on average beyond what chance explains`
  const ranking = usedForRanking
    ? 'the checks hold, so the model may rank what helps whom'
    : 'the model may not rank, so everyone is shown the averages'
  return `From ${whole(data.rows)} past episodes and ${outcome.name}: ${found}; ${ranking}.`
}

const limitWords: Readonly<Record<Card['limits'][number], string>> = {
  few_rows: 'There are few episodes: hardly more than averages can be learned from them.',
  weak_overlap: 'Some took a service whose like hardly ever took another: for them nothing can be compared.',
  no_variation: 'The outcome hardly varies.',
  arm_too_small: 'A service was taken too rarely to learn of it.',
  checks_failed:
    'On held-out data, differences between people were not shown or the predictions were off: the model is not used for ranking.',
  no_known_propensities: 'Who took what was not drawn by lot: an unrecorded reason may stand behind every effect.',
}

function limitLines({ limits }: Card): string[] {
  return limits.map((code) => limitWords[code])
}

function dataLines(card: Card): string[] {
  const { data, features, arms, control } = card
  const isProtected = features.filter((feature) => feature.isProtected).map(({ name }) => name)
  const span = data.from && data.to ? `, from ${data.from} to ${data.to}` : ''
  return [
    `${whole(data.rows)} rows, ${whole(data.refused)} refused${span}${data.clusters === null ? '' : `, ${whole(data.clusters)} clusters`}.`,
    `${features.length} features; protected, so never ranked by: ${isProtected.join(', ') || 'none'}.`,
    ...aligned([
      [card.treatment, 'rows', 'outcome known', 'mean', 'lowest chance of it', 'people it has support for'],
      ...arms.map(({ arm, rows, outcomeKnown, meanOutcome, lowestPropensity, supportedShare }) => [
        arm === control ? `${arm} (control)` : arm,
        ...[whole(rows), whole(outcomeKnown), meanOutcome === null ? '-' : unitsOf(card).plain(meanOutcome)],
        ...[percent(lowestPropensity, 1), percent(supportedShare)],
      ]),
    ]),
  ]
}

function effectLines(effects: Card['averages'], units: Units): string[] {
  return aligned([
    ['', 'effect', 's.e.', '95 % interval'],
    ...effects.map(({ arm, estimate, se, low, high }) => [
      ...[arm, units.effect(estimate), units.plain(se)],
      `${units.effect(low)} to ${units.effect(high)}`,
    ]),
  ])
}

const checkWords: Readonly<Record<Card['checks'][number]['name'], string>> = {
  mean_forest_prediction: 'the predicted average is right (1 is exact)',
  differential_prediction: 'predicted differences are real (1 is exact, 0 is none)',
  rate: 'those predicted to gain most gain more than the rest',
  overlap: 'people who took it have their like among the others',
  better_than_averages: 'choosing by the model beats one choice for all',
}

const verdictWords: Readonly<Record<CheckVerdict, string>> = {
  shown: 'shown',
  not_shown: 'not shown',
  contradicted: 'contradicted',
}

function checkLines({ checks }: Card): string[] {
  if (checks.length === 0) return []
  return [
    ...aligned([
      ['what should hold', 'of', 'estimate', 's.e.', 'p', ''],
      ...checks.map((check) => [
        ...[checkWords[check.name], check.arm ?? 'all', figure(check.estimate), figure(check.se)],
        ...[check.p === null ? '-' : check.p < 0.001 ? '< 0.001' : check.p.toFixed(3), verdictWords[verdictOf(check)]],
      ]),
    ]),
    'p: how often chance alone would show as much. Not shown: these data cannot tell. Contradicted: they speak against it.',
  ]
}

const ruleWords: Readonly<Record<Card['values'][number]['rule'], string>> = {
  as_it_was: 'as it was',
  random: 'by chance',
  best_single: 'the best single one for all',
  classic: 'by the classic estimator',
  engine: 'by this model',
  policy_tree: 'by the policy tree',
}

function termLines({ terms, control }: Card, units: Units): string[] {
  if (terms.length === 0) return []
  return [
    ...aligned([
      ['', 'cost a person', 'places for'],
      ...terms.map(({ arm, cost, capacity }) => [
        arm,
        units.plain(cost),
        capacity === null ? 'not said' : `${percent(capacity, 1)} of the people`,
      ]),
    ]),
    `Costs in ${units.words}. The policy tree and the dial keep to them; ${control} costs nothing and has no limit, and where no places were said the dial goes by how many took it.`,
  ]
}

function valueLines({ values, terms }: Card, units: Units): string[] {
  if (values.length === 0) return []
  const hasTerms = terms.length > 0
  const within = (holds: boolean | null) => (holds === null ? '-' : holds ? 'yes' : 'no')
  return aligned([
    ['rule', 'value', 's.e.', ...(hasTerms ? ['cost', 'less cost', 'within the places'] : [])],
    ...values.map(({ rule, value, se, cost, isWithinPlaces }) => [
      ...[ruleWords[rule], units.plain(value), units.plain(se)],
      ...(hasTerms ? [units.plain(cost ?? 0), units.plain(value - (cost ?? 0)), within(isWithinPlaces)] : []),
    ]),
  ])
}

type Tree = NonNullable<Card['policyTree']>

function treeLines({ policyTree, features, control, terms }: Card, units: Units): string[] {
  if (!policyTree) return []
  const levelsOf = new Map(features.map(({ name, kind, levels }) => [name, kind === 'number' ? [] : levels]))
  return [
    policyTree.isExact
      ? `The best of all trees of depth ${policyTree.depth}.`
      : `A tree of depth ${policyTree.depth} found by a stated short cut.`,
    `Beside each choice, whom it is for and what it adds against ${control}${terms.length > 0 ? ', less what it costs' : ''}, ${units.words}.`,
    ...branchLines(policyTree, 0, { levelsOf, units, depth: 0 }),
  ]
}

interface BranchContext {
  readonly levelsOf: ReadonlyMap<string, readonly string[]>
  readonly units: Units
  readonly depth: number
}

function branchLines(tree: Tree, place: number, context: BranchContext): string[] {
  const { levelsOf, units, depth } = context
  const node = tree.nodes[place]
  // A card whose tree points outside itself, or in a ring, is told as far as it goes.
  if (!node || depth > tree.nodes.length) return []
  const indent = '  '.repeat(depth)
  if (node.arm !== null || node.feature === null) {
    const value = node.value === null ? '' : `, ${units.effect(node.value)}`
    return [`${indent}${node.arm ?? '-'} (${whole(node.rows)} people${value})`]
  }
  const below = { ...context, depth: depth + 1 }
  const missing = node.missingGoesLeft ? ', or it is not known' : ''
  return [
    `${indent}If ${node.feature} is ${leftWords(node, levelsOf.get(node.feature) ?? [])}${missing}:`,
    ...branchLines(tree, node.left ?? -1, below),
    `${indent}Otherwise:`,
    ...branchLines(tree, node.right ?? -1, below),
  ]
}

function leftWords({ levels, cut }: Tree['nodes'][number], ordered: readonly string[]): string {
  if (levels) return levels.join(' or ')
  const level = cut === null ? undefined : ordered[Math.floor(cut)]
  return level !== undefined ? `${level} or less` : `at most ${cut === null ? '?' : Number(cut.toPrecision(6))}`
}

/** Names of methods as people read them; one that is not here is told as it is. */
const memberWords: ReadonlyMap<string, string> = new Map([
  ['alike', 'regression, services alike in what moves them'],
  ['by_fact', 'regression, each fact by itself'],
  ['by_fact_and_service', 'regression, each fact and service by itself'],
  ['free', 'regression, free'],
  ['boosting', 'boosted trees'],
  ['forest', 'causal forest'],
])

function memberLines({ members }: Card): string[] {
  const names = [...new Set(members.map(({ member }) => member))]
  const arms = [...new Set(members.map(({ arm }) => arm))]
  if (names.length === 0) return []
  const weightOf = (arm: string, member: string) =>
    members.find((each) => each.arm === arm && each.member === member)?.weight
  return [
    ...aligned([
      ['method', ...arms],
      ...names.map((name) => [
        memberWords.get(name) ?? name.replaceAll('_', ' '),
        ...arms.map((arm) => {
          const weight = weightOf(arm, name)
          return weight === undefined ? '-' : percent(weight)
        }),
      ]),
    ]),
    'How much of what each method says of differences between people is believed; what is left is the average.',
  ]
}

function intervalLines({ intervals }: Card, units: Units): string[] {
  if (intervals.length === 0) return []
  return [
    ...aligned([
      ['', 'mean width', 'stretched by', 'held the truth in trials'],
      ...intervals.map(({ arm, meanWidth, factor, semiSyntheticCoverage }) => [
        ...[arm, units.plain(meanWidth), `× ${factor.toFixed(2)}`],
        semiSyntheticCoverage === null ? '-' : percent(semiSyntheticCoverage),
      ]),
    ]),
    'Set so that groups of people fall inside as often as they should; of one person that can never be observed.',
  ]
}

function sensitivityLines({ sensitivity }: Card): string[] {
  if (sensitivity.length === 0) return []
  const odds = (gamma: number | null) => (gamma === null ? '-' : `× ${gamma.toFixed(2)}`)
  return aligned([
    ['odds of taking it would have to change by', 'for the interval to reach 0', 'for the estimate to be 0'],
    ...sensitivity.map(({ arm, gammaPoint, gammaInterval }) => [arm, odds(gammaInterval), odds(gammaPoint)]),
  ])
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
}

/** Columns of words, the first to the left, the others to the right. */
function aligned(lines: readonly Line[]): string[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  return lines.map((line) =>
    widths
      .map((width, at) => (at === 0 ? (line[at] ?? '').padEnd(width) : (line[at] ?? '').padStart(width)))
      .join('  ')
      .trimEnd(),
  )
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en-GB')
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}
