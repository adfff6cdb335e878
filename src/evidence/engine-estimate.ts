// One client's chances by the engine's model, in the form in which the classic estimator gives them.

import type { Facts } from '#directory/index.ts'
import type { Difference, Estimate } from './classic-estimate.ts'
import type { FactReader } from './dataset/fact-features.ts'
import { placeOfPair } from './engine/doubt.ts'
import type { EngineModel } from './engine/model.ts'
import { nearestFacts, type NearestFact } from './engine/nearest-facts.ts'
import { predictPerson } from './engine/predict-person.ts'

export interface EngineEstimates {
  readonly estimates: readonly Estimate[]
  /** Service types that the model knows, and that nobody like this client took: nothing is said of them. */
  readonly unsupported: readonly string[]
  /** What the past clients nearest to this one have in common; empty where no group can be named. */
  readonly nearest: readonly NearestFact[]
  /** Of each pair of types with support. */
  readonly differences: readonly Difference[]
}

/** An estimate for each service type with support, in the model's order. Chances are kept within 0 and 1; the gain is the
 *  model's effect as it is. Deterministic; no protected fact has a say. */
export function engineEstimates(
  { model, reader }: { readonly model: EngineModel; readonly reader: FactReader },
  facts: Facts,
): EngineEstimates {
  const cells = reader.read(facts)
  const { tau, lo, hi, apart, support, without, similar } = predictPerson(model, cells)
  const chanceWithout = share(without)
  const types = model.arms.slice(1)
  return {
    estimates: types.flatMap((type, k) => {
      if (support[k] !== 1) return []
      const [gain, low, high] = [tau[k]!, lo[k]!, hi[k]!]
      const counted = { similar: Math.round(similar[k + 1]!), similarWithout: Math.round(similar[0]!) }
      return [{ type, chanceWith: share(chanceWithout + gain), chanceWithout, gain, low, high, ...counted }]
    }),
    unsupported: types.filter((_, k) => support[k] !== 1),
    nearest: nearestFacts(model, cells),
    differences: types.flatMap((type, k) =>
      types.slice(0, k).flatMap((other, l) => {
        if (support[k] !== 1 || support[l] !== 1) return []
        const [gain, half] = [tau[k]! - tau[l]!, apart[placeOfPair(k, l)]!]
        return [{ type, other, low: gain - half, high: gain + half }]
      }),
    ),
  }
}

function share(value: number): number {
  return Math.max(0, Math.min(1, value))
}
