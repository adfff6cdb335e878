// One client's chances by the classic estimator. Protected facts are averaged over the network's past clients, so no
// estimate depends on the client's own (docs/methods/classic-estimator.md, "Protected facts").

import type { Facts } from '#directory/index.ts'
import { expit } from '#numerics/index.ts'
import { blockLength, type ClassicModel } from './classic.ts'
import { cellOf } from './columns.ts'
import { noService } from './episode.ts'
import { factNumbers } from './fact-table.ts'
import { countSimilar } from './similar.ts'

/** Shares of one. `gain` = chance with the type minus chance without any; `low` to `high` its 95 % interval. */
export interface Estimate {
  readonly type: string
  readonly chanceWith: number
  readonly chanceWithout: number
  readonly gain: number
  readonly low: number
  readonly high: number
  /** Similar past clients who took it, and who took nothing: counted by the classic model, an effective number of the engine's
   *  (docs/methods/similar-clients.md). null: said before there was a number. */
  readonly similar: number | null
  readonly similarWithout: number | null
}

/** The 95 % interval of how much more `type` adds than `other` for one person; shares of one. */
export interface Difference {
  readonly type: string
  readonly other: string
  readonly low: number
  readonly high: number
}

/** An estimate for each service type that has one, in the model's order. Empty when the model has too few episodes.
 *  Deterministic. O(draws · arms · (columns + points) + past clients · facts). */
export function estimateChances(model: ClassicModel, facts: Facts): readonly Estimate[] {
  return chancesAndDifferences(model, facts).estimates
}

/** The same, and how much more each type adds than each before it: by the same draws, so that what two types share is not
 *  counted twice. O(draws · (arms · (columns + points) + arms²) + past clients · facts). */
export function chancesAndDifferences(
  model: ClassicModel,
  facts: Facts,
): { readonly estimates: readonly Estimate[]; readonly differences: readonly Difference[] } {
  if (model.arms.length === 0) return { estimates: [], differences: [] }
  const numbers = factNumbers(model.facts, facts)
  const chances = chancesByDraw(model, rankingCells(model, numbers), model.draws)
  const similar = similarByArm(model, numbers)
  const arms = model.arms.length
  const moreThan = (arm: number, other: number) =>
    Float64Array.from({ length: model.draws }, (_, draw) => {
      return chances[(draw + 1) * arms + arm]! - chances[(draw + 1) * arms + other]!
    }).sort()
  const estimates = model.arms.flatMap((type, arm) => {
    if (type === noService) return []
    const gains = moreThan(arm, 0)
    const [chanceWith, chanceWithout] = [chances[arm]!, chances[0]!]
    return [
      {
        type,
        chanceWith,
        chanceWithout,
        gain: chanceWith - chanceWithout,
        low: quantile(gains, 0.025),
        high: quantile(gains, 0.975),
        similar: similar[arm]!,
        similarWithout: similar[0]!,
      },
    ]
  })
  const differences = model.arms.flatMap((type, arm) =>
    model.arms.slice(1, arm).map((other, at): Difference => {
      const apart = moreThan(arm, at + 1)
      return { type, other, low: quantile(apart, 0.025), high: quantile(apart, 0.975) }
    }),
  )
  return { estimates, differences }
}

/** A chance of one, its 95 % interval, and how many past clients of that arm were like this one. */
export interface ArmChance {
  readonly chance: number
  readonly low: number
  readonly high: number
  readonly similar: number
}

/** The chance in the model's first arm, which is no service wherever it was learned of; null where it has too few episodes. */
export function chanceInFirstArm(model: ClassicModel, facts: Facts): ArmChance | null {
  if (model.arms.length === 0) return null
  const numbers = factNumbers(model.facts, facts)
  const arms = model.arms.length
  const chances = chancesByDraw(model, rankingCells(model, numbers), model.draws)
  const drawn = Float64Array.from({ length: model.draws }, (_, draw) => chances[(draw + 1) * arms]!).sort()
  const similar = similarByArm(model, numbers)[0]!
  return { chance: chances[0]!, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975), similar }
}

function similarByArm(model: ClassicModel, numbers: Float64Array): Uint32Array {
  const places = new Map(model.facts.map(({ code }, place) => [code, place]))
  const compared = Float64Array.from(model.past.facts, ({ code }) => numbers[places.get(code)!]!)
  return countSimilar(model.past, compared, model.arms.length)
}

/** The estimated chance with each of `model.arms`, without intervals or similar clients: for comparisons of many people. */
export function plainChances(model: ClassicModel, facts: Facts): Float64Array {
  return chancesByDraw(model, rankingCells(model, factNumbers(model.facts, facts)), 0)
}

function rankingCells(model: ClassicModel, numbers: Float64Array): Float64Array {
  return Float64Array.from(model.columns, (column) =>
    cellOf(column, model.facts[column.fact]!.definition.kind, numbers[column.fact]!),
  )
}

/** Chances of each arm, the plain fit first, then `draws` draws. `cells`: a number a ranking column, NaN not known. */
function chancesByDraw(model: ClassicModel, cells: Float64Array, draws: number): Float64Array {
  const { numbers, points } = model
  const arms = model.arms.length
  const columns = cells.length
  const length = blockLength(model)
  const chances = new Float64Array((draws + 1) * arms)
  for (let block = 0; block <= draws; block++) {
    const from = block * length
    for (let arm = 0; arm < arms; arm++) {
      const at = from + columns + arm * (1 + columns + points)
      let log = numbers[at]!
      for (let j = 0; j < columns; j++) {
        const cell = cells[j]!
        log += numbers[at + 1 + j]! * (Number.isNaN(cell) ? numbers[from + j]! : cell)
      }
      let sum = 0
      for (let point = 0; point < points; point++) sum += expit(log + numbers[at + 1 + columns + point]!)
      chances[block * arms + arm] = sum / points
    }
  }
  return chances
}

/** By linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). Sorted, not empty. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!)
}
