// What rules would reach, as the card has it: each rule's value, the tree, protected groups, and the dial.

import { chooseByWelfare, meanOf, rowValues, scoresAsItWas } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { capacityAsItWas } from '../policy/capacity.ts'
import { groupFigures } from '../policy/group-figures.ts'
import { policyNodes } from '../policy/policy-nodes.ts'
import { protectedGroups } from '../policy/protected-groups.ts'
import { welfarePoints } from '../policy/welfare-points.ts'
import type { CardView } from './card-view.ts'
import type { Card } from './card.ts'
import { finite } from './checks.ts'
import { classicChoices } from './classic-member.ts'
import type { Learned } from './learn-evidence.run.ts'
import { heldOutPolicy } from './policy-choices.ts'

/** Mean outcome if each rule chose for everyone. The best single service is the one of the largest average, the control where
 *  none gains. */
export function valuesOf(
  table: LearningTable,
  learned: Learned,
  { problem, sampling, scored, rows, chosen }: CardView,
): Card['values'] {
  const { model, prepared } = learned
  const { average } = model.stack
  const single = average.reduce((best, value, k) => (value > (best === 0 ? 0 : average[best - 1]!) ? k + 1 : best), 0)
  const tree = heldOutPolicy(prepared, learned, learned.scored.nuisances.fold)
  const classic = classicChoices(table, prepared, learned.scored.nuisances.fold)
  const valueOf = (rule: Card['values'][number]['rule'], rowsOfRule: Float64Array): Card['values'][number] => {
    const { estimate, se } = finite(meanOf(rowsOfRule, sampling))
    return { rule, value: estimate, se }
  }
  const by = (places: Uint8Array) => rowValues(scored.scores, rows, { chosen: places })
  const atRandom = new Float64Array(scored.scores.length).fill(1 / table.arms.length)
  return [
    valueOf('as_it_was', scoresAsItWas(problem)),
    valueOf('random', rowValues(scored.scores, rows, { shares: atRandom })),
    valueOf('best_single', by(new Uint8Array(rows).fill(single))),
    ...(classic === null ? [] : [valueOf('classic', by(classic))]),
    valueOf('engine', by(chosen)),
    ...(model.policy === null ? [] : [valueOf('policy_tree', by(tree))]),
  ]
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

/** Chances of a yes/no outcome stay chances: control's prediction plus held-out effect, within 0 and 1. Places as they were taken. */
export function welfareOf(
  table: LearningTable,
  { scored }: Learned,
  { rows, sampling, heldOut }: CardView,
): Card['welfare'] {
  const outcomes = scored.nuisances.outcome.slice()
  const isChance = table.outcome.kind === 'yes_no'
  for (let at = rows; at < outcomes.length; at++) {
    const predicted = outcomes[at % rows]! + heldOut[at - rows]!
    outcomes[at] = isChance ? Math.max(0, Math.min(1, predicted)) : predicted
  }
  const { places } = capacityAsItWas(table.arm, table.arms.length)
  const choices = chooseByWelfare({
    ...{ outcomes, scores: scored.scores, rows, isChance, places, cost: null },
    ...{ weight: sampling.weight ?? null, cluster: sampling.cluster ?? null },
  })
  return [...welfarePoints(choices, table.arms)]
}
