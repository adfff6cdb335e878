// Rules side by side in words: one honest sentence, a table, a picture of each, the shares of groups.

import { textOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { rules, rulesByEstimate, type Rule } from '../allocation.ts'
import type { Allocation } from '../allocations.store.ts'
import { groupings, reasonsToLeaveOut, type Comparison, type GroupFigure, type RuleFigures } from '../comparison.ts'
import { bar } from '../bar.ts'
import { sumOf } from './ask.page.ts'

// messages: matching.allocation.rule.*
// messages: matching.allocation.rule_meaning.*
// messages: matching.allocation.left_out.*
// messages: referrals.figures.group.*
// messages: referrals.figures.by.*

interface Shown {
  readonly allocation: Allocation
  readonly madeBy: string
  readonly learnedAt: Date | null
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function allocationPage(scene: Scene, { allocation, madeBy, learnedAt, body, problems }: Shown) {
  const { question, comparison, state, id } = allocation
  return {
    title: scene.t('matching.allocation.compared_title'),
    ...{ state, problems: scene.problems(problems) },
    href: `/insights/allocation/${id}`,
    againHref: `/insights/allocation/new?type=${question.serviceTypes[0] ?? ''}`,
    services: question.services.map(({ id: service, name, organization, places }) => ({
      ...{ name, organization, href: `/services/${service}` },
      places: scene.t('matching.allocation.places_count', { places }),
    })),
    made: scene.t('matching.allocation.made', { name: madeBy, moment: scene.moment(allocation.madeAt) }),
    basis: [
      learnedAt
        ? scene.t('matching.allocation.by_model', { moment: scene.moment(learnedAt) })
        : scene.t('matching.allocation.no_model'),
      scene.t('matching.allocation.seed', { seed: String(question.seed) }),
    ],
    onlyChosen: question.onlyChosen,
    compared: comparison && comparedIn(scene, comparison, sumOf(question)),
    typedName: textOf(body, 'name'),
    rules: rules.map((rule) => ({
      value: rule,
      text: scene.t(`matching.allocation.rule.${rule}`),
      hint: { text: scene.t(`matching.allocation.rule_meaning.${rule}`, { aversion: question.aversion }) },
      checked: textOf(body, 'rule') === rule,
    })),
  }
}

function comparedIn(scene: Scene, comparison: Comparison, places: number) {
  const { figures, inQuestion, worseOff, leftOut } = comparison
  const hasGains = figures.some(({ added }) => added !== null)
  const most = Math.max(0, ...figures.map(({ added }) => added ?? 0))
  return {
    nobody: inQuestion === 0,
    sentence: sentenceOf(scene, comparison, places),
    doubt: hasGains ? scene.t('matching.allocation.doubt') : scene.t('matching.allocation.no_gains'),
    leftOut: reasonsToLeaveOut
      .filter((reason) => leftOut[reason] > 0)
      .map((reason) => scene.t(`matching.allocation.left_out.${reason}`, { count: leftOut[reason] })),
    anew:
      comparison.estimatedAnew > 0 ? scene.t('matching.allocation.anew', { count: comparison.estimatedAnew }) : null,
    without:
      hasGains && comparison.withoutEstimate > 0
        ? scene.t('matching.allocation.without_estimate', { count: comparison.withoutEstimate })
        : null,
    worseOff: worseOff === null ? null : scene.t('matching.allocation.worse_off_about', { count: worseOff }),
    rows: figures.map((figure) => rowOf(scene, figure, { most, worseOff })),
    groups: groupings.flatMap((grouping) => groupTable(scene, comparison.groups, grouping)),
  }
}

/** By gain and first come: what is at stake between them, in people. */
function sentenceOf(scene: Scene, { figures, inQuestion }: Comparison, places: number): string {
  const of = (rule: Rule) => figures.find((each) => each.rule === rule)
  const [gain, first] = [of('gain'), of('first_come')]
  if (inQuestion === 0) return scene.t('matching.allocation.nobody')
  if (gain?.added == null || first?.added == null)
    return scene.t('matching.allocation.sentence_places', { count: inQuestion, places })
  const worse = of('worse_off')
  return scene.t('matching.allocation.sentence', {
    ...{ count: inQuestion, places },
    ...{ gain: tenths(gain.added), first: tenths(first.added), worse: tenths(worse?.added ?? 0) },
  })
}

function rowOf(scene: Scene, figure: RuleFigures, { most, worseOff }: { most: number; worseOff: number | null }) {
  const { rule, placed, added, medianWait, longestLeft, medianMinutes, worseOffPlaced } = figure
  const days = (count: number | null) =>
    count === null ? scene.t('matching.allocation.none') : scene.t('matching.allocation.days', { days: count })
  const unknown = scene.t('matching.allocation.not_known')
  const words = added === null ? unknown : scene.t('matching.allocation.people', { people: tenths(added) })
  return {
    rule: scene.t(`matching.allocation.rule.${rule}`),
    isByEstimate: rulesByEstimate.includes(rule),
    placed: numberIn(scene, placed),
    added: words,
    chart: added === null ? null : bar({ value: Math.max(0, added), most, width: 90 }, words),
    wait: days(medianWait),
    left: days(longestLeft),
    travel: medianMinutes === null ? unknown : scene.t('matching.allocation.minutes', { minutes: medianMinutes }),
    worseOff:
      worseOffPlaced === null || worseOff === null
        ? unknown
        : scene.t('matching.allocation.of_worse_off', { placed: worseOffPlaced, all: worseOff }),
  }
}

/** One table a grouping: each value with how many are in question and how many have a place under each rule. */
function groupTable(scene: Scene, groups: readonly GroupFigure[], grouping: GroupFigure['grouping']) {
  const here = groups.filter((group) => group.grouping === grouping)
  const values = [...new Set(here.map(({ value }) => value))]
  if (values.length === 0) return []
  const shown = (count: number | null) =>
    count === null ? scene.t('referrals.figures.hidden') : numberIn(scene, count)
  return [
    {
      id: grouping,
      heading: scene.t(`referrals.figures.by.${grouping}`),
      heads: rules.map((rule) => scene.t(`matching.allocation.rule.${rule}`)),
      rows: values.map((value) => {
        const ofValue = here.filter((group) => group.value === value)
        const label =
          value === 'unknown'
            ? scene.t('referrals.figures.unknown')
            : value === 'the_rest'
              ? scene.t('matching.allocation.group_other')
              : scene.t(`referrals.figures.group.${grouping}_${value}`)
        return {
          label,
          inQuestion: shown(
            ofValue.every(({ inQuestion }) => inQuestion !== null) ? (ofValue[0]?.inQuestion ?? null) : null,
          ),
          placed: rules.map((rule) => shown(ofValue.find((group) => group.rule === rule)?.placed ?? null)),
        }
      }),
    },
  ]
}

function tenths(people: number): number {
  return Math.round(people * 10) / 10 || 0
}

function numberIn(scene: Scene, count: number): string {
  return scene.words.formatted(count.toLocaleString(scene.locale))
}
