// What rules would reach, as the card has it: each rule's value, the tree, protected groups, and the dial.

import { chooseByWelfare, meanOf, rowValues, scoresAsItWas } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { placesWithin } from '../policy/capacity.ts'
import { groupFigures } from '../policy/group-figures.ts'
import { policyNodes } from '../policy/policy-nodes.ts'
import { termsByArm } from '../policy/terms.ts'
import { protectedGroups } from '../policy/protected-groups.ts'
import { welfarePoints } from '../policy/welfare-points.ts'
import type { CardView } from './card-view.ts'
import type { Card } from './card.ts'
import { finite } from './checks.ts'
import { classicChoices } from './classic-member.ts'
import type { Learned } from './learn-evidence.run.ts'
import { heldOutPolicy } from './policy-choices.ts'

/** Mean outcome if each rule chose for everyone, with what it costs and whether the places hold, where these were said. The best single service is the one of the largest average, the control where
 *  none gains. */
export function valuesOf(
  table: LearningTable,
  learned: Learned,
  { problem, sampling, scored, rows, chosen }: CardView,
): Card['values'] {
  const { model, prepared } = learned
  const { average } = model.stack
  const single = average.reduce((best, value, k) => (value > (best === 0 ? 0 : average[best - 1]!) ? k + 1 : best), 0)
  const terms = termsByArm(learned.terms, table.arms)
  const tree = heldOutPolicy(prepared, { ...learned, terms }, learned.scored.nuisances.fold)
  const classic = classicChoices(table, prepared, learned.scored.nuisances.fold)
  type Rule = Card['values'][number]['rule']
  const arms = table.arms.length
  const valueOf = (rule: Rule, rowsOfRule: Float64Array, shares: Float64Array): Card['values'][number] => {
    const { estimate, se } = finite(meanOf(rowsOfRule, sampling))
    const cost = terms?.cost.reduce((sum, each, arm) => sum + each * shares[arm]!, 0) ?? null
    // A tree is held to the places where it is learned; beyond a hundredth it is over on others too.
    const isWithinPlaces = terms?.capacity.every((most, arm) => shares[arm]! <= most + slack) ?? null
    return { rule, value: estimate, se, cost, isWithinPlaces }
  }
  const by = (rule: Rule, places: Uint8Array) =>
    valueOf(rule, rowValues(scored.scores, rows, { chosen: places }), sharesOf(places, arms, sampling.weight))
  const each = new Float64Array(arms).fill(1 / arms)
  const atRandom = new Float64Array(scored.scores.length).fill(1 / arms)
  return [
    valueOf('as_it_was', scoresAsItWas(problem), sharesOf(table.arm, arms, sampling.weight)),
    valueOf('random', rowValues(scored.scores, rows, { shares: atRandom }), each),
    by('best_single', new Uint8Array(rows).fill(single)),
    ...(classic === null ? [] : [by('classic', classic)]),
    by('engine', chosen),
    ...(model.policy === null ? [] : [by('policy_tree', tree)]),
  ]
}

const slack = 0.01

function sharesOf(chosen: Uint8Array, arms: number, weight: Float64Array | null | undefined): Float64Array {
  const shares = new Float64Array(arms)
  let all = 0
  chosen.forEach((arm, i) => {
    const w = weight?.[i] ?? 1
    shares[arm]! += w
    all += w
  })
  return shares.map((sum) => sum / all)
}

export function treeOf(table: LearningTable, { model, prepared }: Learned): Card['policyTree'] {
  if (model.policy === null) return null
  const ranking = table.features.filter(({ isProtected }) => !isProtected)
  const { depth, isExact } = model.policy
  return { depth, isExact, nodes: [...policyNodes(model.policy, ranking, prepared.ranking.columns, table.arms)] }
}

export function groupsOf(
  table: LearningTable,
  { problem, sampling, scored, rows, chosen }: CardView,
): Pick<Card, 'groups' | 'groupsLeftOut'> {
  const { groups, leftOut } = groupFigures(protectedGroups(table.features), {
    ...sampling,
    ...{
      asItWas: scoresAsItWas(problem),
      engine: rowValues(scored.scores, rows, { chosen }),
      chosen,
      arms: table.arms,
    },
  })
  return { groups: [...groups], groupsLeftOut: leftOut }
}

/** Chances of a yes/no outcome stay chances: control's prediction plus held-out effect, within 0 and 1. Places as they were taken, but
 *  where others were said. */
export function welfareOf(
  table: LearningTable,
  { scored, terms: said }: Learned,
  { rows, sampling, heldOut }: CardView,
): Card['welfare'] {
  const outcomes = scored.nuisances.outcome.slice()
  const isChance = table.outcome.kind === 'yes_no'
  for (let at = rows; at < outcomes.length; at++) {
    const predicted = outcomes[at % rows]! + heldOut[at - rows]!
    outcomes[at] = isChance ? Math.max(0, Math.min(1, predicted)) : predicted
  }
  const terms = termsByArm(said, table.arms)
  const places = placesWithin(table.arm, table.arms.length, terms?.capacity ?? null)
  const choices = chooseByWelfare({
    ...{ outcomes, scores: scored.scores, rows, isChance, places, cost: terms?.cost ?? null },
    ...{ weight: sampling.weight ?? null, cluster: sampling.cluster ?? null },
  })
  return [...welfarePoints(choices, table.arms)]
}
