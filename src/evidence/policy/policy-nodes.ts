// A learned tree in the names that people know: features, cut values and levels instead of columns and bins.

import type { BinnedColumn, PolicyTree } from '#numerics/index.ts'
import type { Feature } from '../dataset/learning-table.ts'
import type { Card } from '../engine/card.ts'

type PolicyNode = NonNullable<Card['policyTree']>['nodes'][number]

/**
 * The tree's nodes as the card has them, in the tree's order. features and columns: by the place that the tree's columns
 * name. arms: by number. A number's cut is the highest value that goes left; an ordered feature's the place of that level.
 * Throws where the tree names a feature, an arm or a cut that is not there.
 */
export function policyNodes(
  tree: PolicyTree,
  features: readonly Pick<Feature, 'name' | 'kind' | 'levels'>[],
  columns: readonly BinnedColumn[],
  arms: readonly string[],
): readonly PolicyNode[] {
  return Array.from(tree.column, (place, at): PolicyNode => {
    const reached = { rows: tree.rows[at] ?? 0, value: tree.value[at] ?? null }
    if (place < 0) {
      const arm = arms[tree.arm[at] ?? -1]
      if (arm === undefined) throw new RangeError('the tree chooses an arm that is not there')
      const nothing = { feature: null, cut: null, levels: null, missingGoesLeft: false, left: null, right: null }
      return { arm, ...nothing, ...reached }
    }
    const feature = features[place]
    const column = columns[place]
    if (!feature || !column) throw new RangeError('the tree asks a feature that is not there')
    return {
      arm: null,
      feature: feature.name,
      ...cutInWords(tree.cut[at] ?? 0, tree.isLevel[at] === 1, feature.levels, column),
      missingGoesLeft: tree.missingLeft[at] === 1,
      left: tree.left[at] ?? null,
      right: tree.right[at] ?? null,
      ...reached,
    }
  })
}

function cutInWords(
  bin: number,
  isLevel: boolean,
  levels: readonly string[],
  column: BinnedColumn,
): Pick<PolicyNode, 'cut' | 'levels'> {
  const label = isLevel ? levels[bin] : undefined
  const cut = isLevel ? undefined : column.edges[bin]
  if (label === undefined && cut === undefined) throw new RangeError('the tree cuts where the feature has no value')
  return { cut: cut ?? null, levels: label === undefined ? null : [label] }
}
