// What each service costs and how many places it has, as whoever plans says it: policy trees and the dial keep to it.

import { z } from 'zod'
import { ok, refused, type Result } from '#platform/result.ts'

export const termShape = z.object({
  arm: z.string().max(200),
  /** In the outcome's units a person: with 0.03, of a hundred who take it three must gain the outcome before it is worth it. */
  cost: z.number().nonnegative(),
  /** The largest share of the people who can have it; null: no limit was said. */
  capacity: z.number().min(0).max(1).nullable(),
})

/** Of one service; of others nothing was said. The control has no cost and no limit: nobody must take what they do not want. */
export type Term = z.output<typeof termShape>

/** By arm, in the order of the arms: cost 0 and capacity Infinity where nothing was said. */
export interface TermsByArm {
  readonly cost: Float64Array
  readonly capacity: Float64Array
}

/** Null where nothing was said. Throws where a term names the control or an arm that is not there. O(arms · terms). */
export function termsByArm(terms: readonly Term[], arms: readonly string[]): TermsByArm | null {
  if (terms.length === 0) return null
  const stranger = terms.find(({ arm }) => arms.indexOf(arm) < 1)
  if (stranger) throw new RangeError(`there is no service ${stranger.arm} to have terms`)
  const of = (arm: string) => terms.find((term) => term.arm === arm)
  return {
    cost: Float64Array.from(arms, (arm) => of(arm)?.cost ?? 0),
    capacity: Float64Array.from(arms, (arm) => of(arm)?.capacity ?? Infinity),
  }
}

export type TermProblem =
  | { readonly reason: 'no_pair'; readonly words: string }
  | { readonly reason: 'no_cost' | 'no_share' | 'twice' | 'control'; readonly arm: string }

/** Terms as they are typed: `language=0.03,mentoring=0.01`. A name may hold `=` and commas. Costs are 0 or more, capacities shares
 *  from 0 to 1. */
export function readTerms(
  typed: { readonly cost: string | undefined; readonly capacity: string | undefined },
  control: string,
): Result<readonly Term[], TermProblem & { readonly option: 'cost' | 'capacity' }> {
  const costs = readPairs(typed.cost, control)
  if (!costs.ok) return refused({ ...costs.problem, option: 'cost' })
  const places = readPairs(typed.capacity, control)
  if (!places.ok) return refused({ ...places.problem, option: 'capacity' })
  const over = [...places.value].find(([, share]) => share > 1)
  if (over) return refused({ reason: 'no_share', arm: over[0], option: 'capacity' })
  const arms = [...new Set([...costs.value.keys(), ...places.value.keys()])].sort()
  return ok(arms.map((arm) => ({ arm, cost: costs.value.get(arm) ?? 0, capacity: places.value.get(arm) ?? null })))
}

function readPairs(typed: string | undefined, control: string): Result<ReadonlyMap<string, number>, TermProblem> {
  const pairs = new Map<string, number>()
  let rest: string | null = (typed ?? '').trim() === '' ? null : (typed ?? '')
  while (rest !== null) {
    const pair = /^(.+?)=([^,=]*)(,|$)/s.exec(rest)
    const arm = pair?.[1]?.trim() ?? ''
    if (pair === null || arm === '') return refused({ reason: 'no_pair', words: rest.trim() })
    const number = pair[2]?.trim() ?? ''
    const value = Number(number)
    if (number === '' || !Number.isFinite(value) || value < 0) return refused({ reason: 'no_cost', arm })
    if (arm === control) return refused({ reason: 'control', arm })
    if (pairs.has(arm)) return refused({ reason: 'twice', arm })
    pairs.set(arm, value)
    rest = pair[3] === ',' ? rest.slice(pair[0].length) : null
  }
  return ok(pairs)
}
